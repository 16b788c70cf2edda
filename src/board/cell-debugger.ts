import { types } from 'node:util';
import { KernelError } from '../errors';
import { isRangeError } from './machine-errors';
import { Notifier } from './notifier';
import type { DebugCause, DebugResumption, DebugWatchpoint, Machine } from './machine';

export interface CellStop extends DebugCause {
  /** Of the cell's CPUs, in the order of `cpus`. */
  readonly states: readonly ReturnType<Machine['cpuState']>[];
}

/**
 * A debugger at a cell, from `attach` to `detach`. All methods throw KernelError: ENODEV once the cell was destroyed, EBUSY for
 * what looks into the cell while it is not held, EINVAL for a CPU that is not the cell's and for values that it cannot have.
 */
export class CellDebugger {
  private isGone = false;
  private readonly changes = new Notifier();

  private constructor(
    private readonly machine: Machine,
    readonly cellId: number,
    /** Linux's numbers. */
    readonly cpus: readonly number[],
  ) {}

  /** @throws KernelError EBUSY when another debugger is there, EPERM for the root cell */
  static attach(machine: Machine, cellId: number, cpus: readonly number[]): CellDebugger {
    if (cellId === 0) throw new KernelError('attach debugger', 'EPERM');
    try {
      machine.debugAttach(cellId);
    } catch (error) {
      throw new KernelError('attach debugger', 'EBUSY', { cause: error });
    }
    return new CellDebugger(machine, cellId, cpus);
  }

  /** The cell goes on. Does nothing once the cell is gone. */
  detach(): void {
    this.changed();
    if (this.isGone) return;
    this.machine.debugDetach(this.cellId);
    this.end();
  }

  hold(): void {
    this.ask(() => this.machine.debugHold(this.cellId));
  }

  resume(cpus: readonly DebugResumption[]): void {
    this.ask(() => this.machine.debugResume(this.cellId, cpus));
  }

  /** Resolves when the cell is held. @throws KernelError EINTR when `signal` aborts */
  async wait(signal: AbortSignal): Promise<CellStop> {
    for (;;) {
      const cause = this.ask(() => this.machine.debugCause(this.cellId));
      if (cause) return { ...cause, states: this.cpus.map((cpu) => this.machine.cpuState(cpu)) };
      await this.changes.wait(signal, 'wait for cell');
    }
  }

  /** Replaces all that were set before. */
  setPoints(breakpoints: readonly bigint[], watchpoints: readonly DebugWatchpoint[]): void {
    this.ask(() => {
      this.machine.debugSetBreakpoints(this.cellId, breakpoints);
      this.machine.debugSetWatchpoints(this.cellId, watchpoints);
    });
  }

  readRegisters(cpu: number): Uint8Array {
    return this.ask(() => this.machine.debugReadRegisters(this.cellId, cpu));
  }

  writeRegisters(cpu: number, bytes: Uint8Array): void {
    this.ask(() => this.machine.debugWriteRegisters(this.cellId, cpu, bytes));
  }

  /** Fewer bytes where the cell's memory ends. @throws KernelError EFAULT when there is none at all */
  readMemory(cpu: number, address: bigint, lengthBytes: number): Uint8Array {
    const bytes = this.ask(() => this.machine.debugReadMemory(this.cellId, cpu, address, lengthBytes));
    if (bytes.length === 0 && lengthBytes > 0) throw new KernelError('read memory of cell', 'EFAULT');
    return bytes;
  }

  /** All or nothing. @throws KernelError EFAULT */
  writeMemory(cpu: number, address: bigint, bytes: Uint8Array): void {
    const isDone = this.ask(() => this.machine.debugWriteMemory(this.cellId, cpu, address, bytes));
    if (!isDone) throw new KernelError('write memory of cell', 'EFAULT');
  }

  /** To be called when the machine says that the cell is held, or gone. */
  changed(): void {
    if (this.isGone) return;
    try {
      this.machine.debugCause(this.cellId);
    } catch {
      return this.end();
    }
    this.changes.notify();
  }

  /** The cell, or the board, is gone. */
  end(): void {
    this.isGone = true;
    this.changes.notify();
  }

  private ask<Answer>(question: () => Answer): Answer {
    if (this.isGone) throw new KernelError('debug cell', 'ENODEV');
    try {
      return question();
    } catch (cause) {
      if (!types.isNativeError(cause)) throw cause;
      throw new KernelError('debug cell', isRangeError(cause) ? 'EINVAL' : 'EBUSY', { cause });
    }
  }
}
