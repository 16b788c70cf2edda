import {
  cellDescriptorLayout,
  cpuSetOf,
  encodeCellCreate,
  encodeCellId,
  encodeCellLoad,
  encodeConfig,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
} from '../../../src/abi/jailhouse';
import { imx8mq, imx8mqGicDemo, imx8mqIvshmemDemo, ivshmemV1 } from './configs';
import { errno, powerOn } from './session';
import type { CellConfig } from '../../../src/abi/jailhouse';

const bytes = encodeConfig(imx8mqGicDemo, 'nxp-10');
const patched = (offset: number, ...values: number[]) => {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
};
const demoWith = (changes: Partial<CellConfig>): CellConfig => ({ ...imx8mqGicDemo, ...changes });
const counts = (field: string) => cellDescriptorLayout('nxp-10').offsetOf(field);

async function enabled() {
  const session = powerOn();
  await session.enable(imx8mq);
  session.kernelLines.length = 0;
  return session;
}

/** All that a call that fails must leave as it was. */
function snapshot({ sysfs, text, board, machine }: Awaited<ReturnType<typeof enabled>>) {
  return {
    pool: sysfs('mem_pool_used'),
    cells: board.readDirectory('/sys/devices/jailhouse/cells'),
    rootCpus: sysfs('cells/0/cpus_assigned_list'),
    online: text('/sys/devices/system/cpu/online'),
    machineCells: [...machine.cells.keys()],
  };
}

describe('CELL_CREATE refuses, in this order (jailhouse-abi reference 1.5, jailhouse-hypervisor reference 6.1)', () => {
  const create = (config: Uint8Array) => encodeCellCreate(config);
  const cut = { ...create(bytes), references: [{ offset: 0, buffer: bytes.slice(0, 200) }] };
  test.each([
    ['a struct that is cut short', { bytes: new Uint8Array(15), references: [] }, 'EFAULT', []],
    ['a config size that nobody can have', create(new Uint8Array(4 * 1024 * 1024 + 1)), 'ENOMEM', []],
    ['a blob that ends early', cut, 'EFAULT', []],
    ['a pointer to nothing', { ...create(bytes), references: [] }, 'EFAULT', []],
    ['less than a descriptor', create(bytes.slice(0, 151)), 'EINVAL', ['jailhouse: Not a cell configuration']],
    ['another signature', create(patched(0, 0x58)), 'EINVAL', ['jailhouse: Not a cell configuration']],
    ['another revision', create(patched(6, 9)), 'EINVAL', ['jailhouse: Configuration revision mismatch']],
    ["the root cell's name", create(encodeConfig(demoWith({ name: 'imx8mq' }), 'nxp-10')), 'EEXIST', []],
    ['a CPU that does not exist', create(encodeConfig(demoWith({ cpuSet: cpuSetOf([4]) }), 'nxp-10')), 'EBUSY', []],
    ['more than 16 pages', create(patched(counts('numCacheRegions'), 0, 0x20)), 'E2BIG', null],
    ['more than the kernel can allocate', create(patched(counts('numMemoryRegions'), 0, 0, 3)), 'ENOMEM', []],
  ])('%s', async (_what, argument, expected, log) => {
    const session = await enabled();
    const before = snapshot(session);
    await expect(session.ioctl(JAILHOUSE_CELL_CREATE, argument)).rejects.toEqual(errno(expected));
    expect(session.kernelLines).toEqual(
      log ?? [
        'CPU3: shutdown',
        'psci: CPU3 killed.',
        'Detected VIPT I-cache on CPU3',
        'GICv3: CPU3: found redistributor 3 region 0:0x00000000388e0000',
        'CPU3: Booted secondary processor [410fd034]',
      ],
    );
    expect(snapshot(session)).toEqual(before);
  });

  test.each([
    [
      'a pin_base that is not a multiple of 32',
      demoWith({ irqchips: [{ address: 0x3880_0000n, id: 0, pinBase: 40, pinBitmap: [1, 0, 0, 0] }] }),
      'EINVAL',
    ],
    ['a CPU set over a page', demoWith({ cpuSet: cpuSetOf([3], 4104) }), 'EINVAL'],
    ['a device without memory', demoWith({ pciDevices: [ivshmemV1(3)] }), 'EINVAL'],
    ['a device with other memory than its peer', demoWith({ pciDevices: [ivshmemV1(1)] }), 'EINVAL'],
    ['a device with another protocol', { ...imx8mqIvshmemDemo, pciDevices: [ivshmemV1(2, 0x100)] }, 'EINVAL'],
    ['a CPU set that holds every CPU', demoWith({ cpuSet: cpuSetOf([0, 1, 2, 3]) }), 'EBUSY'],
    [
      'more memory than tables can be made for',
      demoWith({ memoryRegions: [{ physStart: 0x1000n, virtStart: 0n, size: 0x8000_0000n, flags: 0x87n }] }),
      'ENOMEM',
    ],
  ])('%s', async (_what, config, expected) => {
    const session = await enabled();
    const before = snapshot(session);
    await expect(session.create(config)).rejects.toEqual(errno(expected));
    expect(snapshot(session)).toEqual(before);
    await session.create(imx8mqGicDemo);
  });

  test('when not enabled', async () => {
    const { create } = powerOn();
    await expect(create(imx8mqGicDemo)).rejects.toEqual(errno('EINVAL'));
  });

  test('a third end of a link', async () => {
    const session = await enabled();
    await session.create(imx8mqIvshmemDemo);
    const third = { ...imx8mqIvshmemDemo, name: 'third', cpuSet: cpuSetOf([2]) };
    await expect(session.create(third)).rejects.toEqual(errno('EBUSY'));
    await session.destroy({ id: 1 });
    await session.create(third);
  });

  test('a machine that cannot do it leaves nothing behind', async () => {
    const session = await enabled();
    const before = snapshot(session);
    session.machine.failCreate = new Error('broken promise');
    await expect(session.create(imx8mqIvshmemDemo)).rejects.toThrow('broken promise');
    // The split block of the root cell's tables stays, as after any cell.
    expect(snapshot(session)).toEqual({ ...before, pool: '62\n' });
    await session.create(imx8mqIvshmemDemo);
    expect(session.sysfs('mem_pool_used')).toBe('76\n');
  });

  test('what only the emulator cannot do is refused with its reason', async () => {
    const session = await enabled();
    session.machine.failCreate = new RangeError('a cell has at least one CPU');
    await expect(session.create(imx8mqGicDemo)).rejects.toEqual(errno('EINVAL'));
    expect(session.machine.console).toMatch(/\nNot possible on this emulated board: a cell has at least one CPU\n$/);
  });

  test('while a cell is locked', async () => {
    const session = await enabled();
    await session.create(imx8mqGicDemo);
    session.machine.setCommWord(1, 8, 1);
    await expect(session.create({ ...imx8mqGicDemo, name: 'b', cpuSet: cpuSetOf([2]) })).rejects.toEqual(
      errno('EPERM'),
    );
    expect(session.sysfs('cells/1/state')).toBe('running/locked\n');
  });
});

describe('ids and names', () => {
  test('ids are the smallest free; destroyed ones are used again', async () => {
    const session = await enabled();
    const cell = (name: string, cpu: number) => demoWith({ name, cpuSet: cpuSetOf([cpu]) });
    await session.create(cell('a', 1));
    await session.create(cell('b', 2));
    await session.destroy({ name: 'a' });
    await session.create(cell('c', 3));
    expect(session.board.cells().map(({ id, name }) => `${id} ${name}`)).toEqual(['0 imx8mq', '2 b', '1 c']);
  });

  test('an unknown cell is ENOENT, the root cell EINVAL, other negative ids match nothing', async () => {
    const session = await enabled();
    await expect(session.start({ id: 7 })).rejects.toEqual(errno('ENOENT'));
    await expect(session.start({ name: 'nobody' })).rejects.toEqual(errno('ENOENT'));
    await expect(session.start({ id: -2 })).rejects.toEqual(errno('ENOENT'));
    await expect(session.start({ id: 0 })).rejects.toEqual(errno('EINVAL'));
    await expect(session.destroy({ id: 0 })).rejects.toEqual(errno('EINVAL'));
    await expect(session.load({ name: 'imx8mq' }, [])).rejects.toEqual(errno('EINVAL'));
    const short = { ...encodeCellId({ id: 1 }), bytes: new Uint8Array(39) };
    await expect(session.ioctl(JAILHOUSE_CELL_START, short)).rejects.toEqual(errno('EFAULT'));
  });

  test('a name of 32 bytes is cut to 31', async () => {
    const session = await enabled();
    const named = patched(counts('name'), ...new TextEncoder().encode('a'.repeat(32)));
    await session.ioctl(JAILHOUSE_CELL_CREATE, encodeCellCreate(named));
    expect(session.sysfs('cells/1/name')).toBe(`${'a'.repeat(31)}\n`);
  });
});

describe('CELL_LOAD (jailhouse-abi reference 1.6)', () => {
  const source = Uint8Array.of(0xaa, 0xbb);

  test.each([
    ['below every region', 0x7000_0000n, 2, 'EINVAL'],
    ['in a region that is not loadable', 0x3086_0000n, 2, 'EINVAL'],
    ['over the end of its region', 0xffffn, 2, 'EINVAL'],
  ])('an image %s', async (_what, targetAddress, _size, expected) => {
    const session = await enabled();
    await session.create(imx8mqGicDemo);
    await expect(session.load({ id: 1 }, [{ source, targetAddress }])).rejects.toEqual(errno(expected));
    expect(session.machine.console).toContain('Cell "gic-demo" can be loaded\n');
  });

  test('images before the one that fails stay, and empty ones are skipped wherever they point', async () => {
    const session = await enabled();
    await session.create(imx8mqGicDemo);
    const images = [
      { source: new Uint8Array(0), targetAddress: 0xdead_0000n },
      { source, targetAddress: 0n },
      { source, targetAddress: 0xdead_0000n },
      { source: Uint8Array.of(1), targetAddress: 0x10n },
    ];
    await expect(session.load({ id: 1 }, images)).rejects.toEqual(errno('EINVAL'));
    expect(session.machine.readPhysical(0xc000_0000n, 2)).toEqual(source);
    expect(session.machine.readPhysical(0xc000_0010n, 1)).toEqual(Uint8Array.of(0));
  });

  test('fewer entries than announced, and data that ends early', async () => {
    const session = await enabled();
    await session.create(imx8mqGicDemo);
    const argument = encodeCellLoad({ id: 1 }, [{ source, targetAddress: 0n }]);
    const noEntry = { ...argument, bytes: argument.bytes.slice(0, 79) };
    await expect(session.ioctl(JAILHOUSE_CELL_LOAD, noEntry)).rejects.toEqual(errno('EFAULT'));
    const shortData = { ...argument, references: [{ offset: 48, buffer: source.slice(0, 1) }] };
    await expect(session.ioctl(JAILHOUSE_CELL_LOAD, shortData)).rejects.toEqual(errno('EFAULT'));
    const noHeader = { ...argument, bytes: argument.bytes.slice(0, 47) };
    await expect(session.ioctl(JAILHOUSE_CELL_LOAD, noHeader)).rejects.toEqual(errno('EFAULT'));
  });

  test('memory that is no RAM', async () => {
    const session = await enabled();
    await session.create(
      demoWith({ memoryRegions: [{ physStart: 0x1000_0000n, virtStart: 0n, size: 0x1000n, flags: 0x47n }] }),
    );
    session.kernelLines.length = 0;
    await expect(session.load({ id: 1 }, [{ source, targetAddress: 0n }])).rejects.toEqual(errno('EBUSY'));
    expect(session.kernelLines).toEqual(['jailhouse: Unable to map cell RAM at 10000000 for image loading']);
  });
});

describe('statistics and failed CPUs', () => {
  test('sums over the CPUs of a cell, a directory for each, and only the nine counters of the release', async () => {
    const session = await enabled();
    await session.create(demoWith({ cpuSet: cpuSetOf([2, 3]) }));
    const { board, machine, sysfs } = session;
    machine.setCounters(2, [10, 1, 0, 0, 0, 9, 0, 0, 0]);
    machine.setCounters(3, [0x8000_0005, 0, 0, 0, 0, 5, 0, 0, 0]);
    expect(board.readDirectory('/sys/devices/jailhouse/cells/1/statistics')).toEqual([
      ...['total', 'mmio', 'management', 'hypercall', 'maintenance', 'virt_irq', 'virt_sgi', 'psci', 'smccc'].map(
        (name) => `vmexits_${name}`,
      ),
      'cpu2',
      'cpu3',
    ]);
    expect(sysfs('cells/1/statistics/vmexits_total')).toBe('15\n');
    expect(sysfs('cells/1/statistics/cpu2/vmexits_virt_irq')).toBe('9\n');
  });

  test('what the root cell does counts on its CPUs: hypercalls, management of the others, PSCI', async () => {
    const session = await enabled();
    const root = (cpu: number) => session.machine.cpuCounters(cpu);
    const [total, hypercalls] = [root(0)[0] as number, root(0)[3] as number];
    await session.create(imx8mqGicDemo);
    expect(root(0)[3]).toBe(hypercalls + 1);
    expect(root(0)[7]).toBe(1);
    expect(root(0)[0]).toBe(total + 2);
    expect(root(1)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0]);
    session.sysfs('cells/1/state');
    expect(root(0)[3]).toBe(hypercalls + 2);
    session.board.cells();
    expect(root(0)[3]).toBe(hypercalls + 2);
  });

  test('a parked CPU', async () => {
    const session = await enabled();
    await session.create(imx8mqGicDemo);
    await session.start({ id: 1 });
    session.machine.failedCpus.add(3);
    session.machine.setCommWord(1, 8, 3);
    expect(session.sysfs('cells/1/state')).toBe('failed\n');
    expect(session.sysfs('cells/1/cpus_failed')).toBe('8\n');
    expect(session.sysfs('cells/1/cpus_failed_list')).toBe('3\n');
    await session.load({ id: 1 }, []);
    expect(session.sysfs('cells/1/cpus_failed_list')).toBe('\n');
    expect(session.sysfs('cells/1/state')).toBe('shut down\n');
    session.machine.setCommWord(1, 8, 5);
    expect(session.sysfs('cells/1/state')).toBe('invalid\n');
  });
});

test('1000 rounds leave the board as the first one did', async () => {
  const session = await enabled();
  const images = [{ source: Uint8Array.of(1), targetAddress: 0n }];
  let after: unknown;
  for (let round = 0; round < 1000; round++) {
    await session.create(round % 2 === 0 ? imx8mqGicDemo : imx8mqIvshmemDemo);
    await session.load({ id: 1 }, images);
    await session.start({ id: 1 });
    await session.destroy({ id: 1 });
    after ??= snapshot(session);
  }
  expect(snapshot(session)).toEqual(after);
});
