import { KernelError } from '../../../errors';
import { MIDR_CORTEX_A57, MIDR_CORTEX_A72 } from '../../../boards/board-description';
import type { BoardDescription } from '../../../boards';
import type { Machine } from '../../machine';
import type { Release } from '../../releases';
import type { KernelLog } from './kernel-log';

const GICR_FRAME_BYTES = 0x2_0000n;
const AFFINITY_MASK = 0xff_00ff_ffffn;

/** Linux's CPU hotplug: which CPUs run Linux, and what is logged when one goes or comes (jailhouse-abi reference 1.8). */
export class CpuHotplug {
  private readonly onlineSet: Set<number>;
  /** PSCI calls enter the hypervisor while there is one. */
  isVirtualized = false;

  constructor(
    private readonly board: BoardDescription,
    private readonly release: Release,
    private readonly machine: Machine,
    private readonly log: KernelLog,
  ) {
    this.onlineSet = new Set(this.possible);
  }

  get possible(): number[] {
    return this.board.cpus.map((_, index) => index);
  }

  get online(): number[] {
    return [...this.onlineSet].sort((a, b) => a - b);
  }

  isOnline(cpu: number): boolean {
    return this.onlineSet.has(cpu);
  }

  /** The CPU that runs what has no reason to run elsewhere. A CPU that the hypervisor parked runs nothing any more. */
  get current(): number {
    const working = this.online.filter((cpu) => this.machine.cpuState(cpu) !== 'failed');
    return working[0] ?? (this.online[0] as number);
  }

  /** @throws KernelError EBUSY for the last CPU */
  takeOffline(cpu: number): void {
    if (this.onlineSet.size === 1) {
      throw new KernelError('cpu_down', 'EBUSY');
    }
    this.onlineSet.delete(cpu);
    // CPU_OFF by the CPU itself, and AFFINITY_INFO by another that waits for it to be off.
    this.countPsci(cpu);
    this.countPsci(this.current);
    this.log.print(`CPU${cpu}: shutdown`, 'notice');
    this.log.print(this.release.linux.cpuKilled(cpu));
  }

  bringOnline(cpu: number): void {
    const description = this.board.cpus[cpu];
    if (!description) {
      throw new KernelError('cpu_up', 'EINVAL');
    }
    this.countPsci(this.current);
    this.onlineSet.add(cpu);
    const { mpidr, midr } = description;
    const frame = this.board.gic.gicrBase + GICR_FRAME_BYTES * BigInt(cpu);
    const redistributor = (mpidr & AFFINITY_MASK).toString(16);
    this.log.print(`Detected ${instructionCachePolicy(midr)} I-cache on CPU${cpu}`);
    this.log.print(
      `GICv3: CPU${cpu}: found redistributor ${redistributor} region 0:0x${frame.toString(16).padStart(16, '0')}`,
    );
    this.log.print(this.release.linux.cpuBooted(cpu, mpidr, midr));
  }

  private countPsci(cpu: number): void {
    if (this.isVirtualized) {
      this.machine.countRootExit(cpu, 'psci');
    }
  }
}

function instructionCachePolicy(midr: bigint): 'VIPT' | 'PIPT' {
  return midr === MIDR_CORTEX_A57 || midr === MIDR_CORTEX_A72 ? 'PIPT' : 'VIPT';
}
