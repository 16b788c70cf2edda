import type { BoardStatus, LogPart, LogRequest } from '../../wire/control';
import type { CellDebugger } from '../cell-debugger';
import type { SystemCalls } from '../syscalls';

/** What a session needs of the board that it serves. */
export interface ServedBoard {
  readonly systemCalls: SystemCalls;
  status(): BoardStatus;
  /** @throws KernelError ENOENT for a log that the board does not have, EINTR when `signal` aborts */
  readLog(request: LogRequest, signal: AbortSignal): Promise<LogPart>;
  /**
   * @returns how many bytes were taken
   * @throws KernelError ENODEV for a UART that the board does not have
   */
  uartInput(uart: string, bytes: Uint8Array): number;
  /** @throws KernelError EINVAL on a board with a real clock */
  setVirtualLimit(limitNs: bigint | undefined): void;
  /** @throws KernelError EINVAL on a board with a real clock */
  virtualRest(): Promise<'limit' | 'idle'>;
  /** @throws KernelError ENOENT for a cell that does not exist, EPERM for the root cell, EBUSY when it has a debugger */
  debugCell(name: string): CellDebugger;
  /** Switches power off and on again: what was open on the board is gone. */
  reset(): void;
  /** Switches power off, once the current request is answered. */
  stop(): void;
}
