import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cpuSetOf, PCI_TYPE_IVSHMEM } from '../../../src/abi/jailhouse';
import { diagnose } from '../../../src/doctor/doctor';
import { cellConfig, cellFile, systemFile } from '../../support/configs';
import { boardWith, imageText } from './board';
import type { MemoryRegion, PciDevice } from '../../../src/abi/jailhouse';
import type { Question } from '../../../src/doctor/doctor';
import type { FakeDevice, FakeKernel } from '../../support/fake-kernel';

const hypervisorMemory: MemoryRegion = { physStart: 0x7d400000n, virtStart: 0n, size: 0x400000n, flags: 0n };
const root = { path: 'root.cell', bytes: systemFile({ hypervisorMemory }) };
const seen = new Set<string>();

/** What is not in order, as `severity code`. */
async function complaints(kernel: FakeKernel, question: Question = { root }): Promise<string[]> {
  const { canEnable, findings } = await diagnose(kernel, question);
  findings.forEach(({ code }) => seen.add(code));
  const bad = findings.filter(({ severity }) => severity !== 'ok');
  expect(bad.filter(({ remedy }) => !remedy)).toEqual([]);
  expect(canEnable).toBe(bad.every(({ severity }) => severity !== 'problem'));
  return bad.map(({ severity, code }) => `${severity} ${code}`);
}

const cellWith = (changes: Parameters<typeof cellConfig>[0]) => ({ path: 'demo.cell', bytes: cellFile(changes) });

test('nothing stands in the way on a board that is in order, and every part says so', async () => {
  const { canEnable, findings } = await diagnose(boardWith(), { root });
  expect(canEnable).toBe(true);
  expect(findings.map(({ code }) => code)).toEqual([
    'hardware.ok',
    'driver.ok',
    'firmware.ok',
    'config.ok',
    'cpus.ok',
    'memory.ok',
    'uio.ok',
  ]);
  findings.forEach(({ code }) => seen.add(code));
});

test('looking changes nothing: nothing is asked of the driver, and what was opened is closed', async () => {
  const kernel = boardWith();
  await complaints(kernel);
  expect(kernel.requests).toEqual([]);
  expect(kernel.openFiles).toBe(0);
});

test.each<[string, Record<string, string | undefined>, string[]]>([
  ['an x86 machine', { '/proc/cpuinfo': 'vendor_id\t: GenuineIntel\n' }, ['problem hardware.architecture']],
  [
    '32-bit Linux',
    { '/proc/cpuinfo': 'model name\t: ARMv7 Processor\nCPU architecture: 8\n' },
    ['problem hardware.architecture'],
  ],
  ['one CPU', { '/sys/devices/system/cpu/present': '0\n' }, ['problem hardware.missing', 'problem cpus.absent']],
  [
    'no GIC that Jailhouse drives',
    { '/proc/device-tree/interrupt-controller@38800000/compatible': 'acme,irq\0' },
    ['problem hardware.missing'],
  ],
  ['no PSCI', { '/proc/device-tree/psci/method': undefined }, ['problem hardware.missing']],
  ['no CPU hotplug', { '/sys/devices/system/cpu/cpu1/online': undefined }, ['problem hardware.missing']],
  ['already enabled', { '/sys/devices/jailhouse/enabled': '1\n' }, ['problem driver.enabled', 'warning uio.none']],
  ['no firmware', { '/lib/firmware/jailhouse.bin': undefined }, ['problem firmware.missing']],
  ['empty firmware', { '/lib/firmware/jailhouse.bin': 'JAILHOUS' }, ['problem firmware.damaged']],
  [
    'something else as firmware',
    { '/lib/firmware/jailhouse.bin': '\x7fELF'.padEnd(200, '\0') },
    ['problem firmware.damaged'],
  ],
  [
    'firmware longer than it says',
    { '/lib/firmware/jailhouse.bin': imageText({}, 0x3000) },
    ['problem firmware.damaged'],
  ],
  [
    'firmware too large',
    { '/lib/firmware/jailhouse.bin': imageText({ percpuSize: 0x100000n }) },
    ['problem firmware.too-large'],
  ],
  [
    'a driver of another release',
    { '/sys/module/jailhouse/version': 'v0.12 (3-gabcdef0)\n' },
    ['problem config.revision'],
  ],
  ['an offline CPU', { '/sys/devices/system/cpu/offline': '3\n' }, ['problem cpus.offline']],
  ['fewer CPUs than the root cell has', { '/sys/devices/system/cpu/present': '0-1\n' }, ['problem cpus.absent']],
  ['more CPUs than the root cell has', { '/sys/devices/system/cpu/present': '0-5\n' }, ['problem cpus.left-out']],
  ['no sysfs', { '/sys/devices/system/cpu/present': undefined }, ['warning hardware.unknown', 'warning cpus.unknown']],
  [
    "Linux on the hypervisor's memory",
    { '/proc/iomem': '40000000-7fffffff : System RAM\n' },
    ['problem memory.in-use'],
  ],
  ["a driver on the hypervisor's memory", { '/proc/iomem': '7d500000-7d500fff : acme\n' }, ['problem memory.in-use']],
  [
    'RAM that ends before',
    { '/proc/device-tree/memory@40000000/reg': '\0\0\0\0\x40\0\0\0\0\0\0\0\x10\0\0\0' },
    ['problem memory.absent'],
  ],
  ['no uio_ivshmem', { '/sys/module/uio_ivshmem/version': undefined }, ['warning uio.driver']],
])('%s', async (_, files, expected) => {
  expect(await complaints(boardWith(files))).toEqual(expected);
});

test('what an earlier enable left claimed is no obstacle', async () => {
  const iomem = '40000000-7d3fffff : System RAM\n7d400000-7d7fffff : Jailhouse hypervisor\n';
  expect(await complaints(boardWith({ '/proc/iomem': iomem }))).toEqual([]);
});

describe('addresses that only root sees', () => {
  const hidden = { '/proc/iomem': '00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n' };

  test('the device tree can tell as well', async () => {
    expect(await complaints(boardWith(hidden))).toEqual([]);
  });

  test('without it nobody knows', async () => {
    const files = { ...hidden, '/proc/device-tree/reserved-memory/jh@7d400000/reg': undefined };
    expect(await complaints(boardWith(files))).toEqual(['problem memory.unknown']);
  });
});

describe('level of the CPUs', () => {
  const kmsg = (...reads: string[]): FakeDevice => ({ reads: [...reads, 'EAGAIN'] });

  test.each<[string, FakeDevice | undefined, Record<string, string>, string[]]>([
    ['EL1', kmsg('6,0,0,-;CPU: All CPU(s) started at EL1\n'), {}, ['problem hardware.missing']],
    ['EL2, behind a record that was overwritten', kmsg('EPIPE', '6,0,0,-;CPU: All CPU(s) started at EL2\n'), {}, []],
    ['a log that begins later', kmsg('6,9,9,-;later\n'), {}, ['warning hardware.unknown']],
    ['no log, but KVM', undefined, { '/dev/kvm': '' }, []],
    [
      'no log, and a hypervisor below',
      undefined,
      { '/proc/device-tree/psci/method': 'hvc\0' },
      ['problem hardware.missing'],
    ],
  ])('%s', async (_, log, files, expected) => {
    expect(await complaints(boardWith(files, { '/dev/kmsg': log }))).toEqual(expected);
  });
});

describe('the driver', () => {
  test.each<[string, FakeDevice | undefined, string]>([
    ['loaded, but without a node', undefined, 'problem driver.no-device'],
    ['not for this user', { openFails: 'EACCES' }, 'problem driver.denied'],
    ['out of order', { openFails: 'EIO' }, 'problem driver.unusable'],
  ])('%s', async (_, device, expected) => {
    expect(await complaints(boardWith({}, { '/dev/jailhouse': device }))).toEqual([expected]);
  });

  test('not loaded: the remedy names the module of this kernel, where it is', async () => {
    const missing = { '/sys/module/jailhouse/version': undefined, '/sys/devices/jailhouse/enabled': undefined };
    const remedy = async (files: Record<string, string | undefined>) => {
      const { findings } = await diagnose(boardWith({ ...missing, ...files }, { '/dev/jailhouse': undefined }), {});
      findings.forEach(({ code }) => seen.add(code));
      return findings.find(({ code }) => code === 'driver.missing')?.remedy;
    };
    const module = '/lib/modules/4.14.98-imx/extra/driver/jailhouse.ko';
    expect(await remedy({ [module]: '' })).toBe(`insmod ${module}`);
    expect(await remedy({})).toBe('insmod jailhouse.ko, built for this kernel (4.14.98-imx)');
  });
});

describe('files', () => {
  test('without a root cell, what needs one is not looked at, and is said', async () => {
    expect(await complaints(boardWith(), {})).toEqual(['warning config.no-root']);
  });

  test.each<[string, Question, string[]]>([
    ['a cell as root', { root: { path: 'x', bytes: cellFile() } }, ['problem config.kind']],
    ['a root as cell', { root, cells: [root] }, ['problem config.kind']],
    ['no config', { root: { path: 'x', bytes: new Uint8Array(100) } }, ['problem config.damaged']],
    ['cut short', { root: { path: 'x', bytes: root.bytes.subarray(0, 600) } }, ['problem config.damaged']],
    [
      'another layout of the same revision',
      { root, cells: [{ path: 'x', bytes: cellFile({}, 'upstream-10') }] },
      ['problem config.mixed', 'problem memory.cell-in-use'],
    ],
    [
      'another architecture',
      { root: { path: 'x', bytes: systemFile({ architecture: 'arm', hypervisorMemory }, 'upstream-14') } },
      ['problem config.revision'],
    ],
    [
      'at hand, of another revision',
      { root, atHand: [root, { path: 'y', bytes: cellFile({}, 'upstream-12') }] },
      ['warning config.other-revision'],
    ],
  ])('%s', async (_, question, expected) => {
    const demo = boardWith({ '/proc/iomem': '40000000-7d3fffff : System RAM\nbb700000-bb7fffff : System RAM\n' });
    expect(await complaints(demo, question)).toEqual(expected);
  });

  test('revision 14 says the architecture', async () => {
    const arm = { path: 'x', bytes: systemFile({ architecture: 'arm', hypervisorMemory }, 'upstream-14') };
    const kernel = boardWith({ '/sys/module/jailhouse/version': 'v0.12\n' });
    expect(await complaints(kernel, { root: arm })).toEqual(['problem config.architecture']);
  });
});

describe('cells', () => {
  test('memory that Linux does not use is in order', async () => {
    expect(await complaints(boardWith(), { root, cells: [cellWith({})] })).toEqual([]);
  });

  test('memory that Linux uses, with the node that would reserve it', async () => {
    const ram: MemoryRegion = { physStart: 0x50000000n, virtStart: 0n, size: 0x10000n, flags: 0x47n };
    const { findings } = await diagnose(boardWith(), { root, cells: [cellWith({ memoryRegions: [ram] })] });
    const found = findings.find(({ code }) => code === 'memory.cell-in-use');
    expect(found?.what).toBe(
      "demo.cell: Linux uses the cell's memory 0x50000000-0x5000ffff: 0x40000000-0x7d3fffff System RAM",
    );
    expect(found?.remedy).toContain('jh@50000000 { no-map; reg = <0x0 0x50000000 0x0 0x10000>; };');
  });

  test('CPUs that the root cell does not have', async () => {
    const cells = [cellWith({ cpuSet: cpuSetOf([3, 5]) })];
    expect(await complaints(boardWith(), { root, cells })).toEqual([
      'problem cpus.absent',
      'problem cpus.not-the-roots',
    ]);
  });
});

describe('virtual PCI', () => {
  const device: PciDevice = {
    type: PCI_TYPE_IVSHMEM,
    iommu: 0,
    domain: 0,
    bdf: 0,
    barMask: [0xffffff00, 0xffffffff, 0, 0, 0, 0],
    capsStart: 0,
    numCaps: 0,
    numMsiVectors: 0,
    msiBits: 0,
    numMsixVectors: 0,
    msixRegionSize: 0,
    msixAddress: 0n,
    shmemRegion: 0,
    shmemProtocol: 0,
  } as unknown as PciDevice;
  const withDevice = {
    path: 'root.cell',
    bytes: systemFile({
      hypervisorMemory,
      pciMmconfigBase: 0x7d800000n,
      rootCell: cellConfig({ name: 'root', cpuSet: cpuSetOf([0, 1, 2, 3]), pciDevices: [device] }),
    }),
  };
  const clear = { '/proc/iomem': '40000000-7d3fffff : System RAM\n' };

  test.each<[string, Record<string, string | undefined>, string[]]>([
    ['a host driver in the kernel', clear, []],
    ['a window in RAM', {}, ['warning pci.window']],
    [
      'a kernel that does not tell',
      { ...clear, '/sys/bus/platform/drivers/pci-host-generic/': undefined },
      ['warning pci.unknown'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await complaints(boardWith(files), { root: withDevice })).toEqual(expected);
  });

  test.each([
    [['CONFIG_PCI_HOST_GENERIC=y', 'CONFIG_OF_OVERLAY=y'], []],
    [['CONFIG_PCI_HOST_GENERIC=y', '# CONFIG_OF_OVERLAY is not set'], ['warning pci.kernel']],
  ])('kernel config %j', async (lines, expected) => {
    const kernel = boardWith(clear);
    const bytes = gzipSync(lines.join('\n'));
    const readFile = kernel.readFile.bind(kernel);
    kernel.readFile = async (path) => (path === '/proc/config.gz' ? bytes : readFile(path));
    expect(await complaints(kernel, { root: withDevice })).toEqual(expected);
  });
});

describe('UIO devices of an enabled hypervisor', () => {
  const enabled = { '/sys/devices/jailhouse/enabled': '1\n', '/sys/class/uio/uio0/name': 'uio_ivshmem\n' };

  test.each<[FakeDevice, string[]]>([
    [{}, ['problem driver.enabled']],
    [{ openFails: 'EACCES' }, ['problem driver.enabled', 'warning uio.denied']],
  ])('%j', async (device, expected) => {
    expect(await complaints(boardWith(enabled, { '/dev/uio0': device }))).toEqual(expected);
  });
});

test('docs/doctor.md lists the codes that exist, and no others', () => {
  const text = readFileSync(join(__dirname, '../../../docs/doctor.md'), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z]+\.[a-z-]+)` \|/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual([...seen].filter((code) => !code.endsWith('.ok')).sort());
});
