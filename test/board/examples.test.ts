/** The examples of the documents do on a board what the documents say. */
import { BoardProcesses } from '../support/board-processes';
import * as sensor from '../unit/docs/examples/cell';
import { main } from '../unit/docs/examples/program';
import { encodeConfig } from '../../src/abi/jailhouse';
import { Jailhouse } from '../../src/jailhouse/jailhouse';
import { openKernel } from '../../src/kernel/choose';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
let boards: BoardProcesses;

beforeAll(() => {
  boards = new BoardProcesses();
  process.env['CELLVISOR_RUNTIME_DIR'] = boards.env['CELLVISOR_RUNTIME_DIR'];
  process.chdir(root);
});

afterEach(() => boards.run('cellvisor', 'board', 'stop'));
afterAll(() => boards.remove());

test('docs/library.md: a program runs a cell and looks at it', async () => {
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  await main();
  jest.restoreAllMocks();

  expect(lines).toEqual([
    '0 imx8mm: running, CPUs 0, 1, 2',
    '1 gic-demo: running, CPUs 3',
    expect.stringMatching(/^left the guest \d+ times$/),
  ]);
});

test('docs/cells.md: the cell can be created', async () => {
  const kernel = await openKernel({ backend: 'emulated', board: 'imx8mm-evk' });
  const jailhouse = new Jailhouse(kernel);
  await jailhouse.enable(readFileSync('cells/imx8mm.cell'));
  await jailhouse.createCell(encodeConfig(sensor.config, sensor.dialect));

  expect((await jailhouse.cells()).map(({ name, assignedCpus }) => [name, assignedCpus])).toEqual([
    ['imx8mm', [0, 1]],
    ['sensor', [2, 3]],
  ]);
  await kernel.close();
});
