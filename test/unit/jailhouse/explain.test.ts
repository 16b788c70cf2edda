import { cpuSetOf } from '../../../src/abi/jailhouse';
import { KernelError } from '../../../src/errors';
import { Jailhouse } from '../../../src/jailhouse/jailhouse';
import { cellConfig, cellFile, systemFile } from '../../support/configs';
import { FakeKernel, kernelLog, sysfsOf } from '../../support/fake-kernel';
import type { CellConfig, PciDevice } from '../../../src/abi/jailhouse';
import type { ErrnoName } from '../../../src/errno';
import type { JailhouseOptions } from '../../../src/jailhouse/jailhouse';

const ROOT = { id: 0, name: 'imx8mq', cpus: '0-3' };
const ROOT_WITHOUT_3 = { ...ROOT, cpus: '0-2' };
const DEMO = { id: 1, name: 'gic-demo', cpus: '3' };

interface Setting extends JailhouseOptions {
  readonly files?: Record<string, string>;
  readonly log?: readonly string[];
  readonly logAgeSeconds?: number;
}

/** The hint of the call's error, which the driver answers with `errno`. */
async function hint(errno: ErrnoName, call: (jailhouse: Jailhouse) => Promise<unknown>, setting: Setting = {}) {
  const log = kernelLog(setting.log ?? [], setting.logAgeSeconds);
  const kernel = new FakeKernel(
    { ...log.files, ...(setting.files ?? sysfsOf([ROOT])) },
    { '/dev/jailhouse': { ioctl: () => errno }, '/dev/kmsg': log.kmsg },
  );
  const error: unknown = await call(new Jailhouse(kernel, setting)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KernelError);
  expect((error as KernelError).errno).toBe(errno);
  expect(kernel.openFiles).toBe(0);
  return (error as KernelError).hint;
}

const offline = (cpus: string, present = '0-3') => ({
  '/sys/devices/system/cpu/offline': `${cpus}\n`,
  '/sys/devices/system/cpu/present': `${present}\n`,
});
const NOT_ENABLED = 'Jailhouse is not enabled; enable it first: jailhouse enable SYSCONFIG';

test('nothing is looked at while calls succeed', async () => {
  const kernel = new FakeKernel(sysfsOf([ROOT]), { '/dev/jailhouse': { ioctl: () => 0 } });
  await new Jailhouse(kernel).createCell(cellFile());
  expect(kernel.calls).toEqual(['open /dev/jailhouse']);
});

test('a search that fails hides nothing', async () => {
  const kernel = new FakeKernel({}, { '/dev/jailhouse': { ioctl: () => 'EBUSY' } });
  kernel.readFile = () => Promise.reject(new Error('not an errno'));
  kernel.readDirectory = () => Promise.reject(new Error('not an errno'));
  await expect(new Jailhouse(kernel).createCell(cellFile())).rejects.toMatchObject({
    message: 'JAILHOUSE_CELL_CREATE: Device or resource busy',
    operation: 'JAILHOUSE_CELL_CREATE',
    hint: undefined,
  });
});

describe('enable', () => {
  const enable = (file: Uint8Array) => (jailhouse: Jailhouse) => jailhouse.enable(file);

  test('already enabled', async () =>
    expect(await hint('EBUSY', enable(systemFile()))).toBe(
      'Jailhouse is already enabled (cells: 0 "imx8mq"); to enable it anew: jailhouse disable',
    ));

  test('the config of a cell', async () =>
    expect(await hint('EINVAL', enable(cellFile()))).toBe(
      'this is the config of a cell, not of a system: enable with the system config, then use jailhouse cell create',
    ));

  test('no config at all', async () =>
    expect(await hint('EINVAL', enable(Buffer.from('#!/bin/sh and more')))).toBe(
      'the file is not a Jailhouse config: it starts with "#!/bin"',
    ));

  test('of another release, by the driver version', async () =>
    expect(await hint('EINVAL', enable(systemFile({ flags: 0 }, 'nxp-9')))).toBe(
      'the file has config revision 9 (upstream-9 or nxp-9); the driver v0.10 takes 10: use a file built for this release',
    ));

  test('of another release, by the kernel log', async () => {
    const files = { ...sysfsOf([]), '/sys/module/jailhouse/version': 'v0.12 (3-gabcdef0)\n' };
    const log = ['jailhouse: Configuration revision mismatch'];
    expect(await hint('EINVAL', enable(systemFile({}, 'upstream-13')), { files, log })).toBe(
      'the file has config revision 13 (upstream-13), which this driver (v0.12 (3-gabcdef0)) does not take: use a file built for its release',
    );
  });

  test('cut short', async () =>
    expect(await hint('EINVAL', enable(systemFile().subarray(0, 600)))).toMatch(
      /^the file is cut short in rootCell\.memoryRegions\[1\]: /,
    ));

  test('memory that Linux uses', async () =>
    expect(
      await hint('EINVAL', enable(systemFile()), {
        log: [
          'jailhouse: request_mem_region failed for hypervisor memory.',
          'jailhouse: Did you reserve the memory with "memmap=" or "mem="?',
        ],
      }),
    ).toBe(
      "Linux uses the hypervisor's memory 0xfdc00000-0xfdffffff: reserve it, by booting with the Jailhouse device tree or with mem=",
    ));

  test('an old line of the kernel log says nothing about this failure', async () =>
    expect(
      await hint('EINVAL', enable(systemFile()), {
        log: ['jailhouse: request_mem_region failed for hypervisor memory.'],
        logAgeSeconds: 60,
      }),
    ).toBeUndefined());

  test('CPUs that are offline', async () =>
    expect(await hint('EINVAL', enable(systemFile()), { files: { ...sysfsOf([]), ...offline('2-3') } })).toBe(
      'CPUs 2 and 3 are offline; bring them back: echo 1 > /sys/devices/system/cpu/cpu2/online',
    ));

  test('CPUs that are not there', async () =>
    expect(await hint('EINVAL', enable(systemFile()), { files: { ...sysfsOf([]), ...offline('', '0-1') } })).toBe(
      'this machine has no CPUs 2 and 3: the system config is for another board',
    ));

  test('CPUs that the config does not know', async () =>
    expect(await hint('EINVAL', enable(systemFile()), { files: { ...sysfsOf([]), ...offline('', '0-5') } })).toBe(
      "CPUs 4 and 5 of this machine are not in the root cell's CPU set: the system config is for another board",
    ));

  test('no CPUs', async () =>
    expect(await hint('EINVAL', enable(systemFile({ rootCell: cellConfig({ cpuSet: new Uint8Array(8) }) })))).toBe(
      'the CPU set of the root cell is empty',
    ));

  test('no hypervisor image', async () =>
    expect(
      await hint('ENOENT', enable(systemFile()), { log: ['jailhouse: Missing hypervisor image jailhouse.bin'] }),
    ).toBe('the kernel did not find the hypervisor: install jailhouse.bin in /lib/firmware'));

  test('too little memory', async () =>
    expect(await hint('ENOMEM', enable(systemFile()))).toBe(
      "the hypervisor's memory of 0x400000 bytes is too small for this config",
    ));

  test('what only the driver knows', async () =>
    expect(await hint('ENODEV', enable(systemFile()), { log: ['jailhouse: HYP mode not available'] })).toBe(
      'the kernel log says "jailhouse: HYP mode not available"',
    ));
});

describe('disable', () => {
  const disable = (jailhouse: Jailhouse) => jailhouse.disable();

  test('not enabled', async () => expect(await hint('EINVAL', disable, { files: sysfsOf([]) })).toBe(NOT_ENABLED));

  test('a CPU of the root cell is offline', async () =>
    expect(await hint('EBUSY', disable, { files: { ...sysfsOf([ROOT]), ...offline('2') } })).toBe(
      'CPU 2 of the root cell is offline; bring back each: echo 1 > /sys/devices/system/cpu/cpu2/online',
    ));

  test('a cell does not agree', async () =>
    expect(await hint('EPERM', disable, { log: ['Jailhouse: failed to destroy cell "gic-demo"'] })).toBe(
      'cell "gic-demo" does not agree to shut down: end the program in it, then try again',
    ));

  test('a cell has locked the configuration', async () =>
    expect(await hint('EPERM', disable, { files: sysfsOf([ROOT, { ...DEMO, state: 'running/locked' }]) })).toBe(
      'cell "gic-demo" (id 1) has locked the configuration: it must leave the state "running/locked" first',
    ));
});

describe('cell create', () => {
  const create = (file: Uint8Array) => (jailhouse: Jailhouse) => jailhouse.createCell(file);
  const busy = (config: Partial<CellConfig>, ...cells: Parameters<typeof sysfsOf>[0]) =>
    hint('EBUSY', create(cellFile({ name: 'new', ...config })), { files: sysfsOf(cells) });

  test('a CPU of another cell', async () =>
    expect(await busy({}, ROOT_WITHOUT_3, DEMO)).toBe(
      'CPU 3 belongs to cell "gic-demo" (id 1); free it with: jailhouse cell destroy 1',
    ));

  test('several of them', async () =>
    expect(await busy({ cpuSet: cpuSetOf([1, 2, 3]) }, { ...ROOT, cpus: '0-1' }, { ...DEMO, cpus: '2-3' })).toBe(
      'CPUs 2 and 3 belong to cell "gic-demo" (id 1); free them with: jailhouse cell destroy 1',
    ));

  test('a CPU that nobody has', async () =>
    expect(await busy({ cpuSet: cpuSetOf([7]) }, ROOT)).toBe(
      'CPU 7 is not in the root cell, which has CPUs 0, 1, 2 and 3',
    ));

  test('all CPUs', async () =>
    expect(await busy({ cpuSet: cpuSetOf([0, 1, 2, 3]) }, ROOT)).toBe(
      "the cell asks for all of the root cell's CPUs (0, 1, 2 and 3); Linux must keep one",
    ));

  test('a shared memory device with both ends taken', async () =>
    expect(await busy({ pciDevices: [ivshmem({ bdf: 0x08 })] }, ROOT)).toBe(
      'the shared memory device 00:01.0 already connects as many cells as it can: destroy one of them',
    ));

  test('a cell of that name', async () =>
    expect(await hint('EEXIST', create(cellFile()), { files: sysfsOf([ROOT_WITHOUT_3, DEMO]) })).toBe(
      'cell "gic-demo" (id 1) exists; to create it anew, destroy it first: jailhouse cell destroy 1',
    ));

  test('the name of the root cell', async () =>
    expect(await hint('EEXIST', create(cellFile({ name: 'imx8mq' })))).toBe(
      'the root cell is named "imx8mq", too: give this one another name',
    ));

  const invalid = (file: Uint8Array, cells = [ROOT]) => hint('EINVAL', create(file), { files: sysfsOf(cells) });

  test('not enabled', async () => expect(await invalid(cellFile(), [])).toBe(NOT_ENABLED));

  test('a system config', async () =>
    expect(await invalid(systemFile())).toBe(
      'this is a system config: it is for jailhouse enable, not for cell create',
    ));

  test('of another release', async () =>
    expect(await invalid(cellFile({ architecture: 'arm64' }, 'upstream-14'))).toBe(
      'the file has config revision 14 (upstream-14); the driver v0.10 takes 10: use a file built for this release',
    ));

  test('pins that the GIC does not have', async () =>
    expect(await invalid(cellFile({ irqchips: [{ address: 0n, id: 0, pinBase: 40, pinBitmap: [1, 0, 0, 0] }] }))).toBe(
      'irqchips[0].pin_base is 40; it must be a multiple of 32, at most 896 (cellvisor explain IRQCHIP-BASE)',
    ));

  test('a memory region that is not there', async () =>
    expect(await invalid(cellFile({ pciDevices: [ivshmem({ shmemRegion: 9 })] }))).toBe(
      'pci_devices[0].shmem_region needs memory region 9; the cell has 3 (cellvisor explain IVSHMEM-REGION)',
    ));

  test('another shared memory than the other end has', async () =>
    expect(await invalid(cellFile({ pciDevices: [ivshmem({})] }))).toBe(
      'the shared memory of device 00:00.0 must have the address, size and protocol that its other end has: compare with the config that Jailhouse was enabled with',
    ));

  describe('beside the configs of what runs', () => {
    const region = { physStart: 0xbfd00000n, virtStart: 0xbfd00000n, size: 0x1000n, flags: 0x83n };
    const linked = (protocol: number) => ({
      memoryRegions: [region],
      pciDevices: [ivshmem({ shmemRegion: 0, shmemProtocol: protocol })],
    });
    const root = (protocol: number) =>
      cellConfig({ name: 'imx8mq', cpuSet: cpuSetOf([0, 1, 2, 3]), ...linked(protocol) });
    const setting = (...files: { path: string; bytes: Uint8Array }[]) => ({
      files: sysfsOf([ROOT, DEMO]),
      findCellConfigs: async (name: string) => files.filter(({ path }) => path.startsWith(name)),
    });

    test('a protocol that the root cell does not speak', async () =>
      expect(
        await hint(
          'EINVAL',
          create(cellFile({ name: 'new', ...linked(0x100) })),
          setting(
            { path: 'imx8mq-broken.cell', bytes: new Uint8Array(3) },
            { path: 'imx8mq-veth.cell', bytes: systemFile({ rootCell: root(0x100) }) },
            { path: 'imx8mq.cell', bytes: systemFile({ rootCell: root(0) }) },
          ),
        ),
      ).toBe(
        "the root cell and cell 'new' speak different protocols on device 00:00.0 (cellvisor explain IVSHMEM-PROTOCOL), if imx8mq.cell is what Jailhouse was enabled with",
      ));

    test('a link with both ends taken', async () =>
      expect(
        await hint(
          'EBUSY',
          create(cellFile({ name: 'new', cpuSet: cpuSetOf([1]), ...linked(0) })),
          setting(
            { path: 'imx8mq.cell', bytes: systemFile({ rootCell: root(0) }) },
            { path: 'gic-demo-other.cell', bytes: cellFile({ cpuSet: cpuSetOf([2]) }) },
            { path: 'gic-demo.cell', bytes: cellFile(linked(0)) },
          ),
        ),
      ).toBe(
        "device 00:00.0 has 3 ends, it can have 2: cell 'new' too many (cellvisor explain IVSHMEM-CROWDED), if imx8mq.cell is what Jailhouse was enabled with",
      ));
  });

  test('no memory left', async () =>
    expect(await hint('ENOMEM', create(cellFile()))).toBe(
      "the hypervisor's memory is used up (pages: mem 58/994, remap 144/131072): destroy a cell, or give hypervisor_memory more",
    ));

  test('locked', async () =>
    expect(
      await hint('EPERM', create(cellFile()), { files: sysfsOf([ROOT, { ...DEMO, state: 'running/locked' }]) }),
    ).toMatch(/^cell "gic-demo" \(id 1\) has locked the configuration/));
});

describe('cell load', () => {
  const files = sysfsOf([ROOT_WITHOUT_3, DEMO]);
  const load =
    (selector: { id: number } | { name: string }, address = 0n, sizeBytes = 100) =>
    (jailhouse: Jailhouse) =>
      jailhouse.loadCell(selector, [{ source: new Uint8Array(sizeBytes), targetAddress: address }]);
  const findCellConfigs = async () => [
    { path: 'cells/other.cell', bytes: cellFile({ cpuSet: cpuSetOf([1]), memoryRegions: [] }) },
    { path: 'cells/imx8mm-gic-demo.cell', bytes: cellFile() },
    { path: 'cells/imx8mq-gic-demo.cell', bytes: cellFile() },
    { path: 'cells/broken.cell', bytes: new Uint8Array(5) },
  ];
  const misplaced = (address: bigint, sizeBytes?: number) =>
    hint('EINVAL', load({ id: 1 }, address, sizeBytes), { files, findCellConfigs });

  test('unknown cells, with those that are known', async () => {
    expect(await hint('ENOENT', load({ id: 5 }), { files })).toBe(
      'there is no cell with id 5; there are: 1 "gic-demo"',
    );
    expect(await hint('ENOENT', load({ name: 'x' }), { files })).toBe(
      'there is no cell named "x"; there are: 1 "gic-demo"',
    );
    expect(await hint('ENOENT', load({ name: 'x' }))).toBe(
      'there is no cell named "x"; create one first: jailhouse cell create CELLCONFIG',
    );
  });

  test('the root cell', async () =>
    expect(await hint('EINVAL', load({ id: 0 }), { files })).toBe(
      '"imx8mq" (id 0) is the root cell, which Linux itself runs in; pick another one',
    ));

  test('not enabled', async () =>
    expect(await hint('EINVAL', load({ id: 1 }), { files: sysfsOf([]) })).toBe(NOT_ENABLED));

  test('a cell that does not agree', async () =>
    expect(await hint('EPERM', load({ id: 1 }), { files })).toBe(
      'cell "gic-demo" (id 1) does not agree to shut down: end the program in it, then try again',
    ));

  test('outside of all memory', async () =>
    expect(await misplaced(0x10000n)).toBe(
      "the image (100 bytes at 0x10000) is in none of the cell's memory regions; loadable: 0x0-0xffff (by cells/imx8mq-gic-demo.cell)",
    ));

  test('in memory that is not loadable', async () =>
    expect(await misplaced(0x80000000n)).toBe(
      'the image (100 bytes at 0x80000000) is in memory region 2 (0x80000000-0x80000fff), which is not loadable (by cells/imx8mq-gic-demo.cell)',
    ));

  test('over the end', async () =>
    expect(await misplaced(0xff00n, 0x180)).toBe(
      'the image (384 bytes at 0xff00) ends 128 bytes behind memory region 1 (0x0-0xffff) (by cells/imx8mq-gic-demo.cell)',
    ));

  test('without the config at hand', async () =>
    expect(await hint('EINVAL', load({ id: 1 }, 0x10000n), { files })).toBe(
      'the image (100 bytes at 0x10000) must lie in one memory region of cell "gic-demo" that is loadable: see its config',
    ));
});

describe('stats', () => {
  const stats = (files: Record<string, string>) => hint('ENOENT', (jailhouse) => jailhouse.stats({ id: 1 }), { files });

  test('unknown cell', async () =>
    expect(await stats(sysfsOf([ROOT]))).toBe(
      'there is no cell with id 1; create one first: jailhouse cell create CELLCONFIG',
    ));
  test('not enabled', async () => expect(await stats(sysfsOf([]))).toBe(NOT_ENABLED));
  test('no driver', async () => expect(await stats({})).toMatch(/^the Jailhouse driver is not loaded: insmod/));
});

describe('cell start, destroy and shutdown', () => {
  const files = sysfsOf([ROOT_WITHOUT_3, DEMO]);

  test.each([
    ['start', (jailhouse: Jailhouse) => jailhouse.startCell({ id: 4 })],
    ['destroy', (jailhouse: Jailhouse) => jailhouse.destroyCell({ id: 4 })],
    ['shutdown', (jailhouse: Jailhouse) => jailhouse.shutdownCell({ id: 4 })],
  ])('%s', async (_, call) => {
    expect(await hint('ENOENT', call, { files })).toBe('there is no cell with id 4; there are: 1 "gic-demo"');
    expect(await hint('EINVAL', call, { files: sysfsOf([]) })).toBe(NOT_ENABLED);
  });
});

function ivshmem(changes: Partial<PciDevice>): PciDevice {
  return {
    type: 3,
    iommu: 0,
    domain: 0,
    bdf: 0,
    barMask: [0xffffff00, 0xffffffff, 0, 0, 0, 0],
    capsStart: 0,
    numCaps: 0,
    numMsiVectors: 0,
    msiFlags: 0,
    numMsixVectors: 0,
    msixRegionSize: 0,
    msixAddress: 0n,
    shmemRegion: 1,
    shmemProtocol: 0,
    ...changes,
  };
}
