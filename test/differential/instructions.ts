import type { Random } from './random';

/**
 * Templates of random A64 instructions for the differential test, written from the encoding tables of the Arm ARM (DDI 0487, chapter C4).
 *
 * A pattern has 32 places, most significant first: 0 and 1 stand for themselves, `d n m a t s` are register fields (5 equal letters), any other letter
 * is a random field. `allowed` rejects encodings that are unallocated, or whose effect the architecture leaves open.
 */
export interface Template {
  readonly name: string;
  readonly pattern: string;
  readonly allowed?: (fields: Fields) => boolean;
}

/** Value of each field letter of a pattern. */
export type Fields = Readonly<Record<string, number>>;

export function instantiate(template: Template, random: Random, fixed: Fields = {}): number {
  const pattern = template.pattern.replaceAll(' ', '');
  if (pattern.length !== 32) throw new Error(`${template.name}: pattern has ${pattern.length} places`);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const fields: Record<string, number> = {};
    for (const letter of new Set(pattern.replace(/[01]/g, ''))) {
      const width = pattern.split(letter).length - 1;
      fields[letter] = fixed[letter] ?? random.below(2 ** width);
    }
    if (template.allowed && !template.allowed(fields)) continue;
    return encode(pattern, fields);
  }
  throw new Error(`${template.name}: no allowed encoding found`);
}

function encode(pattern: string, fields: Fields): number {
  const taken: Record<string, number> = {};
  let word = 0;
  // From the least significant place up, each letter gives its next higher bit.
  for (let place = 31; place >= 0; place--) {
    const letter = pattern.charAt(place);
    let bit = letter === '1' ? 1 : 0;
    if (letter !== '0' && letter !== '1') {
      const index = taken[letter] ?? 0;
      bit = ((fields[letter] ?? 0) >>> index) & 1;
      taken[letter] = index + 1;
    }
    if (bit) word |= 1 << (31 - place);
  }
  return word >>> 0;
}

const shiftFits = ({ f, i }: Fields): boolean => f === 1 || (i ?? 0) < 32;

/** N:immr:imms of a logical immediate is reserved when it selects no element, or an element of all ones (DecodeBitMasks). */
function logicalImmediateIsValid({ f, N, s }: Fields): boolean {
  if (f === 0 && N === 1) return false;
  const selector = ((N ?? 0) << 6) | (~(s ?? 0) & 0x3f);
  const length = 31 - Math.clz32(selector);
  if (selector === 0 || length < 1) return false;
  const levels = (1 << length) - 1;
  return ((s ?? 0) & levels) !== levels;
}

/** Data processing: no memory, no control flow. */
export const dataProcessing: readonly Template[] = [
  { name: 'add/sub immediate', pattern: 'foS 100010 h iiiiiiiiiiii nnnnn ddddd' },
  { name: 'logical immediate', pattern: 'foo 100100 N rrrrrr ssssss nnnnn ddddd', allowed: logicalImmediateIsValid },
  {
    name: 'move wide',
    pattern: 'foo 100101 hh iiiiiiiiiiiiiiii ddddd',
    allowed: ({ f, o, h }) => o !== 1 && (f === 1 || (h ?? 0) < 2),
  },
  {
    name: 'bitfield',
    pattern: 'foo 100110 N rrrrrr ssssss nnnnn ddddd',
    allowed: ({ f, o, N, r, s }) => o !== 3 && f === N && (f === 1 || ((r ?? 0) < 32 && (s ?? 0) < 32)),
  },
  {
    name: 'extract',
    pattern: 'f00 100111 N 0 mmmmm iiiiii nnnnn ddddd',
    allowed: (x) => x['f'] === x['N'] && shiftFits(x),
  },
  { name: 'pc-relative', pattern: 'oll 10000 00000000000iiiiiiii ddddd', allowed: ({ o }) => o === 0 },
  { name: 'logical shifted register', pattern: 'foo 01010 hh N mmmmm iiiiii nnnnn ddddd', allowed: shiftFits },
  {
    name: 'add/sub shifted register',
    pattern: 'foS 01011 hh 0 mmmmm iiiiii nnnnn ddddd',
    allowed: (x) => x['h'] !== 3 && shiftFits(x),
  },
  {
    name: 'add/sub extended register',
    pattern: 'foS 01011 001 mmmmm eee iii nnnnn ddddd',
    allowed: ({ i }) => (i ?? 0) <= 4,
  },
  { name: 'add/sub with carry', pattern: 'foS 11010000 mmmmm 000000 nnnnn ddddd' },
  { name: 'conditional compare register', pattern: 'fo1 11010010 mmmmm cccc 00 nnnnn 0 vvvv' },
  { name: 'conditional compare immediate', pattern: 'fo1 11010010 iiiii cccc 10 nnnnn 0 vvvv' },
  { name: 'conditional select', pattern: 'fo0 11010100 mmmmm cccc 0p nnnnn ddddd' },
  {
    name: 'one source',
    pattern: 'f10 11010110 00000 000ppp nnnnn ddddd',
    allowed: ({ f, p }) => (p ?? 0) < 6 && (f === 1 || p !== 3),
  },
  { name: 'divide', pattern: 'f00 11010110 mmmmm 00001p nnnnn ddddd' },
  { name: 'variable shift', pattern: 'f00 11010110 mmmmm 0010pp nnnnn ddddd' },
  {
    name: 'crc32',
    pattern: 'f00 11010110 mmmmm 010Czz nnnnn ddddd',
    allowed: ({ f, z }) => (f === 1) === (z === 3),
  },
  { name: 'multiply-add', pattern: 'f00 11011000 mmmmm o aaaaa nnnnn ddddd' },
  { name: 'multiply-add long', pattern: '100 11011U01 mmmmm o aaaaa nnnnn ddddd' },
  { name: 'multiply high', pattern: '100 11011U10 mmmmm 0 11111 nnnnn ddddd' },
  { name: 'read flags', pattern: '1101010100 1 11 011 0100 0010 000 ddddd' },
  { name: 'write flags', pattern: '1101010100 0 11 011 0100 0010 000 ddddd' },
];

/** The base register slot of every memory template is `n`; the program sets it to a valid address first. */
export interface MemoryTemplate extends Template {
  /** Bytes that the instruction may reach on either side of the base. */
  readonly reach: number;
  /** The address must be a multiple of this (atomics and exclusives fault otherwise). */
  readonly alignment?: number;
  /** `m` is an index register, set to a small value first. */
  readonly indexed?: boolean;
}

const writesBackOverItself = ({ n, t, s }: Fields): boolean => n !== 31 && (n === t || (s !== undefined && n === s));
const singleIsAllocated = ({ z, o }: Fields): boolean => !((z === 3 && (o ?? 0) >= 2) || (z === 2 && o === 3));
const scaledReach = 8 * 64;

/** Integer loads and stores. */
export const memoryAccess: readonly MemoryTemplate[] = [
  {
    name: 'unsigned offset',
    pattern: 'zz 111001 oo 000000iiiiii nnnnn ttttt',
    reach: scaledReach,
    allowed: singleIsAllocated,
  },
  {
    name: 'unscaled offset',
    pattern: 'zz 111000 oo 0 iiiiiiiii 00 nnnnn ttttt',
    reach: 272,
    allowed: singleIsAllocated,
  },
  {
    name: 'unprivileged',
    pattern: 'zz 111000 oo 0 iiiiiiiii 10 nnnnn ttttt',
    reach: 272,
    allowed: (x) => singleIsAllocated(x),
  },
  {
    name: 'pre- and post-index',
    pattern: 'zz 111000 oo 0 iiiiiiiii p1 nnnnn ttttt',
    reach: 272,
    allowed: (x) => singleIsAllocated(x) && !writesBackOverItself(x),
  },
  {
    name: 'register offset',
    pattern: 'zz 111000 oo 1 mmmmm e1x S 10 nnnnn ttttt',
    reach: 1024,
    indexed: true,
    allowed: (x) => singleIsAllocated(x) && x['n'] !== x['m'],
  },
  {
    name: 'pair',
    pattern: 'z0 101 0 0pp l iiiiiii sssss nnnnn ttttt',
    reach: 544,
    allowed: (x) => !(x['l'] === 1 && x['t'] === x['s']) && (x['p'] === 0 || x['p'] === 2 || !writesBackOverItself(x)),
  },
  {
    name: 'pair signed word',
    pattern: '01 101 0 010 1 iiiiiii sssss nnnnn ttttt',
    reach: 272,
    allowed: ({ t, s }) => t !== s,
  },
  { name: 'acquire and release', pattern: 'zz 001000 1 l 0 11111 1 11111 nnnnn ttttt', reach: 16, alignment: 8 },
  {
    name: 'swap and atomic arithmetic',
    pattern: 'zz 111000 A R 1 sssss o ppp 00 nnnnn ttttt',
    reach: 16,
    alignment: 8,
    allowed: ({ o, p }) => o === 0 || p === 0,
  },
  { name: 'compare and swap', pattern: 'zz 001000 1 A 1 sssss R 11111 nnnnn ttttt', reach: 16, alignment: 8 },
  {
    name: 'compare and swap pair',
    pattern: '0z 001000 0 A 1 sssss R 11111 nnnnn ttttt',
    reach: 16,
    alignment: 16,
    allowed: ({ s, t }) => ((s ?? 0) & 1) === 0 && ((t ?? 0) & 1) === 0,
  },
];
