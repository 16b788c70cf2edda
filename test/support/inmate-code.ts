import { addImm, b, bCond, cbz, daifClear, EQ, isb, ldrX, mov64, movz, mrs, msr, strW, strX, subsImm } from './a64';

/** Pieces of inmate code that several machine tests use. */

export const VECTORS = 0x800n;
/** Where an IRQ at EL1 with its own stack lands. */
export const IRQ_VECTOR = VECTORS + 0x280n;
/** An endless loop. */
export const stop = b(0);

/** Interrupts on: vectors at 0x800, priority mask 0xf0, group 1. Clobbers x9. */
export const interruptsOn: readonly number[] = [
  movz(9, Number(VECTORS)),
  msr('VBAR_EL1', 9),
  movz(9, 0xf0),
  msr('ICC_PMR_EL1', 9),
  movz(9, 1),
  msr('ICC_IGRPEN1_EL1', 9),
  isb(),
  daifClear(2),
];

/** Writes the low 32 bits of a constant to a device register. Clobbers x9 and x10. */
export const poke32 = (address: bigint, value: number): number[] => [
  ...mov64(9, address),
  ...mov64(10, BigInt(value >>> 0)),
  strW(10, 9),
];

/** Enables SGIs and PPIs of CPU `cpu` (a mask) in its redistributor. */
export const enablePpis = (gicr: bigint, cpu: number, mask: number): number[] =>
  poke32(gicr + BigInt(cpu) * 0x20000n + 0x10100n, mask);

/** Sends the characters to an i.MX UART. Clobbers x9 and x10. */
export const print = (uart: bigint, text: string): number[] => [
  ...mov64(9, uart + 0x40n),
  ...[...Buffer.from(text, 'latin1')].flatMap((byte) => [movz(10, byte), strW(10, 9)]),
];

/** Adds 1 to the 64-bit word at `address` (below 64 KiB). Clobbers x11 and x12. */
export const increment = (address: number): number[] => [
  movz(11, address),
  ldrX(12, 11),
  addImm(12, 12, 1),
  strX(12, 11),
];

/** Stores x`register` into the 64-bit word at `address` (below 64 KiB). Clobbers x11. */
export const store = (register: number, address: number): number[] => [movz(11, address), strX(register, 11)];

/** Repeats `body` until the 64-bit word at `address` is not 0. Clobbers x11 and x12. */
export const waitForWord = (address: number): number[] => [movz(11, address), ldrX(12, 11), cbz(12, -1)];

/** The usual interrupt loop: acknowledge, `body` with the INTID in x13, end of interrupt, until 1023. Ends with `end`. */
export const interruptLoop = (body: readonly number[], end: readonly number[]): number[] => {
  const handle = [...body, msr('ICC_EOIR1_EL1', 13)];
  return [
    mrs(13, 'ICC_IAR1_EL1'),
    subsImm(14, 13, 1023),
    bCond(EQ, handle.length + 2),
    ...handle,
    b(-(handle.length + 3)),
    ...end,
  ];
};
