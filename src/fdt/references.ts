import { cellCount } from './addresses';
import { FdtError } from './fdt-error';
import type { DeviceTreeNode } from './node';
import type { Property } from './property';
import type { DeviceTree } from './tree';

/** A phandle with its arguments, such as one entry of `clocks`, `gpios` or `interrupts-extended`. */
export interface Reference {
  readonly node: DeviceTreeNode;
  readonly cells: readonly number[];
}

/**
 * A list of phandles, each followed by as many cells as the node it names wants: `references(tree, node, 'clocks',
 * '#clock-cells')`. A phandle of 0 is an entry left out, and given as `undefined`.
 * Throws `FdtError` (`E_FDT_PHANDLE`, `E_FDT_VALUE`).
 */
export function references(
  tree: DeviceTree,
  node: DeviceTreeNode,
  name: string,
  cellsName: string,
): (Reference | undefined)[] {
  const property = node.property(name);
  const cells = property?.u32s() ?? [];
  const found: (Reference | undefined)[] = [];
  for (let position = 0; property && position < cells.length;) {
    const phandle = cells[position++] as number;
    if (phandle === 0) {
      found.push(undefined);
      continue;
    }
    const target = byPhandle(tree, phandle, property);
    const end = position + cellCount(target, cellsName, 0);
    if (end > cells.length) throw property.misfit(`as many cells as ${target.path}:${cellsName} says`);
    found.push({ node: target, cells: cells.slice(position, end) });
    position = end;
  }
  return found;
}

/** The node that a phandle in `property` names. Throws `FdtError` (`E_FDT_PHANDLE`). */
export function byPhandle(tree: DeviceTree, phandle: number, property: Property): DeviceTreeNode {
  const node = tree.byPhandle(phandle);
  if (!node) {
    throw new FdtError(`${property.path} refers to phandle 0x${phandle.toString(16)}, which no node has`, {
      code: 'E_FDT_PHANDLE',
      operation: 'follow phandle',
      offset: property.source?.offset,
    });
  }
  return node;
}
