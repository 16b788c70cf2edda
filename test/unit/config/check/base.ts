import {
  cell,
  commRegion,
  dataRam,
  firstSpis,
  imxUart,
  inmateRam,
  io,
  irqchips,
  ivshmem,
  KiB,
  MiB,
  ppi,
  ram,
  rootCell,
  sharedWithRoot,
  spi,
} from '../../../../src/config/builder';
import { checkConfigs } from '../../../../src/config/check/check';
import type { CellConfig, MemoryRegion, PciDevice, SystemConfig } from '../../../../src/abi/jailhouse';
import type { Finding } from '../../../../src/config/check/finding';
import type { Hardware } from '../../../../src/config/check/hardware';
import type { CheckedImage, Subject } from '../../../../src/config/check/subject';

const GICD = 0x38800000;
const SHARED = dataRam(0xbfd00000, 1 * MiB);

/** A small system of four CPUs, of which nothing is to be said. */
export const SYSTEM: SystemConfig = rootCell({
  name: 'root',
  cpus: [0, 1, 2, 3],
  hypervisorMemory: { phys: 0xfdc00000, size: 4 * MiB },
  debugConsole: imxUart(0x30860000),
  gic: { version: 3, distributor: GICD, redistributors: 0x38880000, maintenance: ppi(9) },
  virtualPci: { configBase: 0xbfb00000 },
  vpciIrqBase: spi(56),
  irqchips: firstSpis(GICD, 128),
  memory: [io(0x30800000, 1 * MiB), ram(0x40000000, 0x7fb00000), SHARED, ram(0xc0000000, 0x3dc00000)],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: SHARED })],
});

/** Regions of {@link CELL}. */
export const UART = 0;
export const RAM = 1;
export const LINK = 2;
export const COMM = 3;

const LINKED = sharedWithRoot(SHARED);

/** A cell in it, with a link to root. */
export const CELL: CellConfig = cell({
  name: 'demo',
  cpus: [3],
  console: imxUart(0x30860000),
  vpciIrqBase: spi(109),
  irqchips: irqchips(GICD, [spi(109)]),
  memory: [
    sharedWithRoot(io(0x30860000, 4 * KiB)),
    inmateRam({ phys: 0xc0000000, size: 64 * KiB }),
    LINKED,
    commRegion(),
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: LINKED })],
  nxpIvshmem: { pciConfig: { base: 0xbfb00000, size: 1 * MiB }, irq: spi(109) },
});

/** A second cell beside it, without a link. */
export const OTHER: CellConfig = cell({
  name: 'other',
  cpus: [2],
  irqchips: irqchips(GICD, [spi(20)]),
  memory: [inmateRam({ phys: 0xc0010000, size: 64 * KiB }), commRegion()],
});

/** The board that they are made for. */
export const HARDWARE: Hardware = {
  name: 'test-board',
  cpus: [0, 1, 2, 3],
  physicalAddressBits: 40,
  ram: [{ physStart: 0x40000000n, sizeBytes: 0xc0000000n }],
  linuxRam: [{ physStart: 0x40000000n, sizeBytes: 0x7fb00000n }],
  reservedMemory: [{ name: 'jailhouse', physStart: 0xbfb00000n, sizeBytes: 0x40500000n }],
  gic: { gicdBase: 0x38800000n, gicrBase: 0x38880000n, spiCount: 160 },
  uarts: [{ name: 'uart1', kind: 'imx', physStart: 0x30860000n, sizeBytes: 0x10000, intid: 58 }],
};

/** What a case changes of all that. */
export interface Setup {
  readonly system?: Partial<SystemConfig>;
  readonly root?: Partial<CellConfig>;
  readonly cell?: Partial<CellConfig>;
  /** Default: it is not there. */
  readonly other?: Partial<CellConfig>;
  readonly hardware?: Partial<Hardware>;
  readonly images?: readonly CheckedImage[];
  readonly dialects?: Pick<Subject['cells'][number], 'dialect'>;
  /** The cell by itself. */
  readonly alone?: boolean;
}

export function check(setup: Setup): Finding[] {
  const { system, root, other, hardware, images, dialects, alone } = setup;
  const config = { ...SYSTEM, ...system, rootCell: { ...SYSTEM.rootCell, ...root } };
  const dialect = 'nxp-10';
  return checkConfigs({
    system: alone ? undefined : { dialect, config },
    cells: [
      { dialect, config: { ...CELL, ...setup.cell }, isRoot: false, ...dialects },
      ...(other ? [{ dialect, config: { ...OTHER, ...other }, isRoot: false } as const] : []),
    ],
    hardware: hardware && { ...HARDWARE, ...hardware },
    images,
  });
}

/** The regions of a cell, with changes to some of them. */
export function regions(
  of: CellConfig,
  changes: Readonly<Record<number, Partial<MemoryRegion>>>,
  ...more: readonly MemoryRegion[]
): Pick<CellConfig, 'memoryRegions'> {
  return { memoryRegions: [...of.memoryRegions.map((one, index) => ({ ...one, ...changes[index] })), ...more] };
}

/** The one device of a cell, with changes. */
export function device(of: CellConfig, changes: Partial<PciDevice>): Pick<CellConfig, 'pciDevices'> {
  return { pciDevices: of.pciDevices.map((one) => ({ ...one, ...changes })) };
}
