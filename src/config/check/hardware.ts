import type { BoardDescription, MemoryRange, ReservedMemory, UartDescription } from '../../boards';

/** Where a config is to run, as far as it is known. */
export interface Hardware {
  /** `imx8mq-evk`, `this machine`, or the name of a device tree. */
  readonly name: string;
  /** As Linux counts them. */
  readonly cpus?: readonly number[] | undefined;
  readonly physicalAddressBits?: number | undefined;
  readonly ram?: readonly MemoryRange[] | undefined;
  /** What Linux keeps away from. */
  readonly reservedMemory?: readonly ReservedMemory[] | undefined;
  readonly gic?: { readonly gicdBase: bigint; readonly gicrBase?: bigint; readonly spiCount?: number } | undefined;
  readonly uarts?: readonly UartDescription[] | undefined;
  readonly driver?: { readonly version: string; readonly revisions: readonly number[] } | undefined;
}

export function hardwareOfBoard(board: BoardDescription): Hardware {
  return { ...board, cpus: board.cpus.map((_, cpu) => cpu) };
}
