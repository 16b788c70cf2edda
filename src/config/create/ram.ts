import { cpuRegions } from '../../fdt';
import { cannot } from './create-error';
import { merge } from './ranges';
import type { MemoryRange, ReservedMemory } from '../../boards';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';

/**
 * RAM as the boot loader, or who wrote the tree, describes it.
 *
 * @throws CellvisorError `E_CREATE_RAM`
 */
export function readRam(tree: DeviceTree): MemoryRange[] {
  const nodes = [...tree.root.children].filter((node) => node.string('device_type') === 'memory');
  const ram = merge(nodes.flatMap(rangesOf));
  if (ram.length === 0) {
    throw cannot('E_CREATE_RAM', 'the device tree has no RAM', 'give it with --ram START+SIZE');
  }
  return ram;
}

/** Reserved memory at fixed addresses, whether Linux may map it or not: nothing of ours can be there. */
export function readReserved(tree: DeviceTree): ReservedMemory[] {
  const nodes = [...(tree.find('/reserved-memory')?.children ?? [])].filter((node) => node.isOkay);
  return nodes.flatMap((node) => rangesOf(node).map((range) => ({ name: node.baseName, ...range })));
}

function rangesOf(node: DeviceTreeNode): MemoryRange[] {
  return cpuRegions(node)
    .filter(({ sizeBytes }) => sizeBytes > 0n)
    .map(({ address, sizeBytes }) => ({ physStart: address, sizeBytes }));
}
