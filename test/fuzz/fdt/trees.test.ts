import {
  applyOverlay,
  cpuRegions,
  FdtError,
  interruptMap,
  interrupts,
  parse,
  printDts,
  ranges,
  reg,
  routedInterrupts,
  routedMap,
  write,
} from '../../../src/fdt';
import { randomNumbers } from '../../support/random-numbers';
import { begin, blob, end, endNode, fixture, nop, property, u32 } from '../../unit/fdt/blob';
import type { DeviceTree } from '../../../src/fdt';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 2_000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);
/** No mutant is larger than 8 KiB; what takes this long or this much memory is not in proportion to that. */
const SLOW_MS = 1_000;
const LARGE_BYTES = 64 * 2 ** 20;

type Random = (below: number) => number;
type Mutation = (bytes: Buffer, random: Random) => Buffer;

const corpus: readonly Buffer[] = [
  ...['board.dtb', 'values.dtb', 'overlay.dtbo', 'overlaid.dtb'].map(fixture),
  blob({
    structure: [begin(''), property(0, [1, 2, 3, 4]), nop, begin('a@1'), endNode, endNode, end],
    strings: 'reg\0',
  }),
  blob({ structure: [begin(''), endNode, end], version: 16, freeBytes: 32 }),
];
const TOKENS = [1, 2, 3, 4, 9];
const INTERESTING = [0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 40, 255, 256, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];
const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;
const wordAt = (bytes: Buffer, random: Random) => random(Math.max(1, bytes.length >> 2)) * 4;

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    return bytes;
  },
  (bytes, random) => {
    // The header, where all offsets are.
    if (bytes.length >= 40)
      bytes.writeUInt32BE(random(2) === 0 ? pick(INTERESTING, random) : random(bytes.length), 4 * random(10));
    return bytes;
  },
  (bytes, random) => {
    const at = wordAt(bytes, random);
    if (at + 4 <= bytes.length) bytes.writeUInt32BE(pick(random(2) === 0 ? TOKENS : INTERESTING, random), at);
    return bytes;
  },
  (bytes, random) => fixTotal(bytes.subarray(0, random(bytes.length + 1))),
  (bytes, random) => {
    const at = wordAt(bytes, random);
    return fixTotal(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 4 * (1 + random(8)))]));
  },
  (bytes, random) => {
    // Tokens doubled: nodes within nodes.
    const [at, length] = [wordAt(bytes, random), 4 * (1 + random(64))];
    return fixTotal(Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]));
  },
  (bytes, random) => {
    const at = wordAt(bytes, random);
    return fixTotal(Buffer.concat([bytes.subarray(0, at), u32(pick(TOKENS, random), random(4)), bytes.subarray(at)]));
  },
  (bytes, random) => {
    const other = pick(corpus, random);
    const at = wordAt(bytes, random);
    other.copy(bytes, at, Math.min(at, other.length));
    return bytes;
  },
];

/** Makes the header fit what the file has become, so that more than the header is tried. */
function fixTotal(bytes: Buffer): Buffer {
  const fixed = Buffer.from(bytes.subarray(0, 8192));
  if (fixed.length < 40) return fixed;
  const grown = fixed.length - fixed.readUInt32BE(4);
  fixed.writeUInt32BE(fixed.length, 4);
  const strings = fixed.readUInt32BE(12) + grown;
  const structure = fixed.readUInt32BE(36) + grown;
  if (strings >= 0 && strings <= fixed.length) fixed.writeUInt32BE(strings, 12);
  if (structure >= 0 && structure <= fixed.length) fixed.writeUInt32BE(structure, 36);
  return fixed;
}

function mutant(random: Random): Buffer {
  let bytes: Buffer = Buffer.from(pick(corpus, random));
  for (let count = 1 + random(4); count > 0 && bytes.length > 0; count--)
    bytes = pick(mutations, random)(bytes, random);
  return bytes;
}

/** The result, or undefined for the one kind of error that there may be; all else fails the test. */
function tolerated<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof FdtError)) throw error;
    expect(error.message).toMatch(/^[\x20-\x7e]+$/);
    return undefined;
  }
}

/** Everything that reads a tree. */
function useAll(tree: DeviceTree, other: DeviceTree): void {
  printDts(tree);
  for (const node of tree.nodes()) {
    tolerated(() => node.isAvailable);
    tolerated(() => reg(node));
    tolerated(() => ranges(node));
    tolerated(() => cpuRegions(node));
    tolerated(() => interrupts(tree, node));
    tolerated(() => interruptMap(tree, node));
    tolerated(() => routedInterrupts(tree, node));
    tolerated(() => routedMap(tree, node));
  }
  for (const pair of [
    [tree, other],
    [other, tree],
  ] as const) {
    const merged = tolerated(() => applyOverlay(...pair));
    if (merged) tolerated(() => write(merged));
  }
}

test(`${ROUNDS} mutated trees, seed ${SEED}: an FdtError with an offset, or a tree that is written as it was`, () => {
  const random = randomNumbers(SEED);
  const others = [parse(fixture('board.dtb')), parse(fixture('overlay.dtbo'))] as const;
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutant(random);
    const memory = process.memoryUsage().arrayBuffers;
    const started = process.cpuUsage();
    let tree: DeviceTree | undefined;
    try {
      tree = parse(bytes);
    } catch (error) {
      if (!(error instanceof FdtError)) throw new Error(`round ${round}`, { cause: error });
      if (error.offset === undefined || error.offset > bytes.length)
        throw new Error(`round ${round}: ${error.message}`);
    }
    if (tree) {
      accepted++;
      if (Buffer.compare(write(tree), bytes) !== 0) throw new Error(`round ${round}: written differently`);
      useAll(tree, pick(others, random));
      // An edit lays it out anew; the same tree must come of it.
      tree.root.set('fuzz', 1);
      const again = parse(write(tree));
      if (printDts(again) !== printDts(tree)) throw new Error(`round ${round}: another tree after an edit`);
    }
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 > SLOW_MS) throw new Error(`round ${round}: slow`);
    if (process.memoryUsage().arrayBuffers - memory > LARGE_BYTES) throw new Error(`round ${round}: large`);
  }
  // A fuzzer that is always turned away at the door tries nothing.
  expect(accepted).toBeGreaterThan(ROUNDS / 20);
  expect(accepted).toBeLessThan(ROUNDS);
}, 600_000);

/** A tree that the format allows, whose properties say nonsense. */
function nonsense(random: Random): DeviceTree {
  const tree = parse(pick(corpus, random));
  for (let count = 1 + random(6); count > 0; count--) {
    const node = pick([...tree.nodes()], random);
    const properties = [...node.properties];
    const kind = random(6);
    if (kind === 0 && node.parent) {
      node.detach();
    } else if (kind === 1) {
      tolerated(() => pick([...tree.nodes()], random).attach(node.clone()));
    } else if (properties.length > 0) {
      const { name, value } = pick(properties, random);
      const bytes = Buffer.from(value);
      const resized = Buffer.concat([bytes, u32(pick(INTERESTING, random))]).subarray(0, random(bytes.length + 5));
      if (bytes.length >= 4 && kind > 2) bytes.writeUInt32BE(pick(INTERESTING, random), random(bytes.length >> 2) * 4);
      node.set(name, kind > 2 ? bytes : resized);
    }
  }
  return tree;
}

test(`${ROUNDS} trees of nonsense, seed ${SEED}: an FdtError or a result, and the tree that is written is read`, () => {
  const random = randomNumbers(SEED);
  const others = [parse(fixture('board.dtb')), parse(fixture('overlay.dtbo'))] as const;
  for (let round = 0; round < ROUNDS; round++) {
    const tree = nonsense(random);
    const before = write(tree);
    const started = process.cpuUsage();
    useAll(tree, pick(others, random));
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 > SLOW_MS) throw new Error(`round ${round}: slow`);
    if (Buffer.compare(write(tree), before) !== 0) throw new Error(`round ${round}: reading has changed the tree`);
    if (printDts(parse(before)) !== printDts(tree)) throw new Error(`round ${round}: another tree is read`);
  }
}, 600_000);
