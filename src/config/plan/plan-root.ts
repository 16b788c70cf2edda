import { deviceWindows } from '../create/devices';
import { subtract } from '../create/ranges';
import { endsOf, ROOT } from './links';
import type { BoardFacts } from '../create/board-facts';
import type { DeviceRegions } from '../create/devices';
import type { Placement } from '../create/places';
import type { Link } from './links';
import type { PlannedCell, PlannedRegion } from './plan';

/** The root cell: all there is, without what the hypervisor and its virtual PCI host have. */
export function planRoot(
  facts: BoardFacts,
  { places, ram }: Placement,
  links: readonly Link[],
  deviceRegions: DeviceRegions,
  spiCount: number,
  vpciIrqBase: number | undefined,
): PlannedCell {
  const ends = endsOf(ROOT, links);
  const inner = links.filter(({ cells }) => !cells.includes(ROOT));
  const kept = [...facts.gic.intercepted, ...facts.smmus];
  const windows = deviceWindows(facts.devices, ram, kept, deviceRegions);
  const pieces = subtract(ram, [places.hypervisor, places.virtualPci, ...links]);
  const regions: PlannedRegion[] = [
    ...windows.map((window) => ({ kind: 'io' as const, ...window, isShared: false })),
    ...pieces.map((piece) => ({ kind: 'ram' as const, ...piece, isShared: false })),
    ...ends.map((end) => ({ kind: 'link' as const, end })),
    ...inner.map(({ physStart, sizeBytes, cells }) => ({
      kind: 'dataRam' as const,
      physStart,
      sizeBytes,
      isShared: false,
      comment: `shared by ${cells.join(' and ')}`,
    })),
  ];
  return {
    name: facts.soc,
    file: facts.soc,
    kind: 'root',
    summary: `root cell of ${facts.model}`,
    cpus: facts.cpus.map(({ number }) => number),
    regions,
    spis: Array.from({ length: spiCount }, (_, spi) => spi),
    ...(vpciIrqBase !== undefined && { vpciIrqBase }),
    ends,
    devices: [],
  };
}
