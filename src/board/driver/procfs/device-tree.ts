import { attribute, directory, procFile } from '../vfs/node';
import type { BoardDescription, MemoryRange } from '../../../boards';
import type { DirectoryNode, Node } from '../vfs/node';

const CELL_BYTES = 4;
/** All addresses and sizes here have two cells. */
const CELLS = 2;

/** /proc/device-tree: what the boot loader told Linux of the machine, as far as programs ask. */
export function deviceTree({ model, ram, reservedMemory, gic }: BoardDescription): DirectoryNode {
  const widths = { '#address-cells': cells(BigInt(CELLS), 1), '#size-cells': cells(BigInt(CELLS), 1) };
  return folder({
    ...widths,
    model: text(model),
    ...Object.fromEntries(
      ram.map((range) => [unit('memory', range), folder({ device_type: text('memory'), reg: reg(range) })]),
    ),
    'reserved-memory': folder({
      ...widths,
      ...Object.fromEntries(
        reservedMemory.map((range) => [unit(range.name, range), folder({ 'no-map': empty(), reg: reg(range) })]),
      ),
    }),
    [`interrupt-controller@${gic.gicdBase.toString(16)}`]: folder({ compatible: text('arm,gic-v3') }),
    psci: folder({ compatible: text('arm,psci-1.0'), method: text('smc') }),
    timer: folder({ compatible: text('arm,armv8-timer') }),
  });
}

function folder(entries: Record<string, Node>): DirectoryNode {
  return directory(() => entries);
}

function text(value: string): Node {
  return procFile(() => `${value}\0`);
}

function empty(): Node {
  return procFile(() => '');
}

function unit(name: string, { physStart }: MemoryRange): string {
  return `${name}@${physStart.toString(16)}`;
}

function reg({ physStart, sizeBytes }: MemoryRange): Node {
  return cells((physStart << 64n) | sizeBytes, 2 * CELLS);
}

/** A number as big-endian cells of 32 bits. */
function cells(value: bigint, count: number): Node {
  const bytes = Uint8Array.from({ length: count * CELL_BYTES }, (_, index) =>
    Number((value >> BigInt(8 * (count * CELL_BYTES - 1 - index))) & 0xffn),
  );
  return attribute(() => bytes);
}
