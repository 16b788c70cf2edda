import { FdtError } from '../fdt-error';
import type { DeviceTreeNode } from '../node';
import type { DeviceTree } from '../tree';

/** A child of the overlay's root that brings something: `__overlay__`, its content. */
export interface Fragment {
  readonly node: DeviceTreeNode;
  readonly content: DeviceTreeNode;
}

/** Other children of the root, such as `__symbols__`, are no fragments. */
export function fragmentsOf(overlay: DeviceTree): Fragment[] {
  return [...overlay.root.children].flatMap((node) => {
    const content = node.exactChild('__overlay__');
    return content ? [{ node, content }] : [];
  });
}

/** What the fragment is merged into. Throws `FdtError` (`E_FDT_OVERLAY_TARGET`). */
export function targetOf(base: DeviceTree, { node }: Fragment): DeviceTreeNode {
  const phandle = node.u32('target');
  if (phandle !== undefined && phandle !== 0) {
    const target = base.byPhandle(phandle);
    if (!target) throw noTarget(node, `phandle 0x${phandle.toString(16)}, and no node of the base tree has it`);
    return target;
  }
  const path = node.string('target-path');
  if (path === undefined) throw noTarget(node, 'nothing: it has no target and no target-path');
  const target = base.find(path);
  if (!target) throw noTarget(node, `${path}, which the base tree does not have`);
  return target;
}

function noTarget(fragment: DeviceTreeNode, target: string): FdtError {
  return new FdtError(`the overlay's ${fragment.name} targets ${target}`, {
    code: 'E_FDT_OVERLAY_TARGET',
    operation: 'apply overlay',
  });
}
