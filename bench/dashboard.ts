import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { BenchBoard } from './harness/board';
import { inPackage, readCellFile, readInmate } from './harness/paths';
import { PtyProgram } from './harness/pty-program';
import { median } from './harness/statistics';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'imx8mm-evk' };
const CELL = { name: 'gic-demo' };
const STARTS = 15;
const CREATIONS = 15;
const WATCH_SECONDS = 20;
/** Of a UNIX clock tick: USER_HZ is 100 on every Linux. */
const TICK_MS = 10;

export const dashboard: Benchmark = {
  name: 'dashboard',
  title: 'The dashboard',
  method:
    '`cellvisor top` as a whole process on a pseudo-terminal of 80 x 24, with an emulated board that has two cells. First frame: from ' +
    'the start of the process until the header is on the terminal; with cells: until their names are. Key: from `?` until the ' +
    `page of keys is there, typed right after \`y\` had a cell created and before that was done; medians of ${STARTS} and ${CREATIONS}. ` +
    `Bytes and processor time: gic-demo runs, its UART is followed, one sample a second, ${WATCH_SECONDS} seconds. A serial line at ` +
    '115200 carries 11520 bytes a second.',
  run,
};

async function run(): Promise<Row[]> {
  return BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('imx8mm'));
    const keysMs = await keysWhileCreating(board);
    await board.jailhouse.createCell(readCellFile('imx8mm-gic-demo'));
    const starts: { frameMs: number; cellsMs: number }[] = [];
    for (let round = 0; round < STARTS; round++) starts.push(await firstFrame());
    await board.jailhouse.loadCell(CELL, [{ source: readInmate('gic-demo'), targetAddress: 0n }]);
    await board.jailhouse.startCell(CELL);
    const watched = await watch();
    return [
      atMost('first frame', median(starts.map(({ frameMs }) => frameMs)), 'ms', 400),
      { what: 'first frame with cells', value: median(starts.map(({ cellsMs }) => cellsMs)), unit: 'ms' },
      atMost('key while a cell is created', median(keysMs), 'ms', 50),
      atMost('the slowest of these keys', Math.max(...keysMs), 'ms', 50),
      atMost('bytes to the terminal', watched.bytesPerSecond, 'B/s', 11_520),
      { what: 'processor time', value: watched.percent, unit: '% of a core' },
    ];
  });
}

function atMost(what: string, value: number, unit: string, limit: number): Row {
  return { what, value, unit, target: { limit: 'at most', value: limit, of: 'value' } };
}

function openDashboard(): PtyProgram {
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  return new PtyProgram(process.execPath, [inPackage('dist/bin/cellvisor.js'), 'top'], env);
}

async function firstFrame() {
  const startedMs = performance.now();
  const program = openDashboard();
  await program.until('EMULATED');
  const frameMs = performance.now() - startedMs;
  await program.until(CELL.name);
  const cellsMs = performance.now() - startedMs;
  await program.end();
  return { frameMs, cellsMs };
}

/** Keys that were answered before the cell was there. */
async function keysWhileCreating(board: BenchBoard): Promise<number[]> {
  const program = openDashboard();
  const times: number[] = [];
  await program.until('imx8mm ');
  while (times.length < CREATIONS) {
    let from = program.output.length;
    program.type(`:create ${inPackage('cells/imx8mm-gic-demo.cell')}\r`);
    await program.until('Create cell', from);
    from = program.output.length;
    program.type('y');
    const typedMs = performance.now();
    program.type('?');
    await program.until('Keys and commands', from);
    const answeredMs = performance.now() - typedMs;
    if (!program.output.includes('done: ', from)) times.push(answeredMs);
    program.type('q');
    await program.until('done: ', from);
    await board.jailhouse.destroyCell(CELL);
  }
  await program.end();
  return times;
}

async function watch() {
  const program = openDashboard();
  await program.until(CELL.name);
  program.type(':log uart2\r');
  await program.until('jitter');
  await wait(2000); // The first samples fill what is empty.
  const [bytes, ticks, startedMs] = [program.output.length, ticksOf(program.processId), performance.now()];
  await wait(WATCH_SECONDS * 1000);
  const seconds = (performance.now() - startedMs) / 1000;
  const bytesPerSecond = (program.output.length - bytes) / seconds;
  const percent = ((ticksOf(program.processId) - ticks) * TICK_MS) / (seconds * 10);
  await program.end();
  return { bytesPerSecond, percent };
}

/** User and system time of a process, in clock ticks: fields 14 and 15 of proc(5)'s stat. */
function ticksOf(processId: number): number {
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
