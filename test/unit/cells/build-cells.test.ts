import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { cells } from '../../../cells';
import { golden } from './golden';

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-cells-'));
  program = join(folder, 'build-cells.js');
  const entryPoint = join(__dirname, '../../../scripts/build-cells.ts');
  buildSync({ entryPoints: [entryPoint], outfile: program, bundle: true, platform: 'node', target: 'node20' });
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder });
  return { status, stdout, stderr };
}

test('without arguments every cell is compiled into the folder cells', () => {
  expect(run()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readdirSync(join(folder, 'cells')).sort()).toEqual(
    Object.keys(cells)
      .map((name) => `${name}.cell`)
      .sort(),
  );
  expect(new Uint8Array(readFileSync(join(folder, 'cells/imx8mm.cell')))).toEqual(golden('imx8mm'));
});

test('named cells, in another dialect, to another folder', () => {
  expect(run('--dialect', 'upstream-14', '--out', 'v14', 'imx8mm-gic-demo').status).toBe(0);
  expect(readdirSync(join(folder, 'v14'))).toEqual(['imx8mm-gic-demo.cell']);
  const bytes = readFileSync(join(folder, 'v14/imx8mm-gic-demo.cell'));
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('JHCLL\x02\x0e\0');
});

test('a cell that the dialect cannot hold is named with the field; the others are compiled', () => {
  const { status, stderr } = run('--dialect', 'nxp-10', '--out', 'n10', 'qemu-arm64', 'imx8mq');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^qemu-arm64: nxp-10 has no field rootCell\.pciDevices\[0\]\.shmem\w+ \(value 0x\d\)\n$/);
  expect(readdirSync(join(folder, 'n10'))).toEqual(['imx8mq.cell']);
});

test.each([
  [['--dialect', 'nxp-11'], 'build-cells: unknown dialect nxp-11; there are upstream-8, '],
  [['frog'], 'build-cells: there is no cell frog; there are imx8-gic-demo, imx8mm, '],
  [['--frog'], "build-cells: Unknown option '--frog'"],
])('%j is refused in one line', (args, start) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout, stderr.startsWith(start), stderr.trim().split('\n').length]).toEqual([1, '', true, 1]);
});

test('help', () => {
  expect(run('--help')).toMatchObject({ status: 0, stderr: '' });
});
