import {
  cellSizeBytes,
  decodeCellCreate,
  decodeCellDescriptor,
  decodeCellId,
  decodeCellLoad,
  decodeConfig,
  decodePreloadImage,
  decodeSystemHeader,
  DIALECTS,
  dialectsOfRevision,
  encodeConfig,
  encodeEnable,
  systemSizeBytes,
} from '../../../src/abi/jailhouse';
import { ConfigError } from '../../../src/errors';
import { randomNumbers } from '../../support/random-numbers';
import { GOLDEN_NAMES, golden } from '../../unit/cells/golden';
import { sampleConfig } from '../../unit/abi/samples';
import type { DecodedConfig, DecodeOptions } from '../../../src/abi/jailhouse';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 6_000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);

const corpus: readonly Uint8Array[] = [
  ...GOLDEN_NAMES.map(golden),
  ...DIALECTS.flatMap((dialect) => [sampleConfig(dialect, 'system'), sampleConfig(dialect, 'cell')]),
];
const INTERESTING = [0, 1, 2, 7, 31, 32, 127, 128, 255, 4096, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

type Random = (below: number) => number;
type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** A random offset, half of the time among the header's, where the counts are. */
function somewhere(bytes: Uint8Array, random: Random): number {
  return random(2) === 0 ? random(bytes.length) : random(Math.min(bytes.length, 600));
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = somewhere(bytes, random);
    bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    return bytes;
  },
  (bytes, random) => {
    const at = somewhere(bytes, random) & ~1;
    if (at + 4 <= bytes.length) {
      new DataView(bytes.buffer).setUint32(at, INTERESTING[random(INTERESTING.length)] as number, true);
    }
    return bytes;
  },
  (bytes, random) => bytes.slice(0, random(bytes.length + 1)),
  (bytes, random) => {
    const longer = new Uint8Array(bytes.length + 1 + random(200));
    longer.set(bytes);
    return longer.fill(random(256), bytes.length);
  },
  (bytes, random) => {
    const other = corpus[random(corpus.length)] as Uint8Array;
    const at = random(bytes.length);
    bytes.set(other.subarray(at, bytes.length), at);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 7) {
      bytes[6] = 7 + random(9);
    }
    return bytes;
  },
  (bytes, random) => bytes.fill(0, random(bytes.length), random(bytes.length)),
  (bytes, random) => bytes.copyWithin(random(bytes.length), random(bytes.length), random(bytes.length)),
];

function mutant(random: Random): Uint8Array {
  let bytes: Uint8Array = (corpus[random(corpus.length)] as Uint8Array).slice();
  for (let count = random(4); count >= 0 && bytes.length > 0; count--) {
    bytes = (mutations[random(mutations.length)] as Mutation)(bytes, random);
  }
  return bytes;
}

/** What came out; a problem in words where it breaks a promise. */
function outcome(bytes: Uint8Array, options: DecodeOptions): 'decoded' | 'refused' | `problem: ${string}` {
  let decoded: DecodedConfig;
  try {
    decoded = decodeConfig(bytes, options);
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      return `problem: ${String(error)}`;
    }
    const { field, offset, code } = error;
    const placed = field !== '' && offset !== undefined && offset >= 0 && offset <= Math.max(bytes.length, 600);
    return placed && code.startsWith('E_CONFIG_') ? 'refused' : `problem: ${code} at ${field}, ${offset}`;
  }
  const cell = decoded.kind === 'cell' ? decoded.config : decoded.config.rootCell;
  const elements = Object.values(cell).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) || value instanceof Uint8Array ? value.length : 0),
    0,
  );
  if (elements > bytes.length) {
    return `problem: ${elements} elements from ${bytes.length} bytes`;
  }
  const again = encodeConfig(decoded.config, decoded.dialect);
  const wanted = options.trailing === 'ignore' ? bytes.subarray(0, again.length) : bytes;
  return Buffer.compare(again, wanted) === 0 ? 'decoded' : 'problem: other bytes came back';
}

function readHeaders(bytes: Uint8Array): void {
  for (const dialect of DIALECTS) {
    expectConfigErrorAtMost(() => systemSizeBytes(decodeSystemHeader(bytes, dialect), dialect));
    expectConfigErrorAtMost(() => cellSizeBytes(decodeCellDescriptor(bytes, dialect), dialect));
  }
  for (const decode of [decodeCellCreate, decodeCellId, decodeCellLoad]) {
    expectConfigErrorAtMost(() => decode(bytes));
  }
  expectConfigErrorAtMost(() => decodePreloadImage(bytes, 3));
}

function expectConfigErrorAtMost(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
  }
}

test(`${ROUNDS} mutants of ${corpus.length} configs`, () => {
  const random = randomNumbers(SEED);
  const seen = { decoded: 0, refused: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutant(random);
    const [dialect] = dialectsOfRevision(bytes[6] ?? 0).toReversed();
    const choices: DecodeOptions[] = [{}, { trailing: 'ignore' }, ...(dialect ? [{ dialect }] : [])];
    for (const options of choices) {
      const result = outcome(bytes, options);
      if (result !== 'decoded' && result !== 'refused') {
        const hex = Buffer.from(bytes).toString('hex');
        throw new Error(`seed ${SEED}, round ${round}, ${JSON.stringify(options)}: ${result}\n${hex}`);
      }
      seen[result]++;
    }
    if (round % 16 === 0) {
      readHeaders(bytes);
      expect(encodeEnable(bytes).bytes.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    }
  }
  // Otherwise the mutants are too wild, or too tame, to find anything.
  expect(seen.decoded).toBeGreaterThan(ROUNDS / 20);
  expect(seen.refused).toBeGreaterThan(ROUNDS / 20);
}, 3_600_000);
