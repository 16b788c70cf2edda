import { cpuRegions, interrupts } from '../../fdt';
import { cannot } from './create-error';
import type { MemoryRange } from '../../boards';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';

export interface Gic {
  readonly version: 2 | 3;
  readonly distributor: bigint;
  /** GICv3. */
  readonly redistributors?: bigint;
  /** GICv2: CPU interface, and the two halves of its virtualisation. */
  readonly cpuInterface?: bigint;
  readonly virtualControl?: bigint;
  readonly virtualCpuInterface?: bigint;
  /** Number of the PPI, from 0. */
  readonly maintenancePpi: number;
  /** Registers that the hypervisor keeps to itself and shows each cell its own version of. */
  readonly intercepted: readonly MemoryRange[];
  readonly node: DeviceTreeNode;
}

/** First of a GIC's three interrupt cells (the kernel's binding arm,gic-v3). */
export const SPI_CELL = 0;
const PPI_CELL = 1;

const V3 = ['arm,gic-v3'];
const V2 = ['arm,gic-400', 'arm,cortex-a15-gic', 'arm,cortex-a9-gic'];

/** @throws CellvisorError `E_CREATE_GIC` */
export function readGic(tree: DeviceTree): Gic {
  const [v3] = tree.compatible(...V3);
  const [v2] = tree.compatible(...V2);
  const node = v3 ?? v2;
  if (!node) {
    throw cannot('E_CREATE_GIC', 'the device tree has no GIC of version 2 or 3', 'Jailhouse drives no other');
  }
  const maintenancePpi = maintenanceOf(tree, node);
  const frames = cpuRegions(node).map(({ address, sizeBytes }) => ({ physStart: address, sizeBytes }));
  const [distributor, second, third, fourth] = frames;
  if (node === v3 && distributor && second) {
    const intercepted = [distributor, second];
    return {
      version: 3,
      distributor: distributor.physStart,
      redistributors: second.physStart,
      maintenancePpi,
      intercepted,
      node,
    };
  }
  if (node === v2 && distributor && second && third && fourth) {
    return {
      version: 2,
      distributor: distributor.physStart,
      cpuInterface: second.physStart,
      virtualControl: third.physStart,
      virtualCpuInterface: fourth.physStart,
      maintenancePpi,
      intercepted: [distributor, second, third, fourth],
      node,
    };
  }
  throw cannot('E_CREATE_GIC', `${node.path} has ${frames.length} register frames, too few for its kind`);
}

function maintenanceOf(tree: DeviceTree, node: DeviceTreeNode): number {
  const [type, number] = interrupts(tree, node)[0]?.cells ?? [];
  if (type !== PPI_CELL || number === undefined) {
    throw cannot(
      'E_CREATE_GIC',
      `${node.path} has no maintenance interrupt`,
      'without it, the GIC has no virtualisation',
    );
  }
  return number;
}
