/** `jailhouse cell linux` against the models of driver and hypervisor (jailhouse-tools reference 11). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { main } from '../../../../src/cli/jailhouse/main';
import { HELP, USAGE } from '../../../../src/cli/jailhouse/cell/linux/arguments';
import { fdt } from '../../../../src';
import { config as gicDemo } from '../../../../cells/imx8mm-gic-demo';
import { config as linuxDemo } from '../../../../cells/imx8mm-linux-demo';
import { config as system } from '../../../../cells/imx8mm-veth';
import { run } from '../../../support/command';
import { ModelledBoard } from '../../../support/modelled-board';
import type { CellConfig } from '../../../../src/abi/jailhouse';

const board = new ModelledBoard(system);
afterAll(() => board.close());
const { folder } = board;
const file = board.file.bind(board);
const config = board.config.bind(board);
const jailhouse = board.jailhouse.bind(board);

const image = Buffer.alloc(0x123456);
image.writeBigUInt64LE(0x80000n, 8);
image.write('ARMd', 56);
const tree = new fdt.DeviceTree();
tree.root.set('#address-cells', 2).set('#size-cells', 2);

const cellFile = config('imx8mm-linux-demo', linuxDemo);
const kernelFile = file('Image', image);
const dtb = file('inmate.dtb', fdt.write(tree));
const initrd = file('initrd', Buffer.alloc(5000, 1));

const linux = (...args: string[]) => jailhouse('cell', 'linux', ...args);
/** Without a board. */
const offline = (...args: string[]) => run(main, ['cell', 'linux', ...args]);

describe('the command line, as argparse has it', () => {
  test('--help', async () => expect(await offline('-h')).toMatchObject({ code: 0, out: HELP, err: '' }));

  test.each<[string[], string]>([
    [[], 'the following arguments are required: CELLCONFIG, KERNEL'],
    [['a.cell'], 'the following arguments are required: KERNEL'],
    [['a.cell', 'Image', '-x', 'more'], 'unrecognized arguments: -x more'],
    [['a.cell', 'Image', '-d'], 'argument --dtb/-d: expected one argument'],
    [['a.cell', 'Image', '--initrd', '-c'], 'argument --initrd/-i: expected one argument'],
    [['-k', 'two', 'a.cell', 'Image'], "argument --kernel-decomp-factor/-k: invalid int value: 'two'"],
    [
      ['/nowhere.cell', 'Image'],
      "argument CELLCONFIG: can't open '/nowhere.cell': [Errno 2] No such file or directory: '/nowhere.cell'",
    ],
    [[cellFile, '/nowhere'], "argument KERNEL: can't open '/nowhere': [Errno 2] No such file or directory: '/nowhere'"],
    [
      [cellFile, kernelFile, '-d/nowhere'],
      "argument --dtb/-d: can't open '/nowhere': [Errno 2] No such file or directory: '/nowhere'",
    ],
    [
      [cellFile, kernelFile, '--init=/nowhere'],
      "argument --initrd/-i: can't open '/nowhere': [Errno 2] No such file or directory: '/nowhere'",
    ],
  ])('%j', async (args, message) => {
    const error = `${USAGE}jailhouse cell linux: error: ${message}\n`;
    expect(await offline(...args)).toMatchObject({ code: 2, out: '', err: error });
  });

  test('other architectures', async () => {
    expect(await offline('-a', 'x86', cellFile, kernelFile)).toMatchObject({
      code: 1,
      err: 'only arm64 here: Linux for x86 is not loaded\n',
    });
    expect(await offline('-a', 'mips', cellFile, kernelFile)).toMatchObject({
      code: 1,
      err: 'Unknown architecture\nhint: -a arm64, or no -a\n',
    });
  });
});

describe('files that are something else', () => {
  test.each<[string, () => string[], RegExp]>([
    [
      'a system config',
      () => [config('system', system), kernelFile],
      /^Not a cell configuration: .*system\.cell\nhint: this is the config of a system/,
    ],
    ['no config', () => [kernelFile, kernelFile], /^not a Jailhouse config/],
    [
      'no kernel',
      () => [cellFile, dtb],
      /inmate\.dtb: not a kernel for arm64: there is no magic number at byte 56\nhint: a kernel is an Image/,
    ],
    [
      'an ELF file',
      () => [cellFile, file('vmlinux', '\x7fELF'.padEnd(100))],
      /not a kernel for arm64.*\nhint: an ELF file is not loaded/,
    ],
    ['no device tree', () => [cellFile, kernelFile, '-d', kernelFile], /Image: .*\nhint: -d takes a \.dtb\n$/],
    [
      'no room',
      () => [config('gic', gicDemo), kernelFile, '-d', dtb],
      /^No space found to load all images\nhint: cell "gic-demo" has no RAM for Linux/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await offline(...args());
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('-w: what to load where, without a board', () => {
  const parameters = join(folder, 'parameters.dtb');
  const words = `kernel=0x93e80000 dtb=0x93c00000`;

  test('prints the commands, and writes the tree', async () => {
    const { code, out, err, openedKernel } = await offline(
      ...[cellFile, kernelFile, '-d', dtb, '-i', initrd, '-c', 'quiet', '-w', parameters],
    );
    expect({ code, err, openedKernel }).toEqual({ code: 0, err: '', openedKernel: false });
    expect(out).toBe(`Modified device tree written. Start Linux with the following commands (adjusting paths as needed):

jailhouse cell create ${cellFile}
jailhouse cell load linux-inmate-demo linux-loader.bin -a 0x0 -s "${words}" -a 0x1000 ${kernelFile} -a 0x93e80000 ${initrd} -a 0x940c8000 ${parameters} -a 0x93c00000
jailhouse cell start linux-inmate-demo
`);
    const written = fdt.parse(readFileSync(parameters));
    expect(written.get('/chosen').string('bootargs')).toBe('quiet');
    expect(written.get('/chosen').u64('linux,initrd-end')).toBe(0x940c8000n + 5000n);
  });

  test('a kernel that is zipped', async () => {
    const zipped = file('Image.gz', gzipSync(image));
    const { out } = await offline(cellFile, zipped, '-d', dtb, '-w', parameters);
    expect(out).toContain(` ${zipped}-unzipped -a 0x93e80000 ${parameters} `);
    expect(out.endsWith(`\nNote that ${zipped} is zipped and requires decompression first.\n`)).toBe(true);
  });

  test('a file that cannot be written is an error before anything else is', async () => {
    const { code, err } = await offline(cellFile, kernelFile, '-w', '/nowhere/x');
    expect(code).toBe(2);
    expect(err).toContain("argument --write-params/-w: can't open '/nowhere/x': [Errno 2]");
  });
});

describe('on a board', () => {
  beforeAll(async () => {
    expect(await jailhouse('enable', config('imx8mm-veth', system))).toMatchObject({ code: 0 });
  });
  afterEach(async () => void (await jailhouse('cell', 'destroy', 'linux-inmate-demo')));

  test('creates, loads and starts, and says nothing', async () => {
    expect(await linux(cellFile, kernelFile, '-d', dtb, '-i', initrd)).toMatchObject({ code: 0, out: '', err: '' });
    expect((await jailhouse('cell', 'list')).out).toMatch(/linux-inmate-demo +running/);
  });

  test('a cell that exists is loaded again', async () => {
    await jailhouse('cell', 'create', cellFile);
    expect(await linux(cellFile, kernelFile, '-d', dtb)).toMatchObject({ code: 0, out: '', err: '' });
    expect((await jailhouse('cell', 'list')).out).toMatch(/linux-inmate-demo +running/);
  });

  test('without -d the tree is made of the board’s own', async () => {
    const parameters = join(folder, 'made.dtb');
    expect(await linux(cellFile, kernelFile, '-w', parameters)).toMatchObject({ code: 0, err: '' });
    const made = fdt.parse(readFileSync(parameters));
    expect([...made.get('/cpus').children].map(({ name }) => name)).toEqual(['cpu@2', 'cpu@3']);
    expect(made.get('/chosen').string('stdout-path')).toBe('/serial@30a60000');
    expect(made.find('/pci@bb800000')).toBeDefined();
    expect(await linux(cellFile, kernelFile)).toMatchObject({ code: 0, out: '', err: '' });
  });

  test('a cell that cannot be loaded is destroyed again; one that was there before stays', async () => {
    const notLoadable: CellConfig = {
      ...linuxDemo,
      memoryRegions: linuxDemo.memoryRegions.filter(({ virtStart, size }) => virtStart !== 0n || size === 0n),
    };
    const without = config('without-loader', notLoadable);
    const { code, err } = await linux(without, kernelFile, '-d', dtb);
    expect(code).toBe(1);
    expect(err).toMatch(/^JAILHOUSE_CELL_LOAD: Invalid argument\nhint: /);
    expect((await jailhouse('cell', 'list')).out).not.toContain('linux-inmate-demo');
    await jailhouse('cell', 'create', without);
    expect((await linux(without, kernelFile, '-d', dtb)).code).toBe(1);
    expect((await jailhouse('cell', 'list')).out).toContain('linux-inmate-demo');
  });
});

test('the loader is there', () =>
  expect(existsSync(join(__dirname, '../../../../inmates/linux-loader.bin'))).toBe(true));
