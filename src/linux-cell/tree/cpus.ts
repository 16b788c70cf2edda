import { cpusOf } from '../../abi/jailhouse';
import { LinuxCellError } from '../linux-error';
import type { CellConfig } from '../../abi/jailhouse';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';

const COPIED = ['device_type', 'compatible', 'reg'];

/** The cell's CPUs, as the board's tree has them. Throws LinuxCellError `E_LINUX_TREE`. */
export function addCpus(root: DeviceTreeNode, board: DeviceTree, cell: CellConfig): void {
  const all = board.find('/cpus');
  const nodes = [...(all?.children ?? [])].filter((node) => node.string('device_type') === 'cpu');
  const cpus = root.add('cpus');
  cpus.set('#address-cells', all?.property('#address-cells')?.u32() ?? 1).set('#size-cells', 0);
  for (const number of cpusOf(cell.cpuSet)) {
    const node = nodes[number];
    if (!node) {
      throw new LinuxCellError(
        'E_LINUX_TREE',
        `the board's device tree has no CPU ${number}, which cell "${cell.name}" is to have`,
        'give a device tree for the cell: -d',
      );
    }
    const copy = cpus.add(node.name);
    for (const name of COPIED) {
      const property = node.property(name);
      if (property) copy.set(name, property.value);
    }
    copy.set('enable-method', 'psci');
  }
}
