import { cannot } from '../create/create-error';
import { endOf, toPages } from '../create/ranges';
import { findCellDevices, nameOf, neighbours } from './cell-devices';
import { showSize } from './size';
import type { MemoryRange } from '../../boards';
import type { BoardFacts } from '../create/board-facts';
import type { Device } from '../create/devices';
import type { Placement } from '../create/places';
import type { LinkEnd } from './links';
import type { PlannedCell, PlannedRegion } from './plan';
import type { VirtualIrqs } from './virtual-irqs';
import type { Wish } from './wish';

/** What all cells of a plan know of each other. */
export interface CellContext {
  readonly facts: BoardFacts;
  readonly placement: Placement;
  /** SPIs of the root cell. */
  readonly spiCount: number;
  /** The inmates are NXP's v0.10's, and read their ivshmem device from the config. */
  readonly isToldByNxp: boolean;
  /** Who has a device (by path) or an SPI. */
  readonly owners: Map<string, string>;
  readonly notes: string[];
}

/** What was chosen for a cell before. */
export interface Share {
  readonly cpus: readonly number[];
  readonly ram: MemoryRange;
  readonly loader: MemoryRange;
  readonly ends: readonly LinkEnd[];
  readonly virtualIrqs: VirtualIrqs | undefined;
}

/** Where inmates look for the communication region; a cell's RAM must not reach it. */
const COMM_REGION_START = 0x8000_0000n;
const COMM_REGION_BYTES = 0x1000n;
const SPI_BASE = 32;

export function planCell(wish: Wish, share: Share, context: CellContext): PlannedCell {
  const { facts, isToldByNxp, notes } = context;
  const { devices, console, isConsoleShared } = findCellDevices(wish, facts);
  for (const device of devices) {
    own(`${nameOf(device)} (${device.path})`, wish.name, context);
    noteDevice(device, wish.name, facts, notes);
  }
  const spis = [...new Set([...devices.flatMap((device) => device.spis), ...wish.spis])];
  spis.forEach((spi) => takeSpi(spi, wish, context));
  const shared = isConsoleShared || wish.kind === 'linux' ? [facts.console] : [];
  const io = [
    ...shared.map((one) => ({ device: one, isShared: true })),
    ...devices.map((one) => ({ device: one, isShared: false })),
  ];
  const ioRegions = io.flatMap(({ device, isShared }) =>
    registerPages(device).map((pages): PlannedRegion => ({
      kind: 'io',
      ...pages,
      isShared,
      comment: isShared ? `${nameOf(device)}, shared with Linux` : nameOf(device),
    })),
  );
  const { ram, loader, ends, virtualIrqs } = share;
  requireRoom(
    wish,
    ram,
    io.flatMap(({ device }) => device.regions),
  );
  const regions: PlannedRegion[] = [
    ...ioRegions,
    ...(wish.kind === 'linux'
      ? [
          { kind: 'inmateRam' as const, ...loader, isShared: false, comment: 'loader' },
          { kind: 'linuxRam' as const, ...ram, isShared: false },
        ]
      : [{ kind: 'inmateRam' as const, ...ram, isShared: false }]),
    ...ends.map((end) => ({ kind: 'link' as const, end })),
    { kind: 'commRegion' },
  ];
  const irq = virtualIrqs?.spis[0];
  return {
    name: wish.name,
    file: `${facts.soc}-${wish.name}`,
    kind: wish.kind,
    summary: wish.kind === 'linux' ? `a second Linux on ${facts.model}` : `an inmate on ${facts.model}`,
    cpus: share.cpus,
    regions,
    spis: [...spis, ...(virtualIrqs?.spis ?? [])].sort((a, b) => a - b),
    ...(virtualIrqs && { vpciIrqBase: virtualIrqs.base }),
    ends,
    ...(wish.kind === 'inmate' && { console }),
    devices,
    ...(isToldByNxp && wish.kind === 'inmate' && irq !== undefined && { toldIrq: told(ends, virtualIrqs) }),
  };
}

/** The SPI of the first device, which is the one that an inmate finds. */
function told(ends: readonly LinkEnd[], virtualIrqs: VirtualIrqs | undefined): number {
  return (virtualIrqs?.base ?? 0) + ((ends[0]?.link.device ?? 0) & 3);
}

function registerPages({ regions }: Device): MemoryRange[] {
  return regions.map(toPages);
}

function takeSpi(spi: number, { name }: Wish, context: CellContext): void {
  if (spi >= context.spiCount) {
    throw cannot('E_CREATE_IRQS', `cell '${name}' wants SPI ${spi}; the root cell has ${context.spiCount}, from 0`);
  }
  own(`SPI ${spi} (INTID ${spi + SPI_BASE})`, name, context);
}

function own(what: string, name: string, { owners }: CellContext): void {
  const owner = owners.get(what);
  if (owner !== undefined) {
    throw cannot('E_CREATE_DEVICE', `cells '${owner}' and '${name}' both want ${what}`, 'a device is in one cell only');
  }
  owners.set(what, name);
}

/** Bare-metal inmates have their RAM from guest address 0 on, and their devices where these are. */
function requireRoom({ name, kind }: Wish, ram: MemoryRange, registers: readonly MemoryRange[]): void {
  const guest = kind === 'linux' ? ram : { physStart: 0n, sizeBytes: ram.sizeBytes };
  const comm = { physStart: COMM_REGION_START, sizeBytes: COMM_REGION_BYTES };
  const lowest = [...registers, comm].find((one) => one.physStart < endOf(guest) && endOf(one) > guest.physStart);
  if (lowest) {
    throw cannot(
      'E_CREATE_PLACE',
      `cell '${name}' with ${showSize(ram.sizeBytes)} reaches guest address 0x${lowest.physStart.toString(16)}, where something else is`,
      'give it less memory',
    );
  }
}

function noteDevice(device: Device, cell: string, facts: BoardFacts, notes: string[]): void {
  const others = neighbours(device, facts).map(nameOf);
  if (others.length > 0) {
    notes.push(`${cell} has ${nameOf(device)}, and with its page registers of ${others.join(', ')}, which Linux uses`);
  }
  if (device.isUsed) {
    notes.push(`${cell} has ${nameOf(device)}, which Linux uses now: the overlay disables it there`);
  }
}
