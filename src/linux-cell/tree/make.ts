import { DeviceTree } from '../../fdt';
import { readGic } from '../../config/create/gic';
import { addConsole } from './console';
import { addCpus } from './cpus';
import { addGic, GIC_PHANDLE } from './gic';
import { addVirtualPci } from './virtual-pci';
import type { CellConfig, SystemConfig } from '../../abi/jailhouse';

export interface MadeTree {
  readonly tree: DeviceTree;
  /** What a person should know of it, a line each. */
  readonly notes: readonly string[];
}

/**
 * A device tree for Linux in a cell, from what the board's own tree says: the cell's CPUs, GIC, timer, PSCI, a UART that
 * the cell has, and the virtual PCI host. `fitTree` adds memory and command line. Other devices of the cell need clocks,
 * pins and power, which only a tree written for the board can describe.
 *
 * @param board the tree that Linux in the root cell uses
 * @param system what Jailhouse was enabled with, for the virtual PCI host; without it there is none
 * @throws LinuxCellError `E_LINUX_TREE` when the board's tree lacks one of the cell's CPUs; CellvisorError `E_CREATE_GIC`
 */
export function makeLinuxTree(board: DeviceTree, cell: CellConfig, system: SystemConfig | undefined): MadeTree {
  const gic = readGic(board);
  const tree = new DeviceTree();
  const { root } = tree;
  root
    .set('model', `Jailhouse cell ${cell.name} on ${board.root.string('model') ?? 'a board'}`)
    .set('compatible', 'jailhouse,cell')
    .set('#address-cells', 2)
    .set('#size-cells', 2)
    .set('interrupt-parent', GIC_PHANDLE);
  root.add('chosen');
  addCpus(root, board, cell);
  // Jailhouse answers PSCI by SMC, whatever the firmware is called by (jailhouse-hypervisor reference 13.4).
  root.add('psci').set('compatible', ['arm,psci-1.0', 'arm,psci-0.2']).set('method', 'smc');
  addGic(root, gic);
  root.add('timer').set('compatible', 'arm,armv8-timer').set('interrupts', timerInterrupts());
  const notes = [addConsole(tree, board, gic, cell)];
  if (cell.pciDevices.length > 0) notes.push(addVirtualPci(root, cell, system));
  return { tree, notes: notes.filter((note) => note !== undefined) };
}

/** Secure physical, physical, virtual, hypervisor: the PPIs of every Armv8 core (Arm Base System Architecture, 3.8). */
const TIMER_PPIS = [13, 14, 11, 10];
const PPI = 1;
const ALL_CPUS_LEVEL_LOW = 0xf08;

function timerInterrupts(): number[] {
  return TIMER_PPIS.flatMap((ppi) => [PPI, ppi, ALL_CPUS_LEVEL_LOW]);
}
