import { cannot } from './create-error';
import { alignDown, endOf, isWithin, overlaps, rangeBetween, showRange } from './ranges';
import type { BoardDescription, MemoryRange, ReservedMemory } from '../../boards';
import type { BoardFacts } from './board-facts';

const MIB = 0x10_0000n;
const FOUR_GIB = 0x1_0000_0000n;

/** What is reserved, under the names of the guide's section 2.7.1. */
const NAMES = {
  hypervisor: 'jh',
  inmates: 'inmate',
  loader: 'loader',
  sharedMemory: 'ivshmem',
  virtualPci: 'pci',
} as const;

type PlaceName = keyof typeof NAMES;

export type Places = Readonly<Record<PlaceName, MemoryRange>>;

/** RAM and what is cut out of it. */
export interface Placement {
  /** `tree`: reserved there already. `guide`: where NXP's own trees for the board have it. `new`: below the top of RAM. */
  readonly origin: 'tree' | 'guide' | 'new';
  readonly places: Places;
  readonly ram: readonly MemoryRange[];
}

export interface Sizes {
  readonly hypervisor: bigint;
  readonly sharedMemory: bigint;
  readonly inmates: bigint;
}

/** Inmate loader, one page of 64 KiB each. */
const LOADER_BYTES = MIB;
/** Configuration space of bus 0, and as much again for the devices' BARs. */
const VIRTUAL_PCI_BYTES = 2n * MIB;
/** Top of RAM, where OP-TEE is on NXP's boards (the regions "OP-TEE" of NXP's root cells, jailhouse-hypervisor reference 15). */
const FIRMWARE_BYTES = 32n * MIB;
const ALIGNMENT = 2n * MIB;

/**
 * Finds memory for the hypervisor and its cells.
 *
 * @throws CellvisorError `E_CREATE_PLACE`
 */
export function findPlaces(facts: BoardFacts, sizes: Sizes): Placement {
  const inTree = placesOf(facts.reserved);
  if (inTree) {
    requireSizes(inTree, sizes);
    return { origin: 'tree', places: inTree, ram: facts.ram };
  }
  return guidePlaces(facts, sizes) ?? { origin: 'new', places: newPlaces(facts, sizes), ram: facts.ram };
}

function guidePlaces(facts: BoardFacts, sizes: Sizes): Placement | undefined {
  const { known, ram, isRamCertain } = facts;
  const places = known && placesOf(known.reservedMemory);
  if (!places || tooSmall(places, sizes)) return undefined;
  const all = Object.values(places);
  if (all.some((place) => facts.reserved.some((one) => overlaps(one, place)))) return undefined;
  if (areWithin(all, ram)) return { origin: 'guide', places, ram };
  return isRamCertain ? undefined : { origin: 'guide', places, ram: boardRam(known, ram) };
}

/** The tree's RAM is a part of what the board has: a boot loader would have corrected it. */
function boardRam(known: BoardDescription, ram: readonly MemoryRange[]): readonly MemoryRange[] {
  const high = ram.filter((range) => !known.ram.some((one) => overlaps(one, range)));
  return [...known.ram, ...high];
}

function placesOf(reserved: readonly ReservedMemory[]): Places | undefined {
  const find = (name: string) => reserved.find((one) => one.name === name);
  const [hypervisor, inmates, loader, sharedMemory, virtualPci] = Object.values(NAMES).map(find);
  if (!hypervisor || !inmates || !loader || !sharedMemory || !virtualPci) return undefined;
  return { hypervisor, inmates, loader, sharedMemory, virtualPci };
}

function tooSmall(places: Places, sizes: Sizes): PlaceName | undefined {
  return (['hypervisor', 'sharedMemory', 'inmates'] as const).find((name) => places[name].sizeBytes < sizes[name]);
}

function requireSizes(places: Places, sizes: Sizes): void {
  const name = tooSmall(places, sizes);
  if (name === undefined || name === 'loader' || name === 'virtualPci') return;
  throw cannot(
    'E_CREATE_PLACE',
    `the memory that the device tree reserves as ${NAMES[name]}, ${showRange(places[name])}, is less than the 0x${sizes[name].toString(16)} bytes wanted`,
    'enlarge it in the device tree, or wish for less',
  );
}

/** From the top of RAM that devices with 32 address bits reach down, in the order of NXP's i.MX 8QuadMax. */
function newPlaces(facts: BoardFacts, sizes: Sizes): Places {
  const usable = facts.ram
    .map((range) => rangeBetween(range.physStart, endOf(range) < FOUR_GIB ? endOf(range) : FOUR_GIB))
    .filter(({ sizeBytes }) => sizeBytes > 0n)
    .sort((a, b) => (a.physStart < b.physStart ? 1 : -1));
  const [top] = usable;
  const taken: MemoryRange[] = [...facts.reserved];
  if (top) taken.push(rangeBetween(endOf(top) - FIRMWARE_BYTES, endOf(top)));
  const take = (name: PlaceName, sizeBytes: bigint, alignment: bigint): MemoryRange => {
    for (const range of usable) {
      const place = below(endOf(range), sizeBytes, alignment, range, taken);
      if (place) {
        taken.push(place);
        return place;
      }
    }
    throw cannot(
      'E_CREATE_PLACE',
      `there is no room for 0x${sizeBytes.toString(16)} bytes (${NAMES[name]}) in RAM below 4 GiB`,
      'wish for less memory',
    );
  };
  const hypervisor = take('hypervisor', sizes.hypervisor, ALIGNMENT);
  const loader = take('loader', LOADER_BYTES, MIB);
  const sharedMemory = take('sharedMemory', sizes.sharedMemory, MIB);
  const virtualPci = take('virtualPci', VIRTUAL_PCI_BYTES, MIB);
  const inmates = take('inmates', sizes.inmates, ALIGNMENT);
  return { hypervisor, loader, sharedMemory, virtualPci, inmates };
}

/** The highest free place of the range. */
function below(
  end: bigint,
  sizeBytes: bigint,
  alignment: bigint,
  range: MemoryRange,
  taken: readonly MemoryRange[],
): MemoryRange | undefined {
  if (end - sizeBytes < range.physStart) return undefined;
  const place = { physStart: alignDown(end - sizeBytes, alignment), sizeBytes };
  if (!isWithin(place, range)) return undefined;
  const obstacle = taken.find((one) => overlaps(one, place));
  return obstacle ? below(obstacle.physStart, sizeBytes, alignment, range, taken) : place;
}

function areWithin(places: readonly MemoryRange[], ram: readonly MemoryRange[]): boolean {
  return places.every((place) => ram.some((range) => isWithin(place, range)));
}

/** Name of the reserved-memory node for a place. */
export function nodeNameOf(place: PlaceName): string {
  return NAMES[place];
}
