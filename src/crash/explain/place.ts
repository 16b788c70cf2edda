import { end, virtual } from '../../config/check/ranges';
import { cellWords, hex, showRange } from '../../config/check/words';
import { isRoots, isShared, locate, ownersOf } from '../place/locate';
import { distanceWords, ownerWords, regionWords } from '../place/words';
import { MEM_EXECUTE, MEM_IO, MEM_LOADABLE } from '../../abi/jailhouse';
import type { Draft } from './explanation';
import type { Owner, Place, RegionPlace } from '../place/locate';
import type { CheckedCell } from '../../config/check/subject';
import type { MemoryRegion } from '../../abi/jailhouse';

const PAGE = 0x1000n;
/** A program that runs past its memory is this close to it. */
const NEAR = 0x1_0000n;

export interface Reach {
  readonly address: bigint;
  readonly direction: 'read' | 'write' | 'execute';
}

/** Says which region or gap an address falls in, who has it, and what to change. */
export function explainPlace(draft: Draft, reach: Reach): Place | undefined {
  const { cell, knowledge } = draft;
  if (!cell) {
    return undefined;
  }
  const place = locate(knowledge.world, cell, reach.address);
  switch (place.kind) {
    case 'region':
      explainRegion(draft, place, reach);
      break;
    case 'window':
      draft.fact(
        'address',
        `${hex(reach.address)} is in ${place.name}, ${showRange(place.range)}, which the hypervisor emulates`,
      );
      draft.remedy('Access these registers by aligned loads and stores of 32 bits, and only those that Arm defines.');
      break;
    case 'gap':
      explainGap(draft, cell, place, reach);
  }
  return place;
}

function explainRegion(
  draft: Draft,
  place: RegionPlace & Extract<Place, { kind: 'region' }>,
  { address, direction }: Reach,
): void {
  draft.fact('address', `${hex(address)} is in ${regionWords(place)}`);
  const field = `mem_regions[${place.index}].flags`;
  if (direction === 'write' && !place.access.write) {
    draft.remedy(`Add JAILHOUSE_MEM_WRITE to ${field}, or do not write there.`);
  } else if (direction === 'read' && !place.access.read) {
    draft.remedy(`Add JAILHOUSE_MEM_READ to ${field}, or do not read there.`);
  } else if (place.access.subPage) {
    draft.remedy(
      `The region is not made of whole pages, so every access is checked: give ${field} the widths that are used (JAILHOUSE_MEM_IO_8 to IO_64), and keep within its bounds.`,
    );
  } else {
    draft.doubt(
      'the config permits this access: the cell was created from another config than this one, or a region that comes later covers it',
    );
  }
}

function explainGap(
  draft: Draft,
  cell: CheckedCell,
  { below, above }: Extract<Place, { kind: 'gap' }>,
  reach: Reach,
): void {
  const { address } = reach;
  draft.fact('address', `${hex(address)} is in no memory region of ${cellWords(cell)}`);
  if (below) {
    const distance = address - end(virtual(below.region));
    const where = distance === 0n ? 'ends just before it' : `ends ${distanceWords(distance)} before it`;
    draft.fact('address', `below it: ${regionWords(below)}, ${where}`);
  }
  if (above) {
    const distance = above.region.virtStart - address;
    draft.fact('address', `above it: ${regionWords(above)}, begins ${distanceWords(distance)} behind it`);
  }
  const owners = ownersOf(draft.knowledge.world, cell, address);
  for (const owner of owners) {
    draft.fact('owner', `physical ${hex(address)} is in ${ownerWords(owner)}`);
  }
  if (address < PAGE && !(below && address - end(virtual(below.region)) < NEAR)) {
    draft.remedy('This is what a null pointer looks like: find where it comes from.');
  } else if (below && isRam(below.region) && address - end(virtual(below.region)) < NEAR) {
    draft.remedy(
      `The program ran past the end of its memory: give mem_regions[${below.index}] more than ${hex(below.region.size)} bytes, or make the program and its stack smaller.`,
    );
  } else if (reach.direction === 'execute') {
    draft.remedy(
      'A jump went astray: look at the caller, a function pointer or a return address that was overwritten.',
    );
  } else {
    explainForeign(draft, cell, owners, address);
  }
  if (draft.knowledge.world.system === undefined) {
    draft.doubt('who has the address is not known without the config of the root cell: --root CELL');
  }
}

/** What to do about an address that somebody else has, or nobody. */
function explainForeign(draft: Draft, cell: CheckedCell, owners: readonly Owner[], address: bigint): void {
  const page = address & ~(PAGE - 1n);
  const [first] = owners;
  if (first === undefined) {
    draft.remedy(
      cell.isRoot
        ? `If a device or RAM is there, add a region to the root cell: ${regionSource(page, 'READ WRITE IO')}`
        : `If a device is there that the cell shall have, add a region: ${regionSource(page, 'READ WRITE IO')}`,
    );
    draft.remedy(
      'Else the address is wrong: a pointer that was not set, or an inmate that was built for another board.',
    );
  } else if (first.kind === 'hypervisor') {
    draft.remedy(
      "Nobody reaches the hypervisor's memory: keep it out of the memory that programs and Linux are given.",
    );
  } else if (cell.isRoot && !isRoots(first)) {
    draft.remedy(
      isShared(first)
        ? `${cellWords(first.cell)} shares this memory with the root cell: does the config of the root cell have it?`
        : `This was given to ${cellWords(first.cell)}: Linux must not touch it; reserve it in the device tree, or share it by JAILHOUSE_MEM_ROOTSHARED.`,
    );
  } else if (isRoots(first)) {
    const isDevice = (first.region.flags & MEM_IO) !== 0n;
    draft.remedy(
      isDevice
        ? `To give the cell this device, add a region: ${regionSource(page, 'READ WRITE IO')}; with ROOTSHARED, when Linux goes on using it`
        : `This is RAM of the root cell; to share it, add a region with ROOTSHARED: ${regionSource(page, 'READ WRITE ROOTSHARED')}`,
    );
    draft.remedy(
      'Else the address is wrong: a pointer that was not set, or an inmate that was built for another board.',
    );
  } else {
    draft.remedy(`This belongs to ${cellWords(first.cell)}: cells share memory by an ivshmem device that both have.`);
  }
}

function regionSource(page: bigint, flags: string): string {
  const names = flags.split(' ').map((flag) => `JAILHOUSE_MEM_${flag}`);
  return `{ .phys_start = ${hex(page)}, .virt_start = ${hex(page)}, .size = ${hex(PAGE)}, .flags = ${names.join(' | ')} }`;
}

export function isRam({ flags }: MemoryRegion): boolean {
  return (flags & (MEM_EXECUTE | MEM_LOADABLE)) !== 0n;
}
