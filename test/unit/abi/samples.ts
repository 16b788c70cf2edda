import { FIGURES } from './reference-tables';
import type { Dialect } from '../../../src/abi/jailhouse';

/** Counts of a sample's arrays; enough of each to tell them apart. */
export interface SampleCounts {
  readonly cpuSet: number;
  readonly memoryRegions: number;
  readonly cacheRegions: number;
  readonly irqchips: number;
  readonly pio: number;
  readonly pciDevices: number;
  readonly pciCaps: number;
  readonly ids: number;
}

export const SAMPLE_COUNTS: SampleCounts = {
  cpuSet: 8,
  memoryRegions: 3,
  cacheRegions: 2,
  irqchips: 2,
  pio: 3,
  pciDevices: 2,
  pciCaps: 2,
  ids: 3,
};

/** Bytes of a whole config with every byte that nothing gives a meaning to filled with its own position. */
export function sampleConfig(dialect: Dialect, kind: 'system' | 'cell', counts = SAMPLE_COUNTS): Uint8Array {
  const { system, systemSize, unionAt, cell, cellSize } = FIGURES[dialect];
  const start = kind === 'system' ? systemSize : cellSize;
  const bytes = Uint8Array.from({ length: start + arraysSize(dialect, counts) }, (_, index) => (index * 7 + 1) & 0xff);
  const view = new DataView(bytes.buffer);
  const revision = Number(dialect.split('-')[1]);
  bytes.set(signature(kind, revision));
  view.setUint16(6, revision, true);
  if (kind === 'system') {
    bytes[unionAt + 1] = 3; // GIC version: what tells arm from x86 before revision 14
  }
  const descriptor = kind === 'system' ? (system['rootCell'] as number) : 0;
  const set = (name: string, value: number) => {
    const offset = cell[name];
    if (offset !== undefined) {
      view.setUint32(descriptor + offset, value, true);
    }
  };
  set('cpuSetSize', counts.cpuSet);
  set('numMemoryRegions', counts.memoryRegions);
  set('numCacheRegions', counts.cacheRegions);
  set('numIrqchips', counts.irqchips);
  set('pioBitmapSize', counts.pio);
  set('numPioRegions', counts.pio);
  set('numPciDevices', counts.pciDevices);
  set('numPciCaps', counts.pciCaps);
  set('numStreamIds', counts.ids);
  set('numSmmuSids', counts.ids);
  bytes.fill(0, descriptor + 8, descriptor + 40);
  bytes.set(new TextEncoder().encode('sample'), descriptor + 8);
  makePlausible(view, start, counts);
  return bytes;
}

/** Offset of the first memory region. */
export function memoryRegionsAt(dialect: Dialect, kind: 'system' | 'cell', counts = SAMPLE_COUNTS): number {
  return (kind === 'system' ? FIGURES[dialect].systemSize : FIGURES[dialect].cellSize) + counts.cpuSet;
}

function arraysSize(dialect: Dialect, counts: SampleCounts): number {
  const revision = Number(dialect.split('-')[1]);
  const pio = revision >= 11 ? 4 * counts.pio : counts.pio;
  const ids = revision >= 12 ? 4 * counts.ids : dialect === 'nxp-9' || dialect === 'nxp-10' ? 8 * counts.ids : 0;
  return (
    counts.cpuSet +
    32 * counts.memoryRegions +
    12 * counts.cacheRegions +
    32 * counts.irqchips +
    pio +
    56 * counts.pciDevices +
    8 * counts.pciCaps +
    ids
  );
}

function signature(kind: 'system' | 'cell', revision: number): Uint8Array {
  const text = kind === 'system' ? 'JHSYST' : 'JHCELL';
  const textV14 = kind === 'system' ? 'JHSYS\x02' : 'JHCLL\x02';
  return new TextEncoder().encode(revision === 14 ? textV14 : text);
}

/** Values that a real file has, where the detection of the dialect looks. */
function makePlausible(view: DataView, start: number, counts: SampleCounts): void {
  const regions = start + counts.cpuSet;
  for (let index = 0; index < counts.memoryRegions; index++) {
    view.setBigUint64(regions + 32 * index + 24, 0x47n, true);
  }
  const revision = view.getUint16(6, true);
  const pio = revision >= 11 ? 4 * counts.pio : counts.pio;
  const devices = regions + 32 * counts.memoryRegions + 12 * counts.cacheRegions + 32 * counts.irqchips + pio;
  for (let index = 0; index < counts.pciDevices; index++) {
    view.setUint8(devices + 56 * index, 3);
  }
}
