import { BenchBoard, consoleUart } from './harness/board';
import { inPackage, readCellFile, readInmate } from './harness/paths';
import { run as runProgram } from './harness/process';
import { median } from './harness/statistics';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'imx8mm-evk' };
const CELL = { name: 'gic-demo' };
const ROUNDS = 31;

export const start: Benchmark = {
  name: 'start',
  title: 'Start of a cell',
  method:
    "Jailhouse.startCell of the gic-demo cell, until a second connection to the board has the first byte of the inmate's " +
    'UART. The second row starts it with the command: a whole Node process more.',
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
      byLibrary.push(await untilFirstByte(board, uart, () => board.jailhouse.startCell(CELL)));
      byCommand.push(await untilFirstByte(board, uart, () => runProgram(process.execPath, command)));
    }
    return [
      {
        what: 'cell start to first UART byte',
        value: median(byLibrary),
        unit: 'ms',
        target: { limit: 'at most', value: 20, of: 'value' },
      },
      { what: 'jailhouse cell start (process) to first UART byte', value: median(byCommand), unit: 'ms' },
    ];
  });
}

/** Milliseconds from the call of `startCell` until the UART has a byte more. */
async function untilFirstByte(board: BenchBoard, uart: string, startCell: () => Promise<unknown>): Promise<number> {
  await board.jailhouse.loadCell(CELL, [{ source: readInmate('gic-demo'), targetAddress: 0n }]);
  const byte = board.readLog(uart, await board.logEnd(uart)).then(() => performance.now());
  const startedMs = performance.now();
  const [byteMs] = await Promise.all([byte, startCell()]);
  return byteMs - startedMs;
}
