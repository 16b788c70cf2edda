import { createCell } from './create-cell';
import { destroyCell } from './destroy-cell';
import { prepareDisable } from './disable';
import { enable, takeMachine } from './enable';
import { cpuInfo, hypervisorInfo, publishInfo, stateName } from './info';
import { setLoadable } from './set-loadable';
import { startCell } from './start-cell';
import { rootCellOf } from './state';
import type { CellStateName } from '../../abi/jailhouse';
import type { CreateRequest } from './create-cell';
import type { EnableRequest } from './enable';
import type { HypervisorState } from './state';

/**
 * The hypervisor as its root cell sees it: one method a hypercall. Each of them counts as an exit of the CPU that makes
 * it; changes to the partitioning also interrupt the root cell's other CPUs. Failures throw KernelError with the errno
 * that the hypercall returns.
 */
export class Hypervisor {
  private constructor(private readonly state: HypervisorState) {}

  /**
   * Gives the machine to the hypervisor, so that there is a console. Whatever comes then, the caller must disable the machine
   * in the end.
   *
   * @param tell gets the reason when the emulator cannot do what the config asks for
   * @throws KernelError EINVAL, with the machine as it was
   */
  static takeMachine(request: EnableRequest, tell: (line: string) => void): void {
    takeMachine(request, tell);
  }

  /**
   * All online CPUs enter the hypervisor, after `takeMachine`.
   *
   * @throws KernelError ENOMEM, EINVAL, ENODEV
   */
  static enter(request: EnableRequest): Hypervisor {
    const state = enable(request);
    publishInfo(state);
    return new Hypervisor(state);
  }

  async createCell(request: CreateRequest, signal: AbortSignal): Promise<void> {
    this.countManagement(request.callingCpu);
    await createCell(this.state, request, signal);
  }

  async setLoadable(id: number, callingCpu: number, signal: AbortSignal): Promise<void> {
    await this.manage(callingCpu, () => setLoadable(this.state, id, signal));
  }

  async startCell(id: number, callingCpu: number, signal: AbortSignal): Promise<void> {
    await this.manage(callingCpu, () => startCell(this.state, id, signal));
  }

  async destroyCell(id: number, callingCpu: number, signal: AbortSignal): Promise<void> {
    await this.manage(callingCpu, () => destroyCell(this.state, id, signal));
  }

  /**
   * The root cell's CPUs leave the hypervisor. The machine stays enabled until the caller has read the console.
   *
   * @throws KernelError EBUSY
   */
  leave(): void {
    for (const cpu of rootCellOf(this.state).cpus) {
      this.state.machine.countRootExit(cpu, 'hypercall');
    }
    prepareDisable(this.state);
  }

  /** HYPERVISOR_GET_INFO. @param type INFO_* */
  info(type: number, callingCpu: number): number {
    this.state.machine.countRootExit(callingCpu, 'hypercall');
    return hypervisorInfo(this.state)[type] as number;
  }

  /** CELL_GET_STATE, as sysfs names it; a failing hypercall is `invalid` there. */
  cellState(id: number, callingCpu: number): CellStateName {
    this.state.machine.countRootExit(callingCpu, 'hypercall');
    return stateName(this.state, id);
  }

  /** CPU_GET_INFO. @throws KernelError EINVAL */
  cpuInfo(cpu: number, type: number, callingCpu: number): number {
    this.state.machine.countRootExit(callingCpu, 'hypercall');
    return cpuInfo(this.state, cpu, type);
  }

  /** For whoever watches the board from outside: no hypercall, so nothing is counted. States are those of sysfs. */
  describeCells(): { readonly id: number; readonly name: string; readonly state: CellStateName }[] {
    return this.state.cells.map((cell) => ({
      id: cell.id,
      name: cell.config.name,
      state: stateName(this.state, cell.id),
    }));
  }

  /** As describeCells: for whoever debugs a cell from outside. */
  findCell(name: string): { readonly id: number; readonly cpus: readonly number[] } | undefined {
    return this.state.cells.find((cell) => cell.config.name === name);
  }

  private async manage(callingCpu: number, operation: () => Promise<void>): Promise<void> {
    this.countManagement(callingCpu);
    try {
      await operation();
    } finally {
      publishInfo(this.state);
    }
  }

  /** A hypercall that suspends the root cell: its other CPUs leave their guest for a management event. */
  private countManagement(callingCpu: number): void {
    const { machine } = this.state;
    machine.countRootExit(callingCpu, 'hypercall');
    for (const cpu of rootCellOf(this.state).cpus.filter((one) => one !== callingCpu)) {
      machine.countRootExit(cpu, 'management');
    }
  }
}
