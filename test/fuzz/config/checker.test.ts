/** Damaged configs before the checker and everything that shows configs: no crash, no hang, no end of output. */
import { decodeConfig, DIALECTS, encodeConfig } from '../../../src/abi/jailhouse';
import { BOARDS } from '../../../src/boards';
import { convertConfig } from '../../../src/config/convert/convert';
import { diffDecoded, formatDifferences } from '../../../src/config/diff/diff';
import { checkConfigs } from '../../../src/config/check/check';
import { hardwareOfBoard } from '../../../src/config/check/hardware';
import { formatFindings } from '../../../src/config/check/report';
import { upstreamReport } from '../../../src/config/check/upstream';
import { FINDING_CODES } from '../../../src/config/findings';
import { formatC } from '../../../src/config/show/c-source';
import { formatTables } from '../../../src/config/show/table';
import { configTree } from '../../../src/config/show/tree';
import { formatTypeScript } from '../../../src/config/show/typescript';
import { CellvisorError, ConfigError } from '../../../src/errors';
import { sampleConfig } from '../../unit/abi/samples';
import { GOLDEN_NAMES, golden } from '../../unit/cells/golden';
import { randomNumbers } from '../../support/random-numbers';
import type { DecodedConfig } from '../../../src/abi/jailhouse';
import type { Subject } from '../../../src/config/check/subject';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 1_500);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);
/** Pieces of upstream's report to look at: overlaps of a damaged file have no end. */
const PIECES = 200;
const SLOW_MS = 2_000;

const random = randomNumbers(SEED);
const corpus = [
  ...GOLDEN_NAMES.map(golden),
  ...DIALECTS.flatMap((dialect) => [sampleConfig(dialect, 'system'), sampleConfig(dialect, 'cell')]),
];
const VALUES = [0n, 1n, 0xfffn, 0x1000n, 0x8000_0000n, 0xffff_ffffn, 1n << 47n, (1n << 63n) - 1n, (1n << 64n) - 1n];

function pick<T>(from: readonly T[]): T {
  return from[random(from.length)] as T;
}

/** Bytes changed at random, half of the time at a whole word, so that most still decode. */
function damaged(): Uint8Array {
  const bytes = pick(corpus).slice();
  const view = new DataView(bytes.buffer);
  for (let count = 1 + random(4); count > 0; count--) {
    const at = 8 + random(bytes.length - 16);
    switch (random(4)) {
      case 0:
        view.setBigUint64(at & ~7, pick(VALUES), true);
        break;
      case 1:
        view.setUint32(at & ~3, Number(pick(VALUES) & 0xffff_ffffn), true);
        break;
      case 2:
        bytes[at] = random(256);
        break;
      default:
        bytes.copyWithin(at, 8 + random(bytes.length - 16), bytes.length);
    }
  }
  return bytes;
}

/** One more damage that bytes seldom get: thousands of regions, all over each other. */
function crowded(decoded: DecodedConfig): DecodedConfig {
  const region = { physStart: 0x40000000n, virtStart: pick(VALUES), size: pick(VALUES), flags: BigInt(random(256)) };
  const memoryRegions = Array.from({ length: 2_000 }, () => region);
  return decoded.kind === 'cell'
    ? { ...decoded, config: { ...decoded.config, memoryRegions } }
    : { ...decoded, config: { ...decoded.config, rootCell: { ...decoded.config.rootCell, memoryRegions } } };
}

function decode(bytes: Uint8Array): DecodedConfig | undefined {
  try {
    return decodeConfig(bytes, { trailing: 'ignore' });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

const wholeSystem = decodeConfig(golden('imx8mq')) as Extract<DecodedConfig, { kind: 'system' }>;
const wholeCell = decodeConfig(golden('imx8mq-ivshmem-demo')) as Extract<DecodedConfig, { kind: 'cell' }>;

function subjectOf(decoded: DecodedConfig): Subject {
  const hardware = random(2) === 0 ? hardwareOfBoard(pick(BOARDS)) : undefined;
  const images = [{ cell: 'ivshmem-demo', file: 'x', address: pick(VALUES), sizeBytes: random(1 << 20) }];
  return decoded.kind === 'system'
    ? { system: decoded, cells: [{ ...wholeCell, isRoot: false }], hardware, images }
    : {
        system: pick([wholeSystem, undefined]),
        cells: [
          { ...decoded, isRoot: false },
          { ...wholeCell, isRoot: false },
        ],
        hardware,
        images,
      };
}

function checkAll(decoded: DecodedConfig): void {
  const subject = subjectOf(decoded);
  const findings = checkConfigs(subject);
  expect(findings.length).toBeLessThanOrEqual(100 * FINDING_CODES.length);
  expect(formatFindings(findings).length).toBeLessThan(2_000_000);
  if (subject.system) {
    const report = upstreamReport(subject.system, subject.cells);
    try {
      for (let piece = 0; piece < PIECES && !report.next().done; piece++);
    } catch (error) {
      expect(error).toBeInstanceOf(CellvisorError);
    }
  }
}

function showAll(decoded: DecodedConfig): void {
  const texts = [
    formatTables(decoded, 1),
    JSON.stringify(configTree(decoded)),
    formatC(decoded),
    formatTypeScript(decoded),
    formatDifferences(diffDecoded(decoded, decoded.kind === 'system' ? wholeSystem : wholeCell)),
  ];
  expect(texts.every((text) => !/\[object Object\]|NaN/.test(text))).toBe(true);
  try {
    encodeConfig(decodeConfig(convertConfig(decoded, pick(DIALECTS)), { trailing: 'reject' }).config, 'nxp-10');
  } catch (error) {
    expect(error).toBeInstanceOf(CellvisorError);
  }
}

test(`${ROUNDS} damaged configs`, () => {
  let decodedCount = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const decoded = decode(damaged());
    if (!decoded) continue;
    decodedCount++;
    const started = process.cpuUsage();
    try {
      checkAll(decoded);
      showAll(decoded);
      if (round % 100 === 0) checkAll(crowded(decoded));
    } catch (error) {
      throw new Error(`seed ${SEED}, round ${round}: ${(error as Error).stack}`);
    }
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 > SLOW_MS) throw new Error(`seed ${SEED}, round ${round}: slow`);
  }
  // Otherwise the mutants are too wild to find anything.
  expect(decodedCount).toBeGreaterThan(ROUNDS / 4);
}, 3_600_000);
