/** Damaged configurations: an answer or one of our errors, in reasonable time, and errors that name a line of the file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printLibxlJson, readDomainConfig, toLibxlJson, XlConfigError } from '../../../src/xen/config';
import transcripts from '../../unit/xen/config/xl-4.17.json';
import { randomNumbers } from '../../support/random-numbers';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 4_000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);
const SLOW_MS = 1_000;

const random = randomNumbers(SEED);
const golden = join(__dirname, '../../unit/xen/config/golden');
const corpus = [
  ...transcripts.map(({ text }) => text),
  ...readdirSync(golden)
    .filter((name) => name.endsWith('.cfg'))
    .map((name) => readFileSync(join(golden, name), 'utf8')),
];
const PIECES = [
  ...[
    '"',
    "'",
    '\\',
    '\n',
    '[',
    ']',
    ',',
    '=',
    '+=',
    ';',
    '#',
    '0x',
    '\0',
    '\r',
    ' ',
    '^',
    '-',
    ':',
    '@',
    '(',
    'é',
    '\u2028',
  ],
  ...[
    '99999999999999999999999',
    '-1',
    'all',
    'node:',
    'cpus',
    'irqs = [',
    'target=',
    '\\x4',
    '__proto__ = 1\n',
    'constructor = 1\n',
  ],
];

function pick<T>(from: readonly T[]): T {
  return from[random(from.length)] as T;
}

function damaged(): string {
  let text = pick(corpus);
  for (let count = 1 + random(5); count > 0; count--) {
    const at = random(text.length + 1);
    const end = Math.min(text.length, at + random(12));
    switch (random(4)) {
      case 0:
        text = text.slice(0, at) + pick(PIECES) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 2:
        text = text.slice(0, at) + pick(PIECES) + text.slice(end);
        break;
      default:
        text = text.slice(0, at) + pick(corpus) + text.slice(at);
    }
  }
  return text;
}

test(`${ROUNDS} damaged configurations`, () => {
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const text = damaged();
    const start = performance.now();
    try {
      const config = readDomainConfig(text, 'f.cfg', () => undefined);
      JSON.parse(printLibxlJson(toLibxlJson(config, { cpuCount: 4 })));
      accepted++;
    } catch (error) {
      if (!(error instanceof XlConfigError))
        throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error });
      if (error.line !== undefined && error.line !== 0 && error.line > text.split('\n').length) {
        throw new Error(`round ${round}: line ${error.line} of ${JSON.stringify(text)}`);
      }
    }
    expect(performance.now() - start).toBeLessThan(SLOW_MS);
  }
  // Both ways must have been tried.
  expect(accepted).toBeGreaterThan(ROUNDS / 20);
  expect(accepted).toBeLessThan(ROUNDS);
});
