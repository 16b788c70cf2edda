import { randomUUID } from 'node:crypto';
import { CpuHotplug } from './cpu-hotplug';
import { InterruptTable } from './interrupts';
import { KernelLog } from './kernel-log';
import { MemoryMap } from './memory-map';
import type { BoardDescription } from '../../../boards';
import type { Machine } from '../../machine';
import type { Release } from '../../releases';

/** What the drivers of a board have in common: the machine they run on, and the parts of Linux that they use. */
export class Linux {
  /** Another one after each start. */
  readonly bootId = randomUUID();
  readonly log: KernelLog;
  readonly cpus: CpuHotplug;
  readonly interrupts: InterruptTable;
  readonly memoryMap: MemoryMap;

  constructor(
    readonly machine: Machine,
    readonly board: BoardDescription,
    readonly release: Release,
  ) {
    this.log = new KernelLog(() => machine.nowNs());
    this.log.print('CPU: All CPU(s) started at EL2');
    this.cpus = new CpuHotplug(board, release, machine, this.log);
    this.interrupts = new InterruptTable(board.firstPciIrq);
    this.memoryMap = new MemoryMap(board);
  }
}
