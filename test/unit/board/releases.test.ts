import {
  cpuSetOf,
  encodeCellCreate,
  encodeConfig,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_ENABLE,
  PCI_TYPE_IVSHMEM,
  V2_BAR_MASK_INTX,
} from '../../../src/abi/jailhouse';
import { RELEASES } from '../../../src/board/releases';
import { consoleAt, imx8mq, imx8mqGicDemo, imx8qxp } from './configs';
import { errno, powerOn } from './session';
import type { CellConfig, PciDevice, SystemConfig } from '../../../src/abi/jailhouse';

const PL011 = 3;

const device = (shmemDevId: number, changes: Partial<PciDevice> = {}): PciDevice => ({
  type: PCI_TYPE_IVSHMEM,
  iommu: 0,
  domain: 1,
  bdf: 0,
  barMask: [...V2_BAR_MASK_INTX],
  capsStart: 0,
  numCaps: 0,
  numMsiVectors: 0,
  msiFlags: 0,
  numMsixVectors: 0,
  msixRegionSize: 0,
  msixAddress: 0n,
  shmemRegionsStart: 0,
  shmemDevId,
  shmemPeers: 2,
  shmemProtocol: 0,
  ...changes,
});

const region = (physStart: bigint, size: bigint, flags: bigint, virtStart = physStart) => ({
  physStart,
  virtStart,
  size,
  flags,
});
const sections = [
  region(0x7faf_0000n, 0x1000n, 1n),
  region(0x7faf_1000n, 0x9000n, 3n),
  region(0x7faf_a000n, 0x2000n, 3n),
  region(0x7faf_c000n, 0x2000n, 1n),
];

const cell = (changes: Partial<CellConfig>): CellConfig => ({
  architecture: 'arm64',
  name: 'demo',
  id: 0,
  flags: 1,
  vpciIrqBase: 108,
  cpuResetAddress: 0n,
  msgReplyTimeout: 0n,
  console: consoleAt(0x0900_0000n, PL011),
  cpuSet: cpuSetOf([15]),
  memoryRegions: [],
  cacheRegions: [],
  irqchips: [],
  pioRegions: [],
  pciDevices: [],
  pciCapabilities: [],
  streamIds: [],
  ...changes,
});

const system: SystemConfig = {
  architecture: 'arm64',
  flags: 1,
  hypervisorMemory: region(0x7fc0_0000n, 0x40_0000n, 0n, 0n),
  debugConsole: consoleAt(0x0900_0000n, PL011, 3, 0x1000),
  pciMmconfigBase: 0x08e0_0000n,
  pciMmconfigEndBus: 0,
  pciIsVirtual: 1,
  pciDomain: 1,
  iommuUnits: [],
  arm: {
    maintenanceIrq: 25,
    gicVersion: 3,
    gicdBase: 0x0800_0000n,
    giccBase: 0n,
    gichBase: 0n,
    gicvBase: 0n,
    gicrBase: 0x080a_0000n,
  },
  rootCell: cell({
    name: 'qemu-arm64',
    flags: 0,
    vpciIrqBase: 96,
    cpuSet: cpuSetOf(Array.from({ length: 16 }, (_, cpu) => cpu)),
    memoryRegions: [
      ...sections,
      region(0x0900_0000n, 0x3700_0000n, 0x13n),
      region(0x4000_0000n, 0x3faf_0000n, 7n),
      region(0x40_1000_0000n, 0x1000_0000n, 0x13n),
    ],
    irqchips: [
      { address: 0x0800_0000n, id: 0, pinBase: 32, pinBitmap: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff] },
    ],
    pciDevices: [device(0)],
  }),
};

const demo = cell({
  memoryRegions: [
    ...sections.map((one) => ({ ...one, flags: one.flags | 0x80n })),
    region(0x0900_0000n, 0x1000n, 0x93n),
    region(0x7fa0_0000n, 0x1_0000n, 0x47n, 0n),
    region(0n, 0x1000n, 0x23n, 0x8000_0000n),
  ],
  pciDevices: [device(1)],
});

async function qemu() {
  const session = powerOn({ board: 'qemu-arm64', release: 'upstream-master' });
  // A virtual PCI host without devices on it: what the root end does is the business of test/board.
  await session.ioctl(JAILHOUSE_ENABLE, { bytes: encodeConfig(system, 'upstream-14'), references: [] });
  return session;
}

describe('upstream-master on qemu-arm64', () => {
  test('units, pools and lines of the release', async () => {
    const { machine, create, destroy, sysfs, kernelLines, text } = await qemu();
    expect(text('/sys/module/jailhouse/version')).toBe('v0.12 (324-ge57d1eff)\n');
    expect(machine.console).toContain('Initializing Jailhouse hypervisor v0.12 (324-ge57d1eff) on CPU 0\n');
    // 87 and 143 are what a published log of this board and CPU count shows.
    expect(machine.console).toContain('Page pool usage after early setup: mem 87/993, remap 0/131072\n');
    expect(machine.console).toContain('Page pool usage after late setup: mem 143/993, remap 528/131072\n');
    expect([...machine.console.matchAll(/unit: (.*)/g)].map(([, unit]) => unit)).toEqual([
      'irqchip',
      'ARM SMMU v3',
      'ARM SMMU',
      'PVU IOMMU',
      'PCI',
    ]);
    expect(machine.console).not.toContain('iommu_config_commit');
    expect(machine.hypervisor?.traits.ivshmemVersion).toBe(2);

    const before = machine.console.length;
    await create(demo);
    expect(machine.console.slice(before)).toBe(
      'Adding virtual PCI device 00:00.0 to cell "demo"\n' +
        'Shared memory connection established, peer cells:\n "qemu-arm64"\nCreated cell "demo"\n' +
        `Page pool usage after cell creation: mem ${sysfs('mem_pool_used').trim()}/993, remap 528/131072\n`,
    );
    expect(kernelLines).toContain('psci: CPU15 killed (polled 0 ms)');
    expect(machine.cells.get(1)?.pciDevices[0]).toMatchObject({ deviceId: 1, peers: 2 });
    expect(machine.cells.get(1)?.pciDevices[0]?.regions).toHaveLength(4);
    await destroy({ id: 1 });
    expect(kernelLines).toContain('Detected PIPT I-cache on CPU15');
    expect(kernelLines).toContain('GICv3: CPU15: found redistributor f region 0:0x0000000008280000');
    expect(kernelLines).toContain('CPU15: Booted secondary processor 0x000000000f [0x411fd070]');
  });

  test('communication region of ABI revision 2', async () => {
    const { create, start, machine } = await qemu();
    await create(demo);
    await start({ id: 1 });
    const page = machine.starts.get(1)?.commRegion as Uint8Array;
    const view = new DataView(page.buffer, page.byteOffset);
    expect(view.getUint16(6, true)).toBe(2);
    expect(view.getBigUint64(56, true)).toBe(0x08e0_0000n);
    expect(view.getUint32(96, true)).toBe(108);
  });

  test.each([
    ['a peer number that is taken', [device(0)], 'EBUSY'],
    ['a peer number over the limit', [device(12)], 'EINVAL'],
    ['more vectors than there can be', [device(1, { numMsixVectors: 17 })], 'EINVAL'],
    ['sections behind the last region', [device(1, { shmemPeers: 6 })], 'EINVAL'],
  ])('an ivshmem device with %s', async (_what, pciDevices, expected) => {
    const { create } = await qemu();
    await expect(create({ ...demo, pciDevices })).rejects.toEqual(errno(expected));
  });

  test("another architecture's system is refused; another architecture's cell seems to succeed", async () => {
    const session = await qemu();
    const foreign = encodeConfig({ ...demo, architecture: 'arm' }, 'upstream-14');
    session.kernelLines.length = 0;
    expect(await session.ioctl(JAILHOUSE_CELL_CREATE, encodeCellCreate(foreign))).toBe(0);
    expect(session.kernelLines).toEqual(['jailhouse: Configuration architecture mismatch']);
    expect(session.board.cells()).toHaveLength(1);
    await session.disable();
    const bytes = encodeConfig(system, 'upstream-14');
    bytes[5] = 1;
    await expect(session.ioctl(JAILHOUSE_ENABLE, { bytes, references: [] })).rejects.toEqual(errno('EINVAL'));
  });

  test('configs of the other release are refused', async () => {
    const old = powerOn();
    const bytes = encodeConfig(system, 'upstream-14');
    await expect(old.ioctl(JAILHOUSE_ENABLE, { bytes, references: [] })).rejects.toEqual(errno('EINVAL'));
    expect(old.kernelLines).toEqual(['jailhouse: Not a system configuration']);
  });
});

test('two irqchips with one pin_base: the later counts in GA, both in master', async () => {
  const twice = (address: bigint) =>
    [1, 2].map((word) => ({ address, id: 0, pinBase: 64, pinBitmap: [word, 0, 0, 0] }));
  const master = await qemu();
  await master.create({ ...demo, irqchips: twice(0x0800_0000n) });
  expect(master.machine.cells.get(1)?.intids).toEqual([64, 65]);
  const ga = powerOn();
  await ga.enable(imx8mq);
  await ga.create({ ...imx8mqGicDemo, irqchips: [...twice(0x3880_0000n), ...twice(0x1234_0000n)] });
  expect(ga.machine.cells.get(1)?.intids).toEqual([65]);
});

test('an i.MX 8QuadMax enters with six CPUs, and its SMMU is told', async () => {
  const smmu = {
    base: 0x5140_0000n,
    size: 0x4_0000,
    amdBdf: 0,
    amdBaseCap: 0,
    amdMsiCap: 0,
    amdFeatures: 0,
    armSidMask: 0x7f80,
    armSmmuArch: 2,
    armSmmuImpl: 1,
  };
  const { enable, machine, sysfs } = powerOn({ board: 'imx8qm-mek' });
  const smmuSids = [0x11, 0x12, 0x13].map((sid) => ({ sid, sidMask: 0x7f80 }));
  await enable({
    ...imx8qxp,
    iommuUnits: [smmu],
    rootCell: { ...imx8qxp.rootCell, name: 'imx8qm', cpuSet: cpuSetOf([0, 1, 2, 3, 4, 5]), smmuSids },
  });
  expect(machine.console).toContain('Initializing unit: ARM SMMU\nprobing hardware configuration...\nSMMUv2 with:\n');
  expect(machine.console).toContain('iommu_config_commit imx8qm\nFound 3 masters\n');
  expect(sysfs('cells/0/cpus_assigned')).toBe('3f\n');
  expect(sysfs('remap_pool_used')).toBe('208\n');
});

test('board and release are found by name, and an unknown name says what there is', () => {
  expect(RELEASES.map(({ name }) => name)).toEqual(['nxp-v0.10', 'upstream-master']);
  expect(() => powerOn({ board: 'imx6' })).toThrow(
    expect.objectContaining({ code: 'E_BOARD_UNKNOWN', hint: expect.stringContaining('imx8mm-evk') as string }),
  );
  expect(() => powerOn({ release: 'v1' })).toThrow(expect.objectContaining({ code: 'E_RELEASE_UNKNOWN' }));
});
