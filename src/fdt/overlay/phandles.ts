import { FdtError } from '../fdt-error';
import { MAX_PHANDLE } from '../format';
import type { DeviceTreeNode } from '../node';
import type { DeviceTree } from '../tree';

/**
 * Moves the overlay's phandles behind the base's, except those of nodes that are merged into a node that has one: these
 * get that one. Returns what a reference to an old phandle has to become.
 * Throws `FdtError` (`E_FDT_PHANDLE`).
 */
export function newPhandles(
  overlay: DeviceTree,
  maxOfBase: number,
  merged: Iterable<readonly [overlay: DeviceTreeNode, base: DeviceTreeNode]>,
): (phandle: number) => number {
  const kept = new Map<number, number>();
  for (const [node, target] of merged) {
    if (node.phandle !== undefined && target.phandle !== undefined) kept.set(node.phandle, target.phandle);
  }
  const replace = (phandle: number) => kept.get(phandle) ?? (phandle + maxOfBase) % 2 ** 32;
  for (const node of overlay.nodes()) {
    for (const name of ['phandle', 'linux,phandle']) {
      const phandle = node.u32(name);
      if (phandle === undefined) continue;
      if (!kept.has(phandle) && phandle + maxOfBase > MAX_PHANDLE) {
        throw new FdtError(`there is no phandle left for ${node.path}: the base tree uses up to ${maxOfBase}`, {
          code: 'E_FDT_PHANDLE',
          operation: 'apply overlay',
        });
      }
      node.set(name, replace(phandle));
    }
  }
  return replace;
}
