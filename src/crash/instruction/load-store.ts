import type { AddressForm, IndexRegister, MemoryAccess, NoSyndrome } from './instruction';

/** Loads and stores of A64 (Arm ARM DDI 0487, C4.1.94). Undefined: none. */
export function decodeLoadStore(insn: number): MemoryAccess | undefined {
  // op0<27> = 1 and op0<25> = 0 make this group.
  if (((insn >>> 25) & 0b101) !== 0b100) {
    return undefined;
  }
  const isSimd = ((insn >>> 26) & 1) === 1;
  switch ((insn >>> 28) & 3) {
    case 0:
      return isSimd ? structure(insn) : exclusive(insn);
    case 1:
      return ((insn >>> 24) & 1) === 0 ? literal(insn, isSimd) : undefined;
    case 2:
      return pair(insn, isSimd);
    default:
      return single(insn, isSimd);
  }
}

interface Shape {
  readonly name: string;
  readonly registers: readonly string[];
  readonly isWrite: boolean;
  readonly sizeBytes: number;
}

function access(shape: Shape, address: AddressForm, place: string, noSyndrome?: NoSyndrome): MemoryAccess {
  const { name, registers, isWrite, sizeBytes } = shape;
  return {
    kind: 'memory',
    text: `${name} ${[...registers, place].join(', ')}`,
    isWrite,
    sizeBytes,
    address,
    noSyndrome,
  };
}

/** LDR, STR and their narrow forms. */
function single(insn: number, isSimd: boolean): MemoryAccess | undefined {
  const hasOffset = ((insn >>> 24) & 1) === 0;
  if (!isSimd && hasOffset && (insn >>> 21) & 1 && ((insn >>> 10) & 3) === 0) {
    return atomic(insn);
  }
  const shape = isSimd ? simdShape(insn) : integerShape(insn);
  if (!shape) {
    return undefined;
  }
  const rn = (insn >>> 5) & 31;
  const simd = isSimd ? 'simd' : undefined;
  if (!hasOffset) {
    const offset = ((insn >>> 10) & 0xfff) * shape.sizeBytes;
    return access(shape, { base: rn, offset }, `[${base(rn)}${immediate(offset)}]`, simd);
  }
  if ((insn >>> 21) & 1) {
    return ((insn >>> 10) & 3) === 2 ? indexed(insn, shape, simd) : undefined;
  }
  const offset = signed(insn >>> 12, 9);
  switch ((insn >>> 10) & 3) {
    case 1:
      return access(shape, { base: rn, offset: 0 }, `[${base(rn)}], #${offset}`, simd ?? 'write-back');
    case 3:
      return access(shape, { base: rn, offset }, `[${base(rn)}, #${offset}]!`, simd ?? 'write-back');
    default: {
      // LDTR is unprivileged, LDUR unscaled.
      const name = shape.name.replace(/^(ld|st|prf)/, ((insn >>> 10) & 3) === 2 ? '$1t' : '$1u');
      return access({ ...shape, name }, { base: rn, offset }, `[${base(rn)}${immediate(offset)}]`, simd);
    }
  }
}

function indexed(insn: number, shape: Shape, simd: NoSyndrome | undefined): MemoryAccess | undefined {
  const extend = ({ 2: 'uxtw', 3: 'lsl', 6: 'sxtw', 7: 'sxtx' } as const)[(insn >>> 13) & 7];
  if (!extend) {
    return undefined;
  }
  const [rn, register] = [(insn >>> 5) & 31, (insn >>> 16) & 31];
  const shift = (insn >>> 12) & 1 ? Math.log2(shape.sizeBytes) : 0;
  const index: IndexRegister = { register, extend, shift };
  const word = generalName(register, extend === 'lsl' || extend === 'sxtx');
  const how = extend === 'lsl' ? (shift ? `, lsl #${shift}` : '') : `, ${extend}${shift ? ` #${shift}` : ''}`;
  return access(shape, { base: rn, offset: 0, index }, `[${base(rn)}, ${word}${how}]`, simd);
}

/** LDADD, SWP and the like. */
function atomic(insn: number): MemoryAccess {
  const [size, rn, rs, rt] = [insn >>> 30, (insn >>> 5) & 31, (insn >>> 16) & 31, insn & 31];
  const operations = ['ldadd', 'ldclr', 'ldeor', 'ldset', 'ldsmax', 'ldsmin', 'ldumax', 'ldumin'];
  const operation = (insn >>> 15) & 1 ? 'swp' : (operations[(insn >>> 12) & 7] as string);
  const order = `${(insn >>> 23) & 1 ? 'a' : ''}${(insn >>> 22) & 1 ? 'l' : ''}`;
  const name = `${operation}${order}${size === 0 ? 'b' : size === 1 ? 'h' : ''}`;
  const registers = [generalName(rs, size === 3), generalName(rt, size === 3)];
  const shape = { name, registers, isWrite: true, sizeBytes: 1 << size };
  return access(shape, { base: rn, offset: 0 }, `[${base(rn)}]`, 'atomic');
}

function integerShape(insn: number): Shape | undefined {
  const [size, opc, rt] = [insn >>> 30, (insn >>> 22) & 3, insn & 31];
  const sizeBytes = 1 << size;
  const suffix = size === 0 ? 'b' : size === 1 ? 'h' : '';
  if (opc < 2) {
    const name = `${opc === 0 ? 'str' : 'ldr'}${suffix}`;
    return { name, registers: [generalName(rt, size === 3)], isWrite: opc === 0, sizeBytes };
  }
  if (size === 3) {
    return opc === 2 ? { name: 'prfm', registers: [`#${rt}`], isWrite: false, sizeBytes } : undefined;
  }
  if (size === 2 && opc === 3) {
    return undefined;
  }
  const name = `ldrs${suffix === '' ? 'w' : suffix}`;
  return { name, registers: [generalName(rt, opc === 2)], isWrite: false, sizeBytes };
}

function simdShape(insn: number): Shape | undefined {
  const [size, opc, rt] = [insn >>> 30, (insn >>> 22) & 3, insn & 31];
  if (opc >= 2 && size !== 0) {
    return undefined;
  }
  const log2 = opc >= 2 ? 4 : size;
  const isWrite = (opc & 1) === 0;
  return { name: isWrite ? 'str' : 'ldr', registers: [simdName(rt, log2)], isWrite, sizeBytes: 1 << log2 };
}

/** LDP, STP. */
function pair(insn: number, isSimd: boolean): MemoryAccess | undefined {
  const opc = insn >>> 30;
  const form = (insn >>> 23) & 3;
  const isWrite = ((insn >>> 22) & 1) === 0;
  if (opc === 3 || (!isSimd && opc === 1 && (isWrite || form === 0))) {
    return undefined;
  }
  const log2 = isSimd ? 2 + opc : opc === 2 ? 3 : 2;
  const [rn, rt, rt2] = [(insn >>> 5) & 31, insn & 31, (insn >>> 10) & 31];
  const offset = signed(insn >>> 15, 7) * (1 << log2);
  const name = `${isWrite ? 'st' : 'ld'}${form === 0 ? 'n' : ''}p${!isSimd && opc === 1 ? 'sw' : ''}`;
  const registers = [rt, rt2].map((one) => (isSimd ? simdName(one, log2) : generalName(one, opc !== 0)));
  const shape = { name, registers, isWrite, sizeBytes: 2 << log2 };
  const why = isSimd ? 'simd' : 'pair';
  if (form === 1) {
    return access(shape, { base: rn, offset: 0 }, `[${base(rn)}], #${offset}`, why);
  }
  const place = form === 3 ? `[${base(rn)}, #${offset}]!` : `[${base(rn)}${immediate(offset)}]`;
  return access(shape, { base: rn, offset }, place, why);
}

function literal(insn: number, isSimd: boolean): MemoryAccess | undefined {
  const [opc, rt] = [insn >>> 30, insn & 31];
  if (opc === 3) {
    return undefined; // PRFM raises no abort, and SIMD has no such form.
  }
  const offset = signed(insn >>> 5, 19) * 4;
  const register = isSimd ? simdName(rt, 2 + opc) : generalName(rt, opc !== 0);
  const sizeBytes = isSimd ? 4 << opc : opc === 1 ? 8 : 4;
  const name = !isSimd && opc === 2 ? 'ldrsw' : 'ldr';
  const place = `pc${offset < 0 ? '-' : '+'}0x${Math.abs(offset).toString(16)}`;
  const shape = { name, registers: [register], isWrite: false, sizeBytes };
  return access(shape, { base: 'pc', offset }, place, isSimd ? 'simd' : undefined);
}

/** LDXR, STXR, LDAR, STLR, CAS and their pairs. */
function exclusive(insn: number): MemoryAccess | undefined {
  const [size, rn, rt, rt2, rs] = [insn >>> 30, (insn >>> 5) & 31, insn & 31, (insn >>> 10) & 31, (insn >>> 16) & 31];
  const [ordered, load, second, acquire] = [(insn >>> 23) & 1, (insn >>> 22) & 1, (insn >>> 21) & 1, (insn >>> 15) & 1];
  const suffix = size === 0 ? 'b' : size === 1 ? 'h' : '';
  const wide = size === 3;
  const sizeBytes = 1 << size;
  const place = `[${base(rn)}]`;
  const address = { base: rn, offset: 0 };
  if (ordered && !second) {
    // LDAR and STLR, with acquire 0 LDLAR and STLLR: single registers, with a syndrome.
    const name = `${load ? 'ld' : 'st'}${acquire ? '' : 'l'}${load ? 'ar' : 'lr'}${suffix}`;
    return access({ name, registers: [generalName(rt, wide)], isWrite: !load, sizeBytes }, address, place);
  }
  if (second && !ordered && size < 2) {
    return undefined; // CASP, which no core of i.MX 8 has.
  }
  if (second && ordered) {
    const name = `cas${load ? 'a' : ''}${acquire ? 'l' : ''}${suffix}`;
    const shape = { name, registers: [generalName(rs, wide), generalName(rt, wide)], isWrite: true, sizeBytes };
    return access(shape, address, place, 'atomic');
  }
  const name = load
    ? `ld${acquire ? 'a' : ''}x${second ? 'p' : 'r'}${suffix}`
    : `st${acquire ? 'l' : ''}x${second ? 'p' : 'r'}${suffix}`;
  const data = second ? [generalName(rt, wide), generalName(rt2, wide)] : [generalName(rt, wide)];
  const registers = load ? data : [generalName(rs, false), ...data];
  return access({ name, registers, isWrite: !load, sizeBytes: sizeBytes << second }, address, place, 'exclusive');
}

/** LD1 to LD4, ST1 to ST4: named without their registers. */
function structure(insn: number): MemoryAccess | undefined {
  if (insn >>> 31 || ((insn >>> 24) & 0b11) > 1) {
    return undefined;
  }
  const rn = (insn >>> 5) & 31;
  const isWrite = ((insn >>> 22) & 1) === 0;
  const shape = {
    name: isWrite ? 'st1..st4' : 'ld1..ld4',
    registers: [],
    isWrite,
    sizeBytes: (insn >>> 30) & 1 ? 16 : 8,
  };
  return access(shape, { base: rn, offset: 0 }, `[${base(rn)}]`, 'simd');
}

function generalName(register: number, is64Bit: boolean): string {
  return `${is64Bit ? 'x' : 'w'}${register === 31 ? 'zr' : register}`;
}

function simdName(register: number, log2: number): string {
  return `${'bhsdq'[log2] ?? 'v'}${register}`;
}

function base(register: number): string {
  return register === 31 ? 'sp' : `x${register}`;
}

function immediate(offset: number): string {
  return offset === 0 ? '' : `, #${offset}`;
}

function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
