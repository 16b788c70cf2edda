import { decodeConfig } from '../src/abi/jailhouse/config/decode';
import { checkConfigs } from '../src/config/check/check';
import { diffDecoded } from '../src/config/diff/diff';
import { inPackage, readCellFile } from './harness/paths';
import { run as runProgram } from './harness/process';
import { median } from './harness/statistics';
import type { CheckedCell, CheckedSystem } from '../src/config/check/subject';
import type { Benchmark, Row, Target } from './harness/result';

const SYSTEM = 'imx8mq-veth';
const PLAIN = 'imx8mq';
const CELL = 'imx8mq-linux-demo';
const CELLS = 200;
const ROUNDS = 200;
const PROCESSES = 15;
/** Of 200 runs of the interpreter, which are all alike, so many are measured. */
const PYTHON_RUNS = 20;

export const checker: Benchmark = {
  name: 'checker',
  title: 'Checking configs',
  method:
    `\`cells/${SYSTEM}.cell\` and \`cells/${CELL}.cell\`, or for comparing \`cells/${PLAIN}.cell\`, in a new process and in one that has done it before. The last row is one \`jailhouse config check\` with ` +
    `${CELLS} cells, as a whole process, beside \`python3 -c pass\` ${CELLS} times: the least that a checker in Python, which ` +
    'is run once for each cell, can take.',
  run,
};

const target: Target = { limit: 'at most', value: 5, of: 'value' };

async function run(): Promise<Row[]> {
  const [system, cell] = [readSystem(), readCell()];
  const both = { system, cells: [cell] };
  return [
    { what: 'check, once', value: await once('check-once', [SYSTEM, CELL], 'checkedMs'), unit: 'ms', target },
    { what: 'compare, once', value: await once('diff-once', [PLAIN, SYSTEM], 'comparedMs'), unit: 'ms', target },
    { what: 'check, repeated', value: repeated(() => checkConfigs(both)), unit: 'ms', target },
    {
      what: 'compare, repeated',
      value: repeated(() => diffDecoded(decodeConfig(readCellFile(PLAIN)), decodeConfig(readCellFile(SYSTEM)))),
      unit: 'ms',
      target,
    },
    await manyCells(),
  ];
}

/** What a command pays: nothing is compiled yet. */
async function once(program: string, configs: readonly string[], figure: string): Promise<number> {
  const args = [inPackage('dist/bench/programs', `${program}.js`), ...configs.map(cellFile)];
  const durations: number[] = [];
  for (let round = 0; round < PROCESSES; round++) {
    const { stdout } = await runProgram(process.execPath, args);
    durations.push((JSON.parse(stdout) as Record<string, number>)[figure] as number);
  }
  return median(durations);
}

async function manyCells(): Promise<Row> {
  const args = ['config', 'check', cellFile(SYSTEM), ...Array.from({ length: CELLS }, () => cellFile(CELL))];
  const durations: number[] = [];
  for (let round = 0; round < 5; round++) {
    // Cells that are all the same have errors, so the exit code is 1.
    const shell = ['-c', '"$0" "$@" > /dev/null || [ $? = 1 ]', process.execPath, inPackage('dist/bin/jailhouse.js')];
    durations.push((await runProgram('/bin/sh', [...shell, ...args])).durationMs);
  }
  return {
    what: `config check of ${CELLS} cells`,
    value: median(durations),
    unit: 'ms',
    target: { limit: 'at most', value: 1 / 20, of: 'ratio' },
    peer: await pythonStarts(),
  };
}

async function pythonStarts(): Promise<NonNullable<Row['peer']>> {
  const name = `python3 -c pass, ${CELLS} times`;
  const durations: number[] = [];
  try {
    for (let round = 0; round < PYTHON_RUNS; round++) {
      durations.push((await runProgram('python3', ['-c', 'pass'])).durationMs);
    }
  } catch {
    return { name, missing: 'python3 is not installed' };
  }
  return { name, value: median(durations) * CELLS };
}

function cellFile(name: string): string {
  return inPackage('cells', `${name}.cell`);
}

function readSystem(): CheckedSystem {
  const decoded = decodeConfig(readCellFile(SYSTEM));
  if (decoded.kind !== 'system') throw new Error(`${SYSTEM} is no system config`);
  return decoded;
}

function readCell(): CheckedCell {
  const decoded = decodeConfig(readCellFile(CELL));
  if (decoded.kind !== 'cell') throw new Error(`${CELL} is no cell config`);
  return { ...decoded, isRoot: false };
}

function timed(call: () => unknown): number {
  const startedMs = performance.now();
  call();
  return performance.now() - startedMs;
}

function repeated(call: () => unknown): number {
  return median(Array.from({ length: ROUNDS }, () => timed(call)));
}
