import { encodeConfig } from '../../../../src/abi/jailhouse';
import { config as gicDemo } from '../../../../cells/imx8mm-gic-demo';
import { config as ivshmemDemo } from '../../../../cells/imx8mm-ivshmem-demo';
import { config as root } from '../../../../cells/imx8mm';
import { ModelledBoard } from '../../../support/modelled-board';

/** Every refusal that a user can run into, from the real driver and hypervisor models: the C tool's line, and the reason. */
const board = new ModelledBoard(root);
afterAll(() => board.close());

const file = board.file.bind(board);
const config = board.config.bind(board);
const jailhouse = board.jailhouse.bind(board);
const works = async (...args: string[]) => expect(await jailhouse(...args)).toMatchObject({ code: 0, err: '' });
const isRefused = async (args: readonly string[], line: string, hint: string | RegExp) => {
  const { code, out, err } = await jailhouse(...args);
  const [first, second = '', ...rest] = err.split('\n');
  expect({ code, out, first, rest }).toEqual({ code: 1, out: '', first: line, rest: [''] });
  expect(second).toMatch(typeof hint === 'string' ? new RegExp(`^hint: ${escape(hint)}$`) : hint);
};

const system = config('imx8mm', root);
const gic = config('gic-demo', gicDemo);
const ivshmem = config('ivshmem-demo', ivshmemDemo);
const image = file('image.bin', new Uint8Array(100));
const NOT_ENABLED = 'Jailhouse is not enabled; enable it first: jailhouse enable SYSCONFIG';

describe('before enable', () => {
  test.each([
    [['disable'], 'JAILHOUSE_DISABLE'],
    [['cell', 'create', gic], 'JAILHOUSE_CELL_CREATE'],
    [['cell', 'load', '1', image], 'JAILHOUSE_CELL_LOAD'],
    [['cell', 'start', '1'], 'JAILHOUSE_CELL_START'],
    [['cell', 'shutdown', '1'], 'JAILHOUSE_CELL_LOAD'],
    [['cell', 'destroy', '1'], 'JAILHOUSE_CELL_DESTROY'],
  ])('%j', async (args, name) => isRefused(args, `${name}: Invalid argument`, NOT_ENABLED));

  test('console', () =>
    isRefused(
      ['console'],
      'read(console): Resource temporarily unavailable',
      /^hint: the hypervisor has not run since/,
    ));

  test('nothing is listed', () => works('cell', 'list'));
});

describe('enable', () => {
  const invalid = (path: string, hint: string | RegExp) =>
    isRefused(['enable', path], 'JAILHOUSE_ENABLE: Invalid argument', hint);

  test('the config of a cell', () => invalid(gic, /^hint: this is the config of a cell, not of a system/));
  test('no config', () => invalid(file('text', 'x'.repeat(1000)), /^hint: the file is not a Jailhouse config/));
  test('of another release', () => {
    const bytes = encodeConfig(root, 'nxp-10');
    bytes[6] = 12;
    return invalid(
      file('imx8mm-12.cell', bytes),
      /^hint: the file has config revision 12 .*; the driver v0\.10\S* takes 10: use a file/,
    );
  });
  test('a CPU too many', () =>
    invalid(
      config('eight', { ...root, rootCell: { ...root.rootCell, cpuSet: Uint8Array.of(0x1f, 0, 0, 0, 0, 0, 0, 0) } }),
      'this machine has no CPU 4: the system config is for another board',
    ));
  test('memory that Linux uses', () =>
    invalid(
      config('reserved', { ...root, hypervisorMemory: { ...root.hypervisorMemory, physStart: 0x50000000n } }),
      /^hint: Linux uses the hypervisor's memory 0x50000000-0x503fffff: reserve it/,
    ));
});

describe('with a cell', () => {
  beforeAll(async () => {
    await works('enable', system);
    await works('cell', 'create', gic);
  });
  afterAll(() => works('disable'));

  test('enable again', () =>
    isRefused(
      ['enable', system],
      'JAILHOUSE_ENABLE: Device or resource busy',
      'Jailhouse is already enabled (cells: 0 "imx8mm", 1 "gic-demo"); to enable it anew: jailhouse disable',
    ));

  test('the same cell again', () =>
    isRefused(
      ['cell', 'create', gic],
      'JAILHOUSE_CELL_CREATE: File exists',
      'cell "gic-demo" (id 1) exists; to create it anew, destroy it first: jailhouse cell destroy 1',
    ));

  test('its CPU', () =>
    isRefused(
      ['cell', 'create', ivshmem],
      'JAILHOUSE_CELL_CREATE: Device or resource busy',
      'CPU 3 belongs to cell "gic-demo" (id 1); free it with: jailhouse cell destroy 1',
    ));

  test('a system config', () =>
    isRefused(['cell', 'create', system], 'JAILHOUSE_CELL_CREATE: Invalid argument', /^hint: this is a system config/));

  test('of another release', () =>
    isRefused(
      ['cell', 'create', config('gic-12', { ...gicDemo, name: 'other' }, 'upstream-12')],
      'JAILHOUSE_CELL_CREATE: Invalid argument',
      /^hint: the file has config revision 12 /,
    ));

  test('pins that the GIC does not have', () =>
    isRefused(
      [
        'cell',
        'create',
        config('pins', {
          ...gicDemo,
          name: 'pins',
          cpuSet: Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0),
          irqchips: [{ address: 0x38800000n, id: 0, pinBase: 33, pinBitmap: [1, 0, 0, 0] }],
        }),
      ],
      'JAILHOUSE_CELL_CREATE: Invalid argument',
      'irqchips[0].pin_base is 33; it must be a multiple of 32, at most 896 (cellvisor explain IRQCHIP-BASE)',
    ));

  test('another shared memory than the root cell has', () =>
    isRefused(
      [
        'cell',
        'create',
        config('memory', {
          ...ivshmemDemo,
          cpuSet: Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0),
          memoryRegions: ivshmemDemo.memoryRegions.map((region) =>
            region.physStart === 0xbba00000n ? { ...region, size: region.size / 2n } : region,
          ),
        }),
      ],
      'JAILHOUSE_CELL_CREATE: Invalid argument',
      /^hint: the root cell and cell 'ivshmem-demo' share different memory on device 00:00\.0 \(cellvisor explain IVSHMEM-MEMORY\), if \S+ is what Jailhouse was enabled with$/,
    ));

  test('unknown cells', async () => {
    const known = 'there are: 1 "gic-demo"';
    await isRefused(
      ['cell', 'start', '7'],
      'JAILHOUSE_CELL_START: No such file or directory',
      `there is no cell with id 7; ${known}`,
    );
    await isRefused(
      ['cell', 'destroy', 'nobody'],
      'JAILHOUSE_CELL_DESTROY: No such file or directory',
      `there is no cell named "nobody"; ${known}`,
    );
    await isRefused(
      ['cell', 'stats', '7'],
      'reading stats: No such file or directory',
      `there is no cell with id 7; ${known}`,
    );
  });

  test('the root cell', () =>
    isRefused(
      ['cell', 'load', '0', image],
      'JAILHOUSE_CELL_LOAD: Invalid argument',
      '"imx8mm" (id 0) is the root cell, which Linux itself runs in; pick another one',
    ));

  test('images outside of its memory', async () => {
    const line = 'JAILHOUSE_CELL_LOAD: Invalid argument';
    await isRefused(
      ['cell', 'load', '1', image, '-a', '0x10000'],
      line,
      /^hint: the image \(100 bytes at 0x10000\) is in none/,
    );
    await isRefused(
      ['cell', 'load', '1', image, '-a', '0xffff'],
      line,
      /ends 99 bytes behind memory region 1 \(0x0-0xffff\)/,
    );
    await isRefused(
      ['cell', 'load', '1', image, '-a', '0x80000000'],
      line,
      /which is not loadable \(by .*\/board\/cells\/1\.cell\)/,
    );
  });
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
