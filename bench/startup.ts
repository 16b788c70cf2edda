import { BenchBoard } from './harness/board';
import { inPackage, readCellFile } from './harness/paths';
import { run as runProgram } from './harness/process';
import { besidePeer } from './harness/result';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'imx8mm-evk' };
const ROUNDS = 41;

export const startup: Benchmark = {
  name: 'startup',
  title: 'Start of a command',
  method: `\`jailhouse cell list\` with two cells, as a whole process, in turns with \`node -e 0\`; ${ROUNDS} turns, medians.`,
  run,
};

async function run(): Promise<Row[]> {
  const [list, nothing]: [number[], number[]] = [[], []];
  await BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('imx8mm'));
    await board.jailhouse.createCell(readCellFile('imx8mm-gic-demo'));
    for (let round = 0; round < ROUNDS; round++) {
      nothing.push((await runProgram(process.execPath, ['-e', '0'])).durationMs);
      list.push((await runProgram(process.execPath, [inPackage('dist/bin/jailhouse.js'), 'cell', 'list'])).durationMs);
    }
  });
  return [besidePeer('jailhouse cell list', list, 1.5, 'node -e 0', nothing)];
}
