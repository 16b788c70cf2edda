import { physical, uncovered } from './ranges';
import type { BoardDescription, MemoryRange, ReservedMemory, UartDescription } from '../../boards';

/** Where a config is to run, as far as it is known. What is absent is not checked. */
export interface Hardware {
  /** `imx8mq-evk`, `this machine`, or the name of a device tree. */
  readonly name: string;
  /** As Linux counts them. */
  readonly cpus?: readonly number[] | undefined;
  readonly physicalAddressBits?: number | undefined;
  readonly ram?: readonly MemoryRange[] | undefined;
  /** What of it Linux uses. */
  readonly linuxRam?: readonly MemoryRange[] | undefined;
  /** What Linux keeps away from. */
  readonly reservedMemory?: readonly ReservedMemory[] | undefined;
  readonly gic?:
    { readonly gicdBase: bigint; readonly gicrBase?: bigint | undefined; readonly spiCount?: number } | undefined;
  readonly uarts?: readonly UartDescription[] | undefined;
  readonly driver?: { readonly version: string; readonly revisions: readonly number[] } | undefined;
}

export function hardwareOfBoard(board: BoardDescription): Hardware {
  const { name, physicalAddressBits, ram, reservedMemory, gic, uarts } = board;
  const cpus = board.cpus.map((_, cpu) => cpu);
  const linuxRam = withoutReserved(ram, reservedMemory);
  return { name, cpus, physicalAddressBits, ram, linuxRam, reservedMemory, gic, uarts };
}

export function withoutReserved(ram: readonly MemoryRange[], reserved: readonly MemoryRange[]): MemoryRange[] {
  const taken = reserved.map(toRange);
  return ram.flatMap((range) =>
    uncovered(toRange(range), taken).map(({ start, size }) => ({ physStart: start, sizeBytes: size })),
  );
}

export function toRange({ physStart, sizeBytes }: MemoryRange) {
  return physical({ physStart, size: sizeBytes });
}
