import { applySymbolFixups, patchLocalReferences } from './fixups';
import { fragmentsOf, targetOf } from './fragments';
import { newPhandles } from './phandles';
import { mergeSymbols } from './symbols';
import type { DeviceTreeNode } from '../node';
import type { DeviceTree } from '../tree';
import type { Fragment } from './fragments';

/**
 * Applies an overlay to a base tree, and gives the result as a new tree; both stay as they are.
 *
 * Agrees with Debian 12's `fdtoverlay`, also in the order of nodes and properties: new ones come first, the last of the
 * overlay in front. One thing differs on purpose. When an overlay's node is merged into a node that has a phandle already,
 * `fdtoverlay` 1.6.1 overwrites it, and other nodes' references lead nowhere; here the base's phandle stays, and the
 * overlay's references to the node use it.
 *
 * Throws `FdtError`: `E_FDT_OVERLAY_SYMBOL` for a label that the base does not have, `E_FDT_OVERLAY_TARGET` for a fragment
 * that has no target there, `E_FDT_OVERLAY_FIXUP` for fixups that do not fit the overlay, `E_FDT_PHANDLE` when phandles run
 * out, `E_FDT_DEPTH` when the result is too deep.
 */
export function applyOverlay(base: DeviceTree, overlay: DeviceTree): DeviceTree {
  const result = base.clone();
  const patched = overlay.clone();
  for (const node of patched.nodes()) {
    // Bytes of its own: a clone shares them, and fixups write to them.
    for (const { name, value } of node.properties) node.set(name, value);
  }
  // References by label come first, because they give the targets.
  applySymbolFixups(result, patched);
  const fragments = fragmentsOf(patched);
  const renumbered = newPhandles(patched, result.maxPhandle, pairsOf(result, fragments));
  patchLocalReferences(patched, renumbered);
  for (const fragment of fragments) mergeNode(targetOf(result, fragment), fragment.content);
  mergeSymbols(result, patched, fragments);
  return result;
}

/** Nodes of the overlay with the nodes of the base that they are merged into, as far as these are there yet. */
function* pairsOf(
  base: DeviceTree,
  fragments: readonly Fragment[],
): Generator<readonly [DeviceTreeNode, DeviceTreeNode]> {
  for (const fragment of fragments) {
    const isInBase = fragment.node.has('target') || base.find(fragment.node.string('target-path') ?? '/') !== undefined;
    if (isInBase) yield* pairsBelow(fragment.content, targetOf(base, fragment));
  }
}

function* pairsBelow(
  content: DeviceTreeNode,
  target: DeviceTreeNode,
): Generator<readonly [DeviceTreeNode, DeviceTreeNode]> {
  yield [content, target];
  for (const child of content.children) {
    const existing = target.child(child.name);
    if (existing) yield* pairsBelow(child, existing);
  }
}

function mergeNode(target: DeviceTreeNode, content: DeviceTreeNode): void {
  const { propertyCount, childCount } = target;
  for (const { name, value } of content.properties) target.set(name, value);
  for (const child of content.children) mergeNode(target.child(child.name) ?? target.add(child.name), child);
  target.moveNewToFront(propertyCount, childCount);
}
