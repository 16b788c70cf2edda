import type { DebugPoint, DebugStop, Resumption } from '../wire/debug';

export type { DebugPoint, DebugStop, Resumption };

/**
 * A cell as a debugger sees it. Methods throw KernelError: ENODEV when the cell is gone, ECONNRESET when its board is, EFAULT for
 * addresses without memory, EINVAL for values that cannot be.
 */
export interface DebugTarget {
  /** Linux's numbers. */
  readonly cpus: readonly number[];
  /** Holds all CPUs, unless they are held. */
  hold(): Promise<void>;
  /** CPUs that are not named stay held. */
  resume(cpus: readonly Resumption[]): Promise<void>;
  /** Resolves when all CPUs are held. */
  wait(): Promise<DebugStop>;
  /** Replaces all that were set. */
  setPoints(points: readonly DebugPoint[]): Promise<void>;
  /** As registers.ts lists them. */
  readRegisters(cpu: number): Promise<Uint8Array>;
  writeRegisters(cpu: number, bytes: Uint8Array): Promise<void>;
  /** Fewer bytes where memory ends. */
  readMemory(cpu: number, address: bigint, lengthBytes: number): Promise<Uint8Array>;
  writeMemory(cpu: number, address: bigint, bytes: Uint8Array): Promise<void>;
  /** The cell goes on, without break- and watchpoints. */
  detach(): Promise<void>;
}
