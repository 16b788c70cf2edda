import * as a64 from '../support/a64';
import type { Fields, MemoryTemplate } from './instructions';
import { dataProcessing, instantiate, memoryAccess } from './instructions';
import { Random } from './random';

/**
 * One program that runs unchanged at EL0 on the emulated core and in a Linux process under the reference CPU. It is a row of blocks; each loads every register from a
 * pool of states, runs a handful of random instructions, and stores every register. What is compared is the memory afterwards.
 */
export interface Program {
  /** The bytes at `layout.shared`: code, pool, data buffer, results. */
  readonly image: Uint8Array;
  /** Address of the data buffer; the results follow it. Both are what is compared. */
  readonly data: number;
  readonly results: number;
  readonly blocks: readonly Block[];
}

export interface Block {
  /** Address of the first random instruction. */
  readonly address: number;
  readonly words: readonly number[];
}

/** X0..X30, SP and NZCV, padded to pairs. */
export const STATE_BYTES = 34 * 8;
const POOL_STATES = 128;
const DATA_BYTES = 0x4000;

/** Addresses, the same on both sides. The first 2 MiB are the emulated side's own: vectors, start-up code, page tables. */
export const layout = {
  base: 0x10000000,
  shared: 0x10200000,
  entry: 0x10200000,
};

/** Register that a block uses to reach its state; its own value travels through TPIDR_EL0. */
const POINTER = 30;

export function buildProgram(seed: number, blockCount: number, perBlock: number): Program {
  const random = new Random(seed);
  const codeBytes = align(64 + blockCount * (perBlock * 6 + 60) * 4);
  const pool = layout.shared + codeBytes;
  const data = pool + align(POOL_STATES * STATE_BYTES);
  const results = data + DATA_BYTES;
  const end = results + align(blockCount * STATE_BYTES);

  const image = new Uint8Array(end - layout.shared);
  const view = new DataView(image.buffer);
  for (let state = 0; state < POOL_STATES; state++) {
    for (let slot = 0; slot < 33; slot++) {
      const value = slot === 32 ? BigInt(random.next32() & 0xf0000000) & 0xf0000000n : random.operand();
      view.setBigUint64(pool - layout.shared + state * STATE_BYTES + slot * 8, value, true);
    }
  }
  for (let offset = 0; offset < DATA_BYTES; offset += 8) {
    view.setBigUint64(data - layout.shared + offset, random.next64(), true);
  }

  const code: number[] = [];
  const blocks: Block[] = [];
  for (let index = 0; index < blockCount; index++) {
    code.push(...loadState(pool + random.below(POOL_STATES) * STATE_BYTES));
    const address = layout.shared + code.length * 4;
    const words = randomBody(random, perBlock, data);
    code.push(...words);
    blocks.push({ address, words });
    code.push(...storeState(results + index * STATE_BYTES));
  }
  code.push(...finish(data, end - data));
  if (code.length * 4 > codeBytes) throw new Error('the program outgrew its code area');
  image.set(a64.assemble(code), 0);
  return { image, data, results, blocks };
}

const align = (size: number): number => (size + 0xfff) & ~0xfff;

function loadState(address: number): number[] {
  const code = [a64.movz(POINTER, address & 0xffff), a64.movk(POINTER, address >>> 16, 16)];
  code.push(a64.ldpX(0, 1, POINTER, 31 * 8), a64.movSp(a64.SP, 0), a64.msr('NZCV', 1));
  for (let register = 0; register < 30; register += 2) {
    code.push(a64.ldpX(register, register + 1, POINTER, register * 8));
  }
  code.push(a64.ldrX(POINTER, POINTER, POINTER * 8));
  return code;
}

function storeState(address: number): number[] {
  const code = [
    a64.msr('TPIDR_EL0', POINTER),
    a64.movz(POINTER, address & 0xffff),
    a64.movk(POINTER, address >>> 16, 16),
  ];
  for (let register = 0; register < 30; register += 2) {
    code.push(a64.stpX(register, register + 1, POINTER, register * 8));
  }
  code.push(a64.mrs(0, 'TPIDR_EL0'), a64.movSp(1, a64.SP), a64.mrs(2, 'NZCV'));
  code.push(a64.strX(0, POINTER, 30 * 8), a64.stpX(1, 2, POINTER, 31 * 8));
  return code;
}

/** Linux: write(1, data, length), exit(0). On the emulated side the first SVC ends the run. */
function finish(data: number, length: number): number[] {
  return [
    ...a64.mov64(0, 1n),
    ...a64.mov64(1, BigInt(data)),
    ...a64.mov64(2, BigInt(length)),
    ...a64.mov64(8, 64n),
    a64.svc(0),
    ...a64.mov64(0, 0n),
    ...a64.mov64(8, 93n),
    a64.svc(0),
  ];
}

function randomBody(random: Random, count: number, data: number): number[] {
  const words: number[] = [];
  for (let index = 0; index < count; index++) {
    const choice = random.below(10);
    if (choice < 6) words.push(instantiate(random.pick(dataProcessing), random));
    else if (choice < 8) words.push(...memoryInstruction(random, data));
    else if (choice < 9) words.push(...branch(random));
    else words.push(...exclusivePair(random, data));
  }
  return words;
}

function memoryInstruction(random: Random, data: number): number[] {
  const template = random.pick(memoryAccess);
  const base = random.below(31);
  const fixed: Record<string, number> = { n: base };
  const setup: number[] = [];
  if (template.indexed) {
    const index = (base + 1 + random.below(30)) % 31;
    fixed['m'] = index;
    setup.push(a64.movz(index, random.below(64)));
  }
  setup.push(...pointAt(random, base, data, template));
  return [...setup, instantiate(template, random, fixed)];
}

/** Aims register `base` at a place in the data buffer from which the instruction cannot leave it. */
function pointAt(
  random: Random,
  base: number,
  data: number,
  { reach, alignment = 1 }: Pick<MemoryTemplate, 'reach' | 'alignment'>,
): number[] {
  const room = DATA_BYTES - 2 * reach - 16;
  const address = data + Math.floor((reach + random.below(room)) / alignment) * alignment;
  return [a64.movz(base, address & 0xffff), a64.movk(base, address >>> 16, 16)];
}

/** A forward branch of some kind over one or two instructions. */
function branch(random: Random): number[] {
  const skipped = Array.from({ length: 1 + random.below(2) }, () => instantiate(random.pick(dataProcessing), random));
  const distance = skipped.length + 1;
  const target: Fields = { i: distance };
  const pattern = random.pick([
    'o00101 iiiiiiiiiiiiiiiiiiiiiiiiii',
    '01010100 iiiiiiiiiiiiiiiiiii 0 cccc',
    'f011010 o iiiiiiiiiiiiiiiiiii ttttt',
    'b011011 o bbbbb iiiiiiiiiiiiii ttttt',
  ]);
  return [instantiate({ name: 'branch', pattern }, random, target), ...skipped];
}

/** Load-exclusive and its store, with an instruction between: the store succeeds on both sides. */
function exclusivePair(random: Random, data: number): number[] {
  const base = random.below(28);
  const [status, value] = [base + 1, base + 2];
  const size = random.below(4);
  const fields: Fields = { z: size, n: base, s: status, t: value };
  const between = { ...dataProcessing[0], name: 'between' };
  const pattern = random.pick([
    ['zz 001000 0 10 11111 A 11111 nnnnn ttttt', 'zz 001000 0 00 sssss A 11111 nnnnn ttttt'],
    ['zz 001000 0 10 11111 1 11111 nnnnn ttttt', 'zz 001000 0 00 sssss 1 11111 nnnnn ttttt'],
  ]);
  return [
    ...pointAt(random, base, data, { reach: 16, alignment: 8 }),
    instantiate({ name: 'load exclusive', pattern: pattern[0] ?? '' }, random, fields),
    instantiate({ ...between, pattern: dataProcessing[0]?.pattern ?? '' }, random, { d: value, n: value }),
    instantiate({ name: 'store exclusive', pattern: pattern[1] ?? '' }, random, fields),
  ];
}

/** Start-up code for the emulated side, at `layout.base`: EL1 with the MMU on, then EL0 at the entry. */
export function startUpCode(): Uint8Array {
  const tables = { root: layout.base + 0x2000, middle: layout.base + 0x3000 };
  const bytes = new Uint8Array(0x4000);
  const view = new DataView(bytes.buffer);
  const set = (register: a64.SystemRegister, value: bigint): number[] => [...a64.mov64(0, value), a64.msr(register, 0)];

  bytes.set(
    a64.assemble(
      set('MAIR_EL1', 0xffn),
      // 39-bit addresses, write-back inner shareable walks, TTBR1 off, 40-bit intermediate addresses.
      set('TCR_EL1', 25n | (1n << 8n) | (1n << 10n) | (3n << 12n) | (1n << 23n) | (2n << 32n)),
      set('TTBR0_EL1', BigInt(tables.root)),
      set('VBAR_EL1', BigInt(layout.base + 0x800)),
      set('CPACR_EL1', 3n << 20n),
      a64.isb(),
      // M, C, I; DZE and UCT so that EL0 may do what a Linux process may.
      set('SCTLR_EL1', 0x30d00800n | 1n | (1n << 2n) | (1n << 12n) | (1n << 14n) | (1n << 15n) | (1n << 26n)),
      a64.isb(),
      set('TPIDRRO_EL0', 0n),
      set('ELR_EL1', BigInt(layout.entry)),
      set('SPSR_EL1', 0x3c0n),
      a64.mov64(0, BigInt(layout.base + 0x1800)),
      a64.movSp(a64.SP, 0),
      a64.eret(),
    ),
    0,
  );

  // Synchronous exception from EL0: note ESR, ELR, FAR below SP and switch the CPU off; the caller judges what it was.
  bytes.set(
    a64.assemble(
      a64.mrs(0, 'ESR_EL1'),
      a64.mrs(1, 'ELR_EL1'),
      a64.mrs(2, 'FAR_EL1'),
      a64.movSp(3, a64.SP),
      a64.stpX(0, 1, 3, 0),
      a64.strX(2, 3, 16),
      a64.mov64(0, 0x84000002n),
      a64.smc(0),
    ),
    0x800 + 0x400,
  );

  view.setBigUint64(0x2000, BigInt(tables.middle) | 3n, true);
  const firstBlock = layout.base >>> 21;
  const attributes = (1n << 10n) | (3n << 8n) | 1n;
  view.setBigUint64(0x3000 + firstBlock * 8, BigInt(layout.base) | attributes, true);
  for (let block = firstBlock + 1; block < firstBlock + 64; block++) {
    view.setBigUint64(0x3000 + block * 8, (BigInt(block) << 21n) | attributes | (1n << 6n), true);
  }
  return bytes;
}

/** Where the exception report of `startUpCode` lies: ESR, ELR, FAR. */
export const reportAddress = layout.base + 0x1800;
