import { BenchBoard, consoleUart } from './harness/board';
import { inPackage, readCellFile, readInmate } from './harness/paths';
import { run as runProgram } from './harness/process';
import { median } from './harness/statistics';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'imx8mm-evk' };
const CELL = { name: 'gic-demo' };
const FIRST_LINE = 'Initializing the GIC...';
const ROUNDS = 31;

export const start: Benchmark = {
  name: 'start',
  title: 'Start of a cell',
  method:
    "Jailhouse.startCell of the gic-demo cell, until the log of the UART has the inmate's first line. (The hypervisor prints " +
    "to the same UART, so the first byte after the start is not the inmate's.) The second row starts the cell with the " +
    'command: a whole Node process more.',
  run,
};

async function run(): Promise<Row[]> {
  const config = readCellFile('imx8mm-gic-demo');
  const uart = consoleUart(BOARD, config);
  const command = [inPackage('dist/bin/jailhouse.js'), 'cell', 'start', CELL.name];
  return BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('imx8mm'));
    await board.jailhouse.createCell(config);
    const byLibrary: number[] = [];
    const byCommand: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      byLibrary.push(await untilFirstLine(board, uart, () => board.jailhouse.startCell(CELL)));
      byCommand.push(await untilFirstLine(board, uart, () => runProgram(process.execPath, command)));
    }
    return [
      {
        what: "cell start to the inmate's first line",
        value: median(byLibrary),
        unit: 'ms',
        target: { limit: 'at most', value: 20, of: 'value' },
      },
      { what: "jailhouse cell start (process) to the inmate's first line", value: median(byCommand), unit: 'ms' },
    ];
  });
}

/** Milliseconds from the call of `startCell` until the inmate has printed a line. */
async function untilFirstLine(board: BenchBoard, uart: string, startCell: () => Promise<unknown>): Promise<number> {
  await board.jailhouse.loadCell(CELL, [{ source: readInmate('gic-demo'), targetAddress: 0n }]);
  const line = board.readLogUntil(uart, await board.logEnd(uart), FIRST_LINE).then(() => performance.now());
  const startedMs = performance.now();
  const [lineMs] = await Promise.all([line, startCell()]);
  return lineMs - startedMs;
}
