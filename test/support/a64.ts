/**
 * A small A64 assembler for tests: one function an instruction, named as in the Arm ARM (DDI 0487, C6.2), each giving the 32-bit encoding.
 * Registers are numbers; 31 is SP or ZR, whichever the instruction takes there. Only what tests use.
 */

export const SP = 31;
export const XZR = 31;
export const LR = 30;

const word = (value: number): number => value >>> 0;

// Moves and arithmetic, 64-bit.
export const movz = (rd: number, imm16: number, shift = 0): number =>
  word(0xd2800000 | ((shift / 16) << 21) | (imm16 << 5) | rd);
export const movk = (rd: number, imm16: number, shift = 0): number =>
  word(0xf2800000 | ((shift / 16) << 21) | (imm16 << 5) | rd);
export const movReg = (rd: number, rm: number): number => word(0xaa0003e0 | (rm << 16) | rd);
/** MOV to or from SP. */
export const movSp = (rd: number, rn: number): number => word(0x91000000 | (rn << 5) | rd);
export const addImm = (rd: number, rn: number, imm12: number): number =>
  word(0x91000000 | (imm12 << 10) | (rn << 5) | rd);
export const subImm = (rd: number, rn: number, imm12: number): number =>
  word(0xd1000000 | (imm12 << 10) | (rn << 5) | rd);
export const subsImm = (rd: number, rn: number, imm12: number): number =>
  word(0xf1000000 | (imm12 << 10) | (rn << 5) | rd);
export const addReg = (rd: number, rn: number, rm: number): number => word(0x8b000000 | (rm << 16) | (rn << 5) | rd);
export const lsrImm = (rd: number, rn: number, amount: number): number =>
  word(0xd340fc00 | (amount << 16) | (rn << 5) | rd);
/** MOVZ and MOVKs that load any value below 2^64, always four words. */
export function mov64(rd: number, value: bigint): number[] {
  const part = (shift: number): number => Number((value >> BigInt(shift)) & 0xffffn);
  return [movz(rd, part(0)), movk(rd, part(16), 16), movk(rd, part(32), 32), movk(rd, part(48), 48)];
}

// Loads and stores, unsigned scaled offset in bytes.
export const ldrX = (rt: number, rn: number, offset = 0): number =>
  word(0xf9400000 | ((offset / 8) << 10) | (rn << 5) | rt);
export const strX = (rt: number, rn: number, offset = 0): number =>
  word(0xf9000000 | ((offset / 8) << 10) | (rn << 5) | rt);
export const ldrW = (rt: number, rn: number, offset = 0): number =>
  word(0xb9400000 | ((offset / 4) << 10) | (rn << 5) | rt);
export const strW = (rt: number, rn: number, offset = 0): number =>
  word(0xb9000000 | ((offset / 4) << 10) | (rn << 5) | rt);
export const ldrB = (rt: number, rn: number, offset = 0): number => word(0x39400000 | (offset << 10) | (rn << 5) | rt);
export const strB = (rt: number, rn: number, offset = 0): number => word(0x39000000 | (offset << 10) | (rn << 5) | rt);
/** Post-indexed byte load: the usual way along a string. */
export const ldrBPost = (rt: number, rn: number, step: number): number =>
  word(0x38400400 | ((step & 0x1ff) << 12) | (rn << 5) | rt);
export const ldpX = (rt: number, rt2: number, rn: number, offset = 0): number =>
  word(0xa9400000 | (((offset / 8) & 0x7f) << 15) | (rt2 << 10) | (rn << 5) | rt);
export const stpX = (rt: number, rt2: number, rn: number, offset = 0): number =>
  word(0xa9000000 | (((offset / 8) & 0x7f) << 15) | (rt2 << 10) | (rn << 5) | rt);
export const ldpQ = (rt: number, rt2: number, rn: number, offset = 0): number =>
  word(0xad400000 | (((offset / 16) & 0x7f) << 15) | (rt2 << 10) | (rn << 5) | rt);
export const stpQ = (rt: number, rt2: number, rn: number, offset = 0): number =>
  word(0xad000000 | (((offset / 16) & 0x7f) << 15) | (rt2 << 10) | (rn << 5) | rt);

// Control flow. Distances are in instructions, from this one.
export const b = (distance: number): number => word(0x14000000 | (distance & 0x3ffffff));
export const bl = (distance: number): number => word(0x94000000 | (distance & 0x3ffffff));
export const br = (rn: number): number => word(0xd61f0000 | (rn << 5));
export const blr = (rn: number): number => word(0xd63f0000 | (rn << 5));
export const ret = (): number => 0xd65f03c0;
export const bCond = (condition: number, distance: number): number =>
  word(0x54000000 | ((distance & 0x7ffff) << 5) | condition);
export const cbz = (rt: number, distance: number): number => word(0xb4000000 | ((distance & 0x7ffff) << 5) | rt);
export const cbnz = (rt: number, distance: number): number => word(0xb5000000 | ((distance & 0x7ffff) << 5) | rt);
export const NE = 1;
export const EQ = 0;

// System.
export const svc = (imm16: number): number => word(0xd4000001 | (imm16 << 5));
export const hvc = (imm16: number): number => word(0xd4000002 | (imm16 << 5));
export const smc = (imm16: number): number => word(0xd4000003 | (imm16 << 5));
export const eret = (): number => 0xd69f03e0;
export const nop = (): number => 0xd503201f;
export const wfi = (): number => 0xd503207f;
export const wfe = (): number => 0xd503205f;
export const isb = (): number => 0xd5033fdf;
export const dsbSy = (): number => 0xd5033f9f;
/** MSR DAIFClr: unmask; 2 is IRQ. */
export const daifClear = (mask: number): number => word(0xd50340ff | (mask << 8));
export const daifSet = (mask: number): number => word(0xd50340df | (mask << 8));

/** op0, op1, CRn, CRm, op2 of the system registers that tests use (Arm ARM D17.2, IHI 0069 12.2). */
export const registers = {
  SCTLR_EL1: [3, 0, 1, 0, 0],
  ACTLR_EL1: [3, 0, 1, 0, 1],
  CPACR_EL1: [3, 0, 1, 0, 2],
  TTBR0_EL1: [3, 0, 2, 0, 0],
  TCR_EL1: [3, 0, 2, 0, 2],
  SPSR_EL1: [3, 0, 4, 0, 0],
  ELR_EL1: [3, 0, 4, 0, 1],
  SP_EL0: [3, 0, 4, 1, 0],
  ESR_EL1: [3, 0, 5, 2, 0],
  FAR_EL1: [3, 0, 6, 0, 0],
  MAIR_EL1: [3, 0, 10, 2, 0],
  VBAR_EL1: [3, 0, 12, 0, 0],
  MPIDR_EL1: [3, 0, 0, 0, 5],
  TPIDR_EL1: [3, 0, 13, 0, 4],
  TPIDR_EL0: [3, 3, 13, 0, 2],
  TPIDRRO_EL0: [3, 3, 13, 0, 3],
  NZCV: [3, 3, 4, 2, 0],
  FPCR: [3, 3, 4, 4, 0],
  FPSR: [3, 3, 4, 4, 1],
  CNTFRQ_EL0: [3, 3, 14, 0, 0],
  CNTPCT_EL0: [3, 3, 14, 0, 1],
  CNTVCT_EL0: [3, 3, 14, 0, 2],
  CNTV_TVAL_EL0: [3, 3, 14, 3, 0],
  CNTV_CTL_EL0: [3, 3, 14, 3, 1],
  CNTV_CVAL_EL0: [3, 3, 14, 3, 2],
  CNTP_TVAL_EL0: [3, 3, 14, 2, 0],
  CNTP_CTL_EL0: [3, 3, 14, 2, 1],
  CNTP_CVAL_EL0: [3, 3, 14, 2, 2],
  ICC_PMR_EL1: [3, 0, 4, 6, 0],
  ICC_DIR_EL1: [3, 0, 12, 11, 1],
  ICC_RPR_EL1: [3, 0, 12, 11, 3],
  ICC_HPPIR1_EL1: [3, 0, 12, 12, 2],
  ICC_BPR1_EL1: [3, 0, 12, 12, 3],
  ICC_IAR1_EL1: [3, 0, 12, 12, 0],
  ICC_EOIR1_EL1: [3, 0, 12, 12, 1],
  ICC_CTLR_EL1: [3, 0, 12, 12, 4],
  ICC_IGRPEN1_EL1: [3, 0, 12, 12, 7],
  ICC_SGI1R_EL1: [3, 0, 12, 11, 5],
} as const;

export type SystemRegister = keyof typeof registers;

function systemField(register: SystemRegister): number {
  const [op0, op1, crn, crm, op2] = registers[register];
  return (op0 << 19) | (op1 << 16) | (crn << 12) | (crm << 8) | (op2 << 5);
}

export const msr = (register: SystemRegister, rt: number): number => word(0xd5000000 | systemField(register) | rt);
export const mrs = (rt: number, register: SystemRegister): number => word(0xd5200000 | systemField(register) | rt);

/** Little-endian bytes of a program. */
export function assemble(...code: (number | readonly number[])[]): Uint8Array {
  const words = code.flat();
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((value, index) => view.setUint32(index * 4, value, true));
  return bytes;
}
