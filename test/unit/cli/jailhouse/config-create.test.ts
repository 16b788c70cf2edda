import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../../src/cli/jailhouse/main';
import { write } from '../../../../src/fdt';
import { boardTree } from '../../../support/board-tree';
import { run } from '../../../support/command';
import { FakeKernel } from '../../../support/fake-kernel';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-create-'));
const dtb = join(folder, 'board.dtb');
const out = join(folder, 'out');
beforeAll(() => writeFileSync(dtb, write(boardTree())));
afterAll(() => rmSync(folder, { recursive: true }));

const create = (...args: string[]) => run(main, ['config', 'create', ...args]);

test('writes sources, cells, overlay and README, and says what config check would', async () => {
  const {
    code,
    out: text,
    err,
    openedKernel,
  } = await create('--dtb', dtb, '-o', out, '--cell', 'name=rt cpus=3 ivshmem=root');
  expect({ code, err, openedKernel }).toEqual({ code: 0, err: '', openedKernel: false });
  expect(text).toContain('Acme Board: chip, rt\n');
  expect(text).toContain('Cellvisor: 0 errors, 0 warnings, 0 notes');
  const names = [
    'README.md',
    'build.ts',
    'chip-cells.dtbo',
    'chip-cells.dts',
    'chip-rt.cell',
    'chip-rt.ts',
    'chip.cell',
    'chip.ts',
  ];
  expect(readdirSync(out).sort()).toEqual(names);
  const check = await run(main, ['config', 'check', join(out, 'chip.cell'), join(out, 'chip-rt.cell')]);
  expect(check.code).toBe(0);
});

test.each([
  [['--dtb'], "Option '--dtb <value>' argument missing"],
  [['--bogus'], "Unknown option '--bogus'"],
  [['a', 'b'], 'unrecognized arguments: b'],
  [['-g'], 'the following arguments are required: FILE'],
  [['--dtb', 'a', '-r', 'b'], 'argument --dtb: not allowed with argument -r/--root'],
  [['--dialect', 'nxp-11'], "argument --dialect: 'nxp-11' is none of"],
  [['--mem-hv', '6'], "argument --mem-hv: '6' is no size in whole pages, such as 4M"],
  [['--ram', '2G'], "argument --ram: '2G' is not START+SIZE, such as 0x40000000+2G"],
  [['--device-regions', 'all'], "argument --device-regions: 'all' is neither wide nor listed"],
])('%j: usage, and exit code 2', async (args, message) => {
  const { code, out: text, err } = await create(...args);
  expect({ code, text }).toEqual({ code: 2, text: '' });
  expect(err).toContain(`jailhouse config create: error: ${message}`);
});

test.each([
  [['--dtb', join(folder, 'none.dtb')], `opening ${folder}/none.dtb: No such file or directory\n`],
  [['--dtb', dtb, '--cell', 'rt'], "'rt' is not KEY=VALUE\n"],
  [['--dtb', dtb, '-c', 'serial7'], "there is no UART 'serial7'\nhint: there are serial0, serial1\n"],
  [['--dtb', dtb, '-o', dtb], `writing ${dtb}: File exists\n`],
  [['--dtb', dtb, 'x.c'], "no C source is made: 'x.c' is not written\n"],
])('%j: a line, and exit code 1', async (args, message) => {
  const { code, err } = await create(...args);
  expect(code).toBe(1);
  expect(err).toContain(message);
});

test('a file that is no device tree', async () => {
  const path = join(folder, 'text.dtb');
  writeFileSync(path, 'no device tree, but longer than the header of one would be, to say the least');
  const { code, err } = await create('--dtb', path);
  expect(code).toBe(1);
  expect(err.startsWith(`${path}: `)).toBe(true);
});

test.each(['-g', '--generate-collector'])('%s writes a collector, on any machine', async (option) => {
  const path = join(folder, `collector${option.length}`);
  expect(await create(option, path)).toMatchObject({ code: 0, out: '', err: '' });
  expect(readFileSync(path, 'utf8')).toMatch(/^#!\/bin\/sh\n[^]*jailhouse config collect "\$@"\n$/);
  expect(statSync(path).mode & 0o111).toBe(0o111);
});

test('the C tool’s options on x86: only arm64 here', async () => {
  const kernel = new FakeKernel({ '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\n' });
  const args = ['-r', '/', '-c', 'ttyS0', '--mem-inmates', '76M', '--mem-hv', '6M', 'sysconfig.c'];
  const { code, out: text, err } = await run(main, ['config', 'create', ...args], { kernel });
  expect({ code, text }).toEqual({ code: 1, text: '' });
  expect(err).toMatch(/^only arm64 here: .*\nhint: .*--dtb\n$/);
});

test('a machine without a device tree, and one where Jailhouse is enabled', async () => {
  const none = new FakeKernel({ '/proc/cpuinfo': 'processor\t: 0\nCPU architecture: 8\n' });
  expect(await run(main, ['config', 'create'], { kernel: none })).toMatchObject({
    code: 1,
    err: 'this machine has no device tree\nhint: give one with --dtb\n',
  });
  const enabled = new FakeKernel({ '/proc/device-tree/model': 'x\0', '/sys/devices/jailhouse/enabled': '1\n' });
  expect(await run(main, ['config', 'create'], { kernel: enabled })).toMatchObject({
    code: 1,
    err: 'Jailhouse is enabled, and has CPUs and memory that would be missing\nhint: disable it first\n',
  });
});
