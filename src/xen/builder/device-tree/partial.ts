import { parse } from '../../../fdt';
import { CellvisorError } from '../../../errors';
import { BuildError } from '../build-error';
import type { DeviceTree } from '../../../fdt';

/** From here on phandles are the toolstack's own (xen-abi reference 10). */
const FIRST_OWN_PHANDLE = 64_999;

/**
 * The tree of `device_tree`, checked before anything is created.
 * @throws BuildError `E_XEN_IMAGE` with the file, and the offset of what is wrong
 */
export function readPartialTree(bytes: Uint8Array, file: string): DeviceTree {
  let tree: DeviceTree;
  try {
    tree = parse(bytes);
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    throw new BuildError('E_XEN_IMAGE', `${file}: ${error.message}`, 'device_tree names a compiled device tree', error);
  }
  const passthrough = tree.root.child('passthrough');
  if (!passthrough) {
    const hint = 'a partial device tree has the nodes of the guest below /passthrough';
    throw new BuildError('E_XEN_IMAGE', `${file}: the device tree has no node /passthrough`, hint);
  }
  for (const node of tree.nodes()) {
    const { phandle } = node;
    if (phandle !== undefined && phandle >= FIRST_OWN_PHANDLE && phandle !== 0xfde8) {
      const hint = `phandles from ${FIRST_OWN_PHANDLE} on belong to the nodes that are added`;
      throw new BuildError('E_XEN_IMAGE', `${file}: ${node.path} has the phandle ${phandle}`, hint);
    }
  }
  return tree;
}

/** Copies what a guest gets of a partial tree: /passthrough and /aliases, of NXP's also /reserved-memory. */
export function addPartialTree(
  tree: DeviceTree,
  { tree: partial }: { readonly tree: DeviceTree },
  isNxp: boolean,
): void {
  for (const name of ['passthrough', 'aliases', ...(isNxp ? ['reserved-memory'] : [])]) {
    const node = partial.root.child(name);
    if (node) tree.root.attach(node.clone());
  }
}
