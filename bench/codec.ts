import { decodeConfig } from '../src/abi/jailhouse/config/decode';
import { encodeConfig } from '../src/abi/jailhouse/config/encode';
import { inPackage, readCellFile } from './harness/paths';
import { run as runProgram } from './harness/process';
import { median } from './harness/statistics';
import type { Benchmark, Row, Target } from './harness/result';

const CONFIG = 'imx8mm';
const PROCESSES = 15;
const ROUNDS = 2000;

export const codec: Benchmark = {
  name: 'codec',
  title: 'Cell configs',
  method:
    `cells/${CONFIG}.cell, a root cell. Once in a new process is what a command pays; repeated is what a program that ` +
    'handles many configs pays.',
  run,
};

const target: Target = { limit: 'at most', value: 5, of: 'value' };

async function run(): Promise<Row[]> {
  const first: { decodeMs: number; encodeMs: number }[] = [];
  for (let round = 0; round < PROCESSES; round++) {
    const program = inPackage('dist/bench/programs/codec-once.js');
    const { stdout } = await runProgram(process.execPath, [program, inPackage('cells', `${CONFIG}.cell`)]);
    first.push(JSON.parse(stdout) as { decodeMs: number; encodeMs: number });
  }
  const bytes = readCellFile(CONFIG);
  const { config, dialect } = decodeConfig(bytes);
  const rows: [string, number][] = [
    ['decode, once', median(first.map(({ decodeMs }) => decodeMs))],
    ['encode, once', median(first.map(({ encodeMs }) => encodeMs))],
    ['decode, repeated', repeated(() => decodeConfig(bytes))],
    ['encode, repeated', repeated(() => encodeConfig(config, dialect))],
  ];
  return rows.map(([what, value]) => ({ what, value, unit: 'ms', target }));
}

/** Median of a call, in milliseconds. */
function repeated(call: () => unknown): number {
  const durations = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    call();
    return performance.now() - startedMs;
  });
  return median(durations);
}
