import { decodeConfig, encodeConfig } from '../../../src/abi/jailhouse';
import {
  cell,
  commRegion,
  dataRam,
  firstSpis,
  forDialect,
  GiB,
  imxUart,
  inmateRam,
  io,
  irqchip,
  irqchips,
  ivshmem,
  ivshmemSections,
  ivshmemV2,
  KiB,
  linuxRam,
  lpuart,
  MiB,
  pl011,
  ppi,
  ram,
  region,
  rootCell,
  sharedWithRoot,
  spi,
  withNxpFlags,
} from '../../../src/config/builder';
import { ConfigError } from '../../../src/errors';
import type { CellConfig } from '../../../src/abi/jailhouse';
import type { CellOptions } from '../../../src/config/builder';

describe('interrupts', () => {
  test('an SPI knows its INTID', () => {
    expect(spi(109)).toEqual({ kind: 'spi', spi: 109, intid: 141 });
    expect(ppi(9)).toEqual({ kind: 'ppi', ppi: 9, intid: 25 });
    for (const wrong of [-1, 988, 1.5, NaN]) {
      expect(() => spi(wrong)).toThrow(ConfigError);
    }
    expect(() => ppi(16)).toThrow(ConfigError);
  });

  test('pin_base and bitmap are worked out, as the guide does in 2.7.3', () => {
    expect(irqchips(0x38800000, [spi(109)])).toEqual([
      { address: 0x38800000n, id: 0, pinBase: 128, pinBitmap: [1 << 13, 0, 0, 0] },
    ]);
  });

  test('SPIs far apart get an entry each', () => {
    // Those of NXP's imx8qm-linux-demo: INTIDs 122, 264, 379.
    const entries = irqchips(0x51a00000, [spi(347), spi(90), spi(232)]);
    expect(entries.map(({ pinBase, pinBitmap }) => [pinBase, pinBitmap[0]])).toEqual([
      [96, 0x04000000],
      [256, 0x00000100],
      [352, 0x08000000],
    ]);
  });

  test('near ones share an entry, and bit 31 stays a number', () => {
    const [entry, ...rest] = irqchips(0, [spi(0), spi(31), spi(0)]);
    expect([entry?.pinBitmap, rest]).toEqual([[0x8000_0001, 0, 0, 0], []]);
  });

  test('an entry with a base of its own', () => {
    expect(irqchip(0x08000000, spi(0), [spi(112)]).pinBitmap).toEqual([0, 0, 0, 0x10000]);
    expect(() => irqchip(0, spi(0), [spi(128)])).toThrow('SPI 128 is not among the 128 that start at SPI 0');
  });

  test('all of the first SPIs', () => {
    expect(firstSpis(0x38800000, 384).map(({ pinBase, pinBitmap }) => [pinBase, pinBitmap])).toEqual(
      [32, 160, 288].map((base) => [base, [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff]]),
    );
    expect(() => firstSpis(0, 100)).toThrow(ConfigError);
  });
});

describe('memory', () => {
  test('flags of the helpers', () => {
    const flags = [
      ram(0, 4 * KiB),
      dataRam(0, 4 * KiB),
      io(0, 4 * KiB),
      inmateRam({ phys: 0, size: 64 * KiB }),
      linuxRam(0, 1 * MiB),
      commRegion(),
      sharedWithRoot(io(0, 4 * KiB)),
    ].map((one) => one.flags);
    expect(flags).toEqual([0x7n, 0x3n, 0x13n, 0x47n, 0x4fn, 0x23n, 0x93n]);
  });

  test('places', () => {
    expect(inmateRam({ phys: 0xc0000000, size: 64 * KiB })).toMatchObject({ physStart: 0xc0000000n, virtStart: 0n });
    expect(ram(0x8_8000_0000n, 4 * GiB)).toMatchObject({ virtStart: 0x8_8000_0000n, size: 0x1_0000_0000n });
    expect(commRegion()).toMatchObject({ physStart: 0n, virtStart: 0x80000000n, size: 4096n });
  });

  test.each([-1, 0.5, 2 ** 53, 1n << 64n])('%s is no address', (phys) => {
    expect(() => region({ phys, size: 1 }, 0n)).toThrow(ConfigError);
  });
});

describe('UARTs', () => {
  test('types and flags', () => {
    expect([imxUart(1), lpuart(1), pl011(1)].map(({ type, flags }) => [type, flags])).toEqual([
      [8, 3],
      [9, 3],
      [3, 3],
    ]);
    expect([withNxpFlags(imxUart(1)).flags, withNxpFlags(lpuart(1)).flags]).toEqual([0xb, 0xb]);
  });
});

const minimal: CellOptions = { name: 'x', cpus: [1], memory: [inmateRam({ phys: 0x1000, size: 4 * KiB })] };

describe('cells', () => {
  const shared = sharedWithRoot(dataRam(0xbba00000, 2 * MiB));
  const linked: CellOptions = {
    ...minimal,
    memory: [...minimal.memory, shared],
    vpciIrqBase: spi(76),
    irqchips: irqchips(0x38800000, [spi(76)]),
  };

  test('a minimal one can be encoded, decoded, and is passive', () => {
    const { config } = decodeConfig(encodeConfig(cell(minimal), 'nxp-10')) as { config: CellConfig };
    expect(config).toMatchObject({ name: 'x', flags: 1, cpuSet: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) });
  });

  test('flags', () => {
    expect(cell({ ...minimal, passive: false }).flags).toBe(0);
    expect(cell({ ...minimal, virtualConsole: 'permitted' }).flags).toBe(0x4000_0001);
    expect(cell({ ...minimal, virtualConsole: 'active' }).flags).toBe(0xc000_0001);
  });

  test('an ivshmem device finds its region by identity and by address', () => {
    for (const wanted of [shared, 0xbba00000, 0xbba00000n]) {
      const { pciDevices } = cell({
        ...linked,
        pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: wanted })],
      });
      expect(pciDevices[0]).toMatchObject({ type: 3, shmemRegion: 1, shmemProtocol: 0x100, numMsixVectors: 0 });
    }
  });

  test('protocols of v1', () => {
    const protocolOf = (protocol: Parameters<typeof ivshmem>[0]['protocol']) =>
      cell({ ...linked, pciDevices: [ivshmem({ bdf: '00:00.0', protocol, region: shared })] }).pciDevices[0]
        ?.shmemProtocol;
    expect([protocolOf('undefined'), protocolOf({ custom: 2 })]).toEqual([0, 0x8002]);
  });

  const device = (bdf: string) => [ivshmem({ bdf, protocol: 'undefined', region: shared })];
  test.each<[string, CellOptions, string]>([
    ['a long name', { ...minimal, name: 'n'.repeat(32) }, 'more than 31 bytes'],
    ['no CPU', { ...minimal, cpus: [] }, 'a cell needs a CPU'],
    ['a CPU that no set holds', { ...minimal, cpus: [64] }, 'CPU numbers are 0 to 63'],
    ['a region of another cell', { ...linked, memory: minimal.memory, pciDevices: device('00:00.0') }, 'is not in'],
    [
      'an address of no region',
      { ...linked, pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: 0x5000 })] },
      'no memory region of the cell starts at 0x5000',
    ],

    [
      'an interrupt that the cell does not own',
      { ...linked, pciDevices: device('00:02.0') },
      'interrupts the cell with SPI 78, which its irqchips do not hold',
    ],
    [
      'a device in a cell without vpciIrqBase',
      { ...minimal, memory: linked.memory, pciDevices: device('00:00.0') },
      'needs a vpciIrqBase',
    ],
  ])('%s is refused', (_, options, text) => {
    expect(() => cell(options)).toThrow(text);
    expect(() => cell(options)).toThrow(ConfigError);
  });

  test('a device needs a PCI address', () => {
    expect(() => device('0:0')).toThrow('"0:0" is not a PCI address');
  });

  test('the device number picks the interrupt', () => {
    const irqs = irqchips(0x38800000, [spi(78)]);
    expect(() => cell({ ...linked, irqchips: irqs, pciDevices: device('00:02.0') })).not.toThrow();
    expect(() => cell({ ...linked, irqchips: irqs, pciDevices: device('00:06.0') })).not.toThrow();
  });
});

describe('ivshmem v2', () => {
  const link = { phys: 0x7faf0000, readWriteSize: 0x9000, outputSize: 0x2000, peers: 3, rootShared: true };
  const sections = ivshmemSections({ ...link, id: 1 });
  const options: CellOptions = {
    ...minimal,
    memory: [...minimal.memory, ...sections],
    vpciIrqBase: spi(112),
    irqchips: irqchips(0x08000000, [spi(112)]),
  };
  const end = (change: Partial<Parameters<typeof ivshmemV2>[0]> = {}) =>
    ivshmemV2({ bdf: '00:00.0', protocol: 'undefined', stateTable: link.phys, id: 1, peers: 3, ...change });

  test('sections follow each other and only the own one can be written', () => {
    expect(sections.map(({ physStart, size, flags }) => [physStart, size, flags])).toEqual([
      [0x7faf0000n, 0x1000n, 0x81n],
      [0x7faf1000n, 0x9000n, 0x83n],
      [0x7fafa000n, 0x2000n, 0x81n],
      [0x7fafc000n, 0x2000n, 0x83n],
      [0x7fafe000n, 0x2000n, 0x81n],
    ]);
  });

  test('the device says where they are', () => {
    expect(cell({ ...options, pciDevices: [end()] }).pciDevices[0]).toMatchObject({
      shmemRegionsStart: 1,
      shmemDevId: 1,
      shmemPeers: 3,
      barMask: [0xffff_f000, 0, 0, 0, 0, 0],
    });
  });

  test.each<[string, () => CellConfig, string]>([
    [
      'too few regions',
      () => cell({ ...options, memory: options.memory.slice(0, 5), pciDevices: [end()] }),
      '5 memory',
    ],
    [
      'a gap',
      () =>
        cell({
          ...options,
          memory: options.memory.map((one, index) => (index === 3 ? ram(0x1000, 0x2000) : one)),
          pciDevices: [end()],
        }),
      'does not continue at 0x7fafa000',
    ],
    ['an end too many', () => cell({ ...options, pciDevices: [end({ id: 3 })] }), 'end 3 of 3'],
    ['more ends than there can be', () => cell({ ...options, pciDevices: [end({ peers: 13 })] }), 'end 1 of 13'],
  ])('%s is refused', (_, build, text) => {
    expect(build).toThrow(text);
  });
});

describe('systems', () => {
  const system = rootCell({
    name: 'board',
    cpus: [0, 1],
    memory: [ram(0x40000000, 1 * GiB)],
    hypervisorMemory: { phys: 0xb7c00000, size: 4 * MiB },
    debugConsole: pl011(0x09000000),
    gic: { version: 2, distributor: 0x1000, cpuInterface: 0x2000, virtualControl: 0x3000, maintenance: ppi(9) },
    virtualPci: { configBase: 0x4000, domain: 1 },
    virtualConsole: false,
  });

  test('what is said once appears where the format wants it', () => {
    expect(system).toMatchObject({
      architecture: 'arm64',
      flags: 0,
      debugConsole: { size: 0x1000, type: 3 },
      pciIsVirtual: 1,
      pciDomain: 1,
      arm: { maintenanceIrq: 25, gicVersion: 2, giccBase: 0x2000n, gichBase: 0x3000n, gicrBase: 0n },
      rootCell: { name: 'board', flags: 0 },
    });
  });

  test('without the virtual console revision 9 has no root page either', () => {
    expect(forDialect(system, 'upstream-14', 'upstream-9').debugConsole.flags).toBe(0x3 | 0x10 | 0x20);
  });
});

describe('moving to another dialect', () => {
  const odd = (flags: bigint) => cell({ ...minimal, memory: [region({ phys: 8, size: 4 }, flags)] });

  test('bit 0x100 and its successor', () => {
    const flags = (config: CellConfig) => config.memoryRegions[0]?.flags;
    expect(flags(forDialect(odd(0x100n), 'nxp-10', 'upstream-12'))).toBe(0x8000n);
    expect(flags(forDialect(odd(0x8000n), 'upstream-14', 'nxp-10'))).toBe(0x100n);
    expect(() => forDialect(odd(0x100n), 'upstream-14', 'nxp-10')).toThrow('from huge pages');
  });

  test('cell flags of revision 9', () => {
    const flags = (config: CellConfig) => forDialect(config, 'nxp-10', 'upstream-9').flags;
    expect(flags(cell({ ...minimal, virtualConsole: 'permitted' }))).toBe(0x3);
    expect(() => flags(cell({ ...minimal, virtualConsole: 'active' }))).toThrow('no bits for 0x80000000');
  });

  test('from revision 9 flags move to where revision 10 has them', () => {
    const old = { ...cell(minimal), flags: 0x1 | 0x2 | 0x4 };
    expect(forDialect(old, 'nxp-9', 'nxp-10').flags).toBe(0x1 | 0x4000_0000 | 0x2);
    expect(() => forDialect({ ...old, flags: 0x8 }, 'nxp-9', 'nxp-10')).toThrow(ConfigError);
    const same = cell(minimal);
    expect(forDialect(same, 'nxp-9', 'nxp-9')).toBe(same);
  });

  test('what NXP tells about ivshmem is dropped only where the communication region tells it anyway', () => {
    const nxpIvshmem = { pciConfig: { base: 0xbb800000, size: 1 * MiB }, irq: spi(76) };
    const told = cell({ ...minimal, vpciIrqBase: spi(76), nxpIvshmem });
    expect(forDialect(told, 'nxp-10', 'upstream-12').ivshmemIrq).toBeUndefined();
    const other = cell({ ...minimal, vpciIrqBase: spi(70), nxpIvshmem });
    expect(forDialect(other, 'nxp-10', 'upstream-12').ivshmemIrq).toBe(108);
  });
});
