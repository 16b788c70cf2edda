import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as faultDemo from '../../../cells/imx8mm-fault-demo';
import * as gicDemo from '../../../cells/imx8mm-gic-demo';
import * as root from '../../../cells/imx8mm';
import * as uartDemo from '../../../cells/imx8mm-uart-demo';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { BoardProcesses } from '../../support/board-processes';
import type { CellModule } from '../../../src/config/builder';

jest.setTimeout(30_000);

let boards: BoardProcesses;
let folder: string;

beforeAll(() => {
  boards = new BoardProcesses();
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-try-'));
  const modules: Record<string, CellModule> = { root, gicDemo, faultDemo, uartDemo };
  for (const [name, { config, dialect }] of Object.entries(modules)) {
    writeFileSync(join(folder, `${name}.cell`), encodeConfig(config, dialect));
  }
});
afterEach(() => {
  // Whatever happened: no socket, no state, no process was left.
  expect(existsSync(boards.path())).toBe(false);
});
afterAll(async () => {
  await boards.remove();
  rmSync(folder, { recursive: true });
});

const inmate = (name: string) => join(__dirname, `../../../inmates/prebuilt/${name}.bin`);

function tryIt(cell: string, binary: string, ...options: string[]) {
  const at = (name: string) => join(folder, `${name}.cell`);
  return boards.run('cellvisor', 'try', '--root', at('root'), at(cell), binary, ...options);
}

test('a text that comes: what was printed up to it, and exit code 0', async () => {
  const { code, out, err } = await tryIt('gicDemo', inmate('gic-demo'), '--expect', 'Timer fired');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = out.replaceAll('\r', '').trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^Timer fired, jitter: +\d+ ns, min: +\d+ ns, max: +\d+ ns$/);
  expect(lines.filter((line) => line.includes('Timer fired'))).toHaveLength(1);
});

test('a text that does not come: exit code 1, and what to try', async () => {
  const expected = ['--expect', 'Timer fired', '--expect', 'no such text'];
  const { code, out, err } = await tryIt('gicDemo', inmate('gic-demo'), ...expected, '--timeout', '300ms');
  expect(code).toBe(1);
  expect(out).toContain('Timer fired');
  expect(err).toMatch(/^uart2 did not print 'no such text' within 0\.3\d* s\nhint: more time: --timeout; another UART/);
});

test('with a virtual clock every run is the same, byte for byte, and no time is waited for', async () => {
  const options = ['--clock', 'virtual', '--expect', 'never', '--timeout', '60s'];
  const begin = Date.now();
  const [first, second] = await Promise.all([1, 2].map(() => tryIt('gicDemo', inmate('gic-demo'), ...options)));
  expect(Date.now() - begin).toBeLessThan(20_000);
  expect(first).toEqual(second);
  expect(first?.out.match(/Timer fired/g)?.length).toBeGreaterThan(500);
  const found = await tryIt('gicDemo', inmate('gic-demo'), '--clock', 'virtual', '--expect', 'Timer fired');
  expect(found.code).toBe(0);
  expect(first?.out.startsWith(found.out)).toBe(true);
});

test('a cell that fails: exit code 1, with the report of the hypervisor, once, and what to do', async () => {
  const failing = ['--expect', 'never printed', '--timeout', '10s'];
  const lines = ['Unhandled data write at 0x12345678(4)', 'Parking CPU 3 (Cell: "fault-demo")'];
  const hint = /hint: no memory region of the cell has 0x12345678/;

  // The inmate prints to the UART that the hypervisor prints to.
  const one = await tryIt('faultDemo', inmate('fault-demo'), ...failing);
  expect(one.code).toBe(1);
  for (const line of lines) expect(one.out).toContain(line);
  expect(one.err).toMatch(/^cell 'fault-demo' failed, as the report above says\n/);
  expect(one.err).toMatch(hint);

  const other = await tryIt('faultDemo', inmate('fault-demo'), ...failing, '--uart', 'uart1');
  expect(other.code).toBe(1);
  expect(other.err).toContain("cell 'fault-demo' failed:\n");
  for (const line of lines) expect(other.err).toContain(line);
  expect(other.err).toMatch(hint);
});

test('without an expected text a cell has to run for the time and not to fail', async () => {
  expect((await tryIt('faultDemo', inmate('fault-demo'), '--timeout', '10s')).code).toBe(1);
  const { code, out } = await tryIt(
    'uartDemo',
    inmate('uart-demo'),
    ...['--cmdline', 'period-ms=10', '--timeout', '100ms', '--clock', 'virtual'],
  );
  expect(code).toBe(0);
  expect(out).toContain('Hello 9 from cell!');
});

test('an inmate that waits for what never comes ends the run early', async () => {
  // wfi; b .-4
  const waiting = join(folder, 'waiting.bin');
  writeFileSync(waiting, Buffer.from(Uint32Array.of(0xd503207f, 0x17ffffff).buffer));
  const { code, err } = await tryIt('uartDemo', waiting, '--clock', 'virtual', '--expect', 'x', '--timeout', '1h');
  expect(code).toBe(1);
  expect(err).toContain('the inmate waits for an interrupt that never comes');
});

test('JUnit XML has a case for the run and one for each text', async () => {
  const file = join(folder, 'out.xml');
  const expected = ['--expect', 'Timer fired', '--expect', 'no <such> text'];
  await tryIt('gicDemo', inmate('gic-demo'), ...expected, '--clock', 'virtual', '--timeout', '1s', '--junit', file);
  const xml = readFileSync(file, 'utf8');
  expect(xml).toContain('<testsuite name="gic-demo" tests="3" failures="1"');
  expect(xml).toContain(`name="prints 'Timer fired'" time="1.000"/>`);
  expect(xml).toContain(`<failure message="uart2 did not print 'no &lt;such&gt; text' within 1 s">`);
  expect(xml).toContain('Timer fired, jitter:');
});

test('the UART to watch can be chosen', async () => {
  const { code, out } = await tryIt(
    'gicDemo',
    inmate('gic-demo'),
    '--uart',
    'uart3',
    '--timeout',
    '100ms',
    '--expect',
    'x',
  );
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect((await tryIt('gicDemo', inmate('gic-demo'), '--uart', 'com1')).err).toContain("imx8mm-evk has no UART 'com1'");
});

test.each([
  ['a cell in place of the root cell', 'gicDemo', 'root', 'is the config of a cell'],
  ['a root cell in place of a cell', 'root', 'root', 'is the config of a root cell'],
])('%s is refused', async (_, cell, rootName, message) => {
  const rootFile = join(folder, `${rootName === 'root' && cell === 'root' ? 'root' : 'gicDemo'}.cell`);
  const cellFile = join(folder, `${cell}.cell`);
  const { code, out, err } = await boards.run('cellvisor', 'try', '--root', rootFile, cellFile, inmate('gic-demo'));
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(message);
});

test('files that are missing, empty or noise are named in one line', async () => {
  const noise = join(folder, 'noise.cell');
  writeFileSync(noise, Buffer.alloc(200, 0x5a));
  const missing = await tryIt('gicDemo', '/nonexistent.bin');
  expect(missing).toMatchObject({ code: 1, err: 'opening /nonexistent.bin: No such file or directory\n' });
  const wrong = await boards.run('cellvisor', 'try', '--root', noise, noise, inmate('gic-demo'));
  expect(wrong.code).toBe(1);
  expect(wrong.err).not.toContain(' at ');
  expect(wrong.err.trim().split('\n').length).toBeLessThanOrEqual(2);
});

test('a device tree for a kernel that is none is named, and nothing is started', async () => {
  const [kernel, tree] = [join(folder, 'Image'), join(folder, 'noise.dtb')];
  const image = Buffer.alloc(0x1000);
  image.write('ARMd', 56);
  writeFileSync(kernel, image);
  writeFileSync(tree, 'noise, longer than the header of a device tree has to be');
  const { code, out, err } = await tryIt('gicDemo', kernel, '--dtb', tree);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^\S+noise\.dtb: .*\nhint: --dtb takes a \.dtb\n$/);
});

test('killed in the middle it leaves nothing either', async () => {
  const at = (name: string) => join(folder, `${name}.cell`);
  const running = boards.start('cellvisor', [
    'try',
    '--root',
    at('root'),
    at('gicDemo'),
    inmate('gic-demo'),
    '--timeout',
    '1h',
  ]);
  await new Promise((resolve) => running.stdout?.once('data', resolve));
  const exit = new Promise((resolve) => running.once('exit', (_code, signal) => resolve(signal)));
  running.kill('SIGINT');
  expect(await exit).toBe('SIGINT');
});
