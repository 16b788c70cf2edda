import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainCrash, parseCrashLog, readElf } from '../../../src/crash';
import { CellvisorError } from '../../../src/errors';
import { config as faultDemo } from '../../../cells/imx8mm-fault-demo';
import { config as root } from '../../../cells/imx8mm';
import { randomNumbers } from '../../support/random-numbers';
import { dumpText, recorded } from '../../unit/crash/dumps';
import type { World } from '../../../src/crash';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 1_000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);
/** No log here is longer than 20 KiB. */
const SLOW_MS = 1_000;

type Random = (below: number) => number;

const corpus = [
  ...['write', 'read', 'exec', 'hvc', 'undefined-smc'].map(recorded),
  dumpText({ withElr: true }).replaceAll('\n', '\r\n'),
  dumpText({ cause: 'FATAL: Invalid PCI MMCONFIG write, device 00:01.0, reg: 40, size: 4', iss: 0x46 }).replaceAll(
    '\n',
    '\n\r',
  ),
];
const PIECES = [
  '<missed 7 bytes of console log>\n',
  '<missed 4294967295 bytes of console log>\n',
  '[  123.456789] usb 1-1: new device\n',
  '\r',
  '\n\r',
  '\0',
  'FATAL: ',
  'x31: 0000000000000000',
  'x29: 00000000000000',
  'esr: ff 1 ffffffff',
  'Parking CPU 99999999 (Cell: "',
  'Unhandled data write at 0xffffffffffffffff(999)\n',
];

const world: World = {
  system: { dialect: 'nxp-10', config: root },
  cells: [{ dialect: 'nxp-10', config: faultDemo, isRoot: false }],
};
const elf = readFileSync(join(__dirname, '../../../inmates/prebuilt/fault-demo.bin'));

const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;

const mutations: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + pick(PIECES, random) + text.slice(at);
  },
  (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + text.slice(at + random(200));
  },
  (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
  },
  (text, random) => {
    const lines = text.split('\n');
    const at = random(lines.length);
    lines.splice(at, random(3), pick(lines, random));
    return lines.join('\n');
  },
  (text, random) => text + pick(corpus, random).slice(random(500)),
  // Another digit within a number.
  (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + text.slice(at).replace(/[0-9a-f]/, random(16).toString(16));
  },
];

test(`${ROUNDS} damaged logs are read and explained, without an error and in time (seed ${SEED})`, () => {
  const random = randomNumbers(SEED);
  let dumps = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let log = pick(corpus, random);
    for (let count = 1 + random(6); count > 0; count--) log = pick(mutations, random)(log, random).slice(0, 20_000);
    const started = performance.now();
    const found = parseCrashLog(log);
    for (const dump of found) {
      expect(dump.lastLine).toBeGreaterThanOrEqual(dump.firstLine);
      expect(dump.registers.x).toHaveLength(30);
      const { title, facts } = explainCrash(dump, { world });
      expect(`${title}${facts.map(({ text }) => text).join('')}`).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(performance.now() - started).toBeLessThan(SLOW_MS);
    dumps += found.length;
  }
  // The mutants are still logs of crashes.
  expect(dumps).toBeGreaterThan(ROUNDS / 2);
});

test('files that are no ELF, or damaged ones, are refused or read', () => {
  const random = randomNumbers(SEED);
  const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = Buffer.from(elf.subarray(0, 64 + random(2000)));
    magic.copy(bytes);
    bytes.writeUInt16LE(183, 18);
    for (const at of [32, 40]) bytes.writeBigUInt64LE(BigInt(random(3000)), at);
    bytes.writeUInt16LE(56 + random(8), 54);
    bytes.writeUInt16LE(random(10), 56);
    bytes.writeUInt16LE(64 + random(8), 58);
    bytes.writeUInt16LE(random(10), 60);
    for (let count = random(40); count > 0; count--) bytes[64 + random(bytes.length - 64)] = random(8);
    try {
      const program = readElf('x', bytes);
      program.symbolAt(BigInt(random(0x10000)));
      program.wordAt(BigInt(random(0x10000)));
    } catch (error) {
      expect(error).toBeInstanceOf(CellvisorError);
    }
  }
});
