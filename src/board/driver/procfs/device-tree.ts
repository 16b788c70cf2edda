import { attribute, directory, procFile } from '../vfs/node';
import type { BoardDescription, MemoryRange, UartDescription } from '../../../boards';
import type { DirectoryNode, Node } from '../vfs/node';

const CELL_BYTES = 4;
/** All addresses and sizes here have two cells. */
const CELLS = 2;

const GIC_PHANDLE = 1n;
/** First of a GIC's three interrupt cells, and the trigger that is the last (the kernel's binding arm,gic-v3). */
const SPI = 0n;
const PPI = 1n;
const LEVEL_HIGH = 4n;
/** Of every GIC here: INTID 25. */
const MAINTENANCE_PPI = 9n;
const SPI_BASE = 32;
const DISTRIBUTOR_BYTES = 0x1_0000n;
const REDISTRIBUTOR_BYTES = 0x2_0000n;

const UART_COMPATIBLES = { imx: 'fsl,imx6q-uart', lpuart: 'fsl,imx8qxp-lpuart', pl011: 'arm,pl011' } as const;

/** /proc/device-tree: what the boot loader told Linux of the machine, as far as programs ask. */
export function deviceTree(board: BoardDescription): DirectoryNode {
  const { name, model, cpus, ram, reservedMemory, gic, uarts } = board;
  const gicPath = `interrupt-controller@${gic.gicdBase.toString(16)}`;
  const widths = { '#address-cells': cells(BigInt(CELLS), 1), '#size-cells': cells(BigInt(CELLS), 1) };
  return folder({
    ...widths,
    model: text(model),
    compatible: text(name.startsWith('imx') ? `fsl,${name}\0fsl,${name.split('-', 1)[0]}` : model),
    'interrupt-parent': cells(GIC_PHANDLE, 1),
    aliases: folder(Object.fromEntries(uarts.map((uart, index) => [`serial${index}`, text(`/${serialName(uart)}`)]))),
    chosen: folder({ 'stdout-path': text(consolePath(board)) }),
    cpus: folder({
      '#address-cells': cells(1n, 1),
      '#size-cells': cells(0n, 1),
      ...Object.fromEntries(cpus.map(({ mpidr }) => [`cpu@${affinity(mpidr).toString(16)}`, cpuNode(mpidr)])),
    }),
    ...Object.fromEntries(
      ram.map((range) => [unit('memory', range), folder({ device_type: text('memory'), reg: reg(range) })]),
    ),
    'reserved-memory': folder({
      ...widths,
      ranges: empty(),
      ...Object.fromEntries(
        reservedMemory.map((range) => [unit(range.name, range), folder({ 'no-map': empty(), reg: reg(range) })]),
      ),
    }),
    [gicPath]: folder({
      compatible: text('arm,gic-v3'),
      '#interrupt-cells': cells(3n, 1),
      'interrupt-controller': empty(),
      interrupts: interrupt(PPI, MAINTENANCE_PPI),
      reg: regs([distributorOf(board), redistributorsOf(board)]),
      phandle: cells(GIC_PHANDLE, 1),
    }),
    ...Object.fromEntries(uarts.map((one) => [serialName(one), uartNode(one, one.name === board.consoleUart)])),
    psci: folder({ compatible: text('arm,psci-1.0'), method: text('smc') }),
    timer: folder({ compatible: text('arm,armv8-timer') }),
  });
}

function cpuNode(mpidr: bigint): Node {
  return folder({
    device_type: text('cpu'),
    compatible: text('arm,armv8'),
    'enable-method': text('psci'),
    reg: cells(affinity(mpidr), 1),
  });
}

/** The fields of MPIDR_EL1 that tell CPUs apart (Arm ARM DDI 0487 D19.2.101), without those above bit 23. */
function affinity(mpidr: bigint): bigint {
  return mpidr & 0xff_ffffn;
}

function uartNode({ kind, physStart, sizeBytes, intid }: UartDescription, isConsole: boolean): Node {
  return folder({
    compatible: text(UART_COMPATIBLES[kind]),
    reg: reg({ physStart, sizeBytes: BigInt(sizeBytes) }),
    interrupts: interrupt(SPI, BigInt(intid - SPI_BASE)),
    status: text(isConsole ? 'okay' : 'disabled'),
  });
}

function serialName({ physStart }: UartDescription): string {
  return `serial@${physStart.toString(16)}`;
}

function consolePath({ uarts, consoleUart }: BoardDescription): string {
  const uart = uarts.find(({ name }) => name === consoleUart);
  return uart ? `/${serialName(uart)}` : '';
}

function distributorOf({ gic }: BoardDescription): MemoryRange {
  return { physStart: gic.gicdBase, sizeBytes: DISTRIBUTOR_BYTES };
}

function redistributorsOf({ gic, cpus }: BoardDescription): MemoryRange {
  return { physStart: gic.gicrBase, sizeBytes: REDISTRIBUTOR_BYTES * BigInt(cpus.length) };
}

function interrupt(type: bigint, number: bigint): Node {
  return cells((type << 64n) | (number << 32n) | LEVEL_HIGH, 3);
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

function reg(range: MemoryRange): Node {
  return regs([range]);
}

function regs(ranges: readonly MemoryRange[]): Node {
  const value = ranges.reduce((all, { physStart, sizeBytes }) => (all << 128n) | (physStart << 64n) | sizeBytes, 0n);
  return cells(value, ranges.length * 2 * CELLS);
}

/** A number as big-endian cells of 32 bits. */
function cells(value: bigint, count: number): Node {
  const bytes = Uint8Array.from({ length: count * CELL_BYTES }, (_, index) =>
    Number((value >> BigInt(8 * (count * CELL_BYTES - 1 - index))) & 0xffn),
  );
  return attribute(() => bytes);
}
