import { nested, signature, text, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';
import { cacheRegionLayout } from './cache';
import { smmuSidLayout, streamIdLayout } from './iommu';
import { irqchipLayout } from './irqchip';
import { memoryRegionLayout } from './memory';
import { pciCapabilityLayout, pciDeviceLayout } from './pci';
import { pioRegionLayout } from './pio';
import { consoleLayout } from './uart';
import type { DialectTraits } from '../dialect';
import type { CacheRegion } from './cache';
import type { SmmuSid, StreamId } from './iommu';
import type { Irqchip } from './irqchip';
import type { MemoryRegion } from './memory';
import type { PciCapability, PciDevice } from './pci';
import type { PioRegion } from './pio';
import type { Console } from './uart';

/** In the order of the codes in a revision 14 file: 0, 1, 2. */
export const ARCHITECTURES = ['x86', 'arm', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** What a cell's descriptor and its decoded config have in common. Absent: the dialect has no such field. */
interface CellFields {
  readonly name: string;
  /** Bytes behind the name's NUL, where they are not zero. */
  readonly nameTail?: Uint8Array;
  /** Set by the driver; what the file says is ignored. */
  readonly id: number;
  /** CELL_FLAG_* for revision 10 and later, CELL_V9_* before. */
  readonly flags: number;
  /** First SPI of the virtual PCI host's four INTx lines: **without** the offset 32 of INTIDs. */
  readonly vpciIrqBase: number;
  /** PC of the first CPU. */
  readonly cpuResetAddress: bigint;
  /** Polls until an unanswered message to the cell times out; 0 waits forever. */
  readonly msgReplyTimeout: bigint;
  /** NXP 10 only: only shown to the inmate, in the communication region. */
  readonly pciCfgBase?: bigint;
  readonly pciCfgSize?: bigint;
  /** NXP 10 only: an INTID, so **with** the offset 32. Only shown to the inmate. */
  readonly ivshmemIrq?: number;
  /** Revision 10 and later. */
  readonly console?: Console;
}

/** `struct jailhouse_cell_desc` as it stands in the file (jailhouse-abi reference 3.6). */
export interface CellDescriptor extends CellFields {
  readonly signature: string;
  /** Revision 14 only: index into {@link ARCHITECTURES}. */
  readonly architectureCode?: number;
  readonly revision: number;
  /** In bytes. */
  readonly cpuSetSize: number;
  readonly numMemoryRegions: number;
  readonly numCacheRegions: number;
  readonly numIrqchips: number;
  /** Revision 10 and earlier, in bytes. */
  readonly pioBitmapSize?: number;
  /** Revision 11 and later. */
  readonly numPioRegions?: number;
  readonly numPciDevices: number;
  readonly numPciCaps: number;
  readonly numStreamIds?: number;
  readonly numSmmuSids?: number;
}

/** A cell with everything that belongs to it: the counts of the descriptor have become arrays. */
export interface CellConfig extends CellFields {
  /** Known for a cell file of revision 14, and needed to write one. */
  readonly architecture?: Architecture;
  /** First eight bytes of a root cell's descriptor, where they are not zero as they usually are. Nothing reads them. */
  readonly headerBytes?: Uint8Array;
  /** Bit n of the whole (bit n % 8 of byte n / 8): logical CPU n. */
  readonly cpuSet: Uint8Array;
  readonly memoryRegions: readonly MemoryRegion[];
  readonly cacheRegions: readonly CacheRegion[];
  readonly irqchips: readonly Irqchip[];
  /** Revision 10 and earlier; a set bit denies access to the port. */
  readonly pioBitmap?: Uint8Array;
  /** Revision 11 and later. */
  readonly pioRegions?: readonly PioRegion[];
  readonly pciDevices: readonly PciDevice[];
  readonly pciCapabilities: readonly PciCapability[];
  /** Revision 12 and later. */
  readonly streamIds?: readonly StreamId[];
  /** NXP 9 and NXP 10. */
  readonly smmuSids?: readonly SmmuSid[];
}

export const CELL_SIGNATURE = 'JHCELL';
/** Revision 14: one letter less, the architecture code takes its place. */
export const CELL_SIGNATURE_V14 = 'JHCLL';
/** Bytes of the name, without the closing NUL. */
export const CELL_NAME_MAX = 31;
export const CELL_NAME_SIZE = 32;

export const CELL_FLAG_PASSIVE_COMMREG = 0x0000_0001;
export const CELL_FLAG_TEST_DEVICE = 0x0000_0002;
/** NXP 12 (5.4.70) and revision 13 and later. */
export const CELL_FLAG_AARCH32 = 0x0000_0004;
/** The cell may call DEBUG_CONSOLE_PUTC. */
export const CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED = 0x4000_0000;
/** The inmate should use the virtual console; implies PERMITTED. */
export const CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE = 0x8000_0000;
/** Revisions 8 and 9. */
export const CELL_V9_DEBUG_CONSOLE = 0x0000_0002;
/** Revision 9. */
export const CELL_V9_TEST_DEVICE = 0x0000_0004;

/** The signature, and in revision 14 the architecture code that shares its six bytes. */
export function signatureFields({ revision }: DialectTraits) {
  return revision >= 14
    ? ([signature('signature', 5), u8('architectureCode')] as const)
    : ([signature('signature', 6)] as const);
}

export const cellDescriptorLayout = perDialect((traits, dialect) => {
  const { vendor, revision } = traits;
  const nxp9 = vendor === 'nxp' && revision === 9;
  const nxp10 = vendor === 'nxp' && revision === 10;
  return new StructLayout<CellDescriptor>('jailhouse_cell_desc', [
    ...signatureFields(traits),
    u16('revision'),
    text('name', CELL_NAME_SIZE),
    u32('id'),
    u32('flags'),
    u32('cpuSetSize'),
    u32('numMemoryRegions'),
    u32('numCacheRegions'),
    u32('numIrqchips'),
    revision >= 11 ? u32('numPioRegions') : u32('pioBitmapSize'),
    u32('numPciDevices'),
    u32('numPciCaps'),
    ...(revision >= 12 ? [u32('numStreamIds')] : []),
    u32('vpciIrqBase'),
    ...(nxp9 ? [u32('numSmmuSids')] : []),
    u64('cpuResetAddress'),
    u64('msgReplyTimeout'),
    ...(nxp10 ? ([u64('pciCfgBase'), u64('pciCfgSize'), u32('ivshmemIrq'), u32('numSmmuSids')] as const) : []),
    ...(revision >= 10 ? [nested('console', consoleLayout(dialect))] : []),
  ]);
});

export type CountField =
  | 'cpuSetSize'
  | 'numMemoryRegions'
  | 'numCacheRegions'
  | 'numIrqchips'
  | 'pioBitmapSize'
  | 'numPioRegions'
  | 'numPciDevices'
  | 'numPciCaps'
  | 'numStreamIds'
  | 'numSmmuSids';

export type ArrayProperty =
  | 'cpuSet'
  | 'memoryRegions'
  | 'cacheRegions'
  | 'irqchips'
  | 'pioBitmap'
  | 'pioRegions'
  | 'pciDevices'
  | 'pciCapabilities'
  | 'streamIds'
  | 'smmuSids';

/** One of the arrays behind the descriptor. */
export interface CellArray {
  readonly property: ArrayProperty;
  /** The descriptor's field that says how many elements there are. */
  readonly count: CountField;
  /** Absent: the elements are single bytes. */
  readonly element?: StructLayout<object>;
}

/** The arrays behind the descriptor, in file order (jailhouse-abi reference 3.7). */
export const cellArrays = perDialect((_, dialect): readonly CellArray[] => {
  const layout = cellDescriptorLayout(dialect);
  const arrays: readonly CellArray[] = [
    { property: 'cpuSet', count: 'cpuSetSize' },
    structs('memoryRegions', 'numMemoryRegions', memoryRegionLayout),
    structs('cacheRegions', 'numCacheRegions', cacheRegionLayout),
    structs('irqchips', 'numIrqchips', irqchipLayout),
    { property: 'pioBitmap', count: 'pioBitmapSize' },
    structs('pioRegions', 'numPioRegions', pioRegionLayout),
    structs('pciDevices', 'numPciDevices', pciDeviceLayout(dialect)),
    structs('pciCapabilities', 'numPciCaps', pciCapabilityLayout),
    structs('streamIds', 'numStreamIds', streamIdLayout),
    structs('smmuSids', 'numSmmuSids', smmuSidLayout),
  ];
  return arrays.filter(({ count }) => layout.has(count));
});

function structs<T extends object>(property: ArrayProperty, count: CountField, element: StructLayout<T>): CellArray {
  return { property, count, element: element as unknown as StructLayout<object> };
}
