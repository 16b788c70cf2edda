import { MEM_COMM_REGION, MEM_ROOTSHARED } from '../../../abi/jailhouse';
import { atRegion } from '../finding';
import { overlap, overlappingPairs, physical, virtual } from '../ranges';
import { allCells } from '../subject';
import { cellWords } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { MemoryRegion } from '../../../abi/jailhouse';

/** A damaged file can have millions of them, and nobody reads more. */
const LIMIT = 100;

interface Owned {
  readonly cell: CheckedCell;
  readonly region: MemoryRegion;
  readonly index: number;
}

/** Regions that overlap: within a cell, and between cells other than the root cell, which lends its memory to all. */
export function checkOverlap(subject: Subject, report: Report): void {
  for (const cell of allCells(subject)) {
    checkGuestAddresses(cell, report);
    checkAliases(cell, report);
  }
  checkBetweenCells(subject, report);
}

function regionsOf(cell: CheckedCell): Owned[] {
  return cell.config.memoryRegions.map((region, index) => ({ cell, region, index }));
}

function checkGuestAddresses(cell: CheckedCell, report: Report): void {
  const items = regionsOf(cell).map((item) => ({ item, range: virtual(item.region) }));
  for (const pair of overlappingPairs(items, LIMIT)) {
    const [first, second] = inConfigOrder(pair);
    const same = distance(first.region) === distance(second.region) && !isComm(first.region) && !isComm(second.region);
    report(same ? 'MEM-OVERLAP-SAME' : 'MEM-OVERLAP-VIRT', {
      message: `mem_regions[${first.index}] and mem_regions[${second.index}] of ${cellWords(cell)} overlap at guest addresses`,
      places: [atRegion(first.cell, first.index, 'virtStart'), atRegion(second.cell, second.index, 'virtStart')],
    });
  }
}

/** The same physical memory at two guest addresses; at one it is found above. */
function checkAliases(cell: CheckedCell, report: Report): void {
  if (cell.config.memoryRegions.every((region) => distance(region) === 0n)) {
    return;
  }
  const items = regionsOf(cell)
    .filter(({ region }) => !isComm(region))
    .map((item) => ({ item, range: physical(item.region) }));
  for (const pair of overlappingPairs(items, LIMIT)) {
    const [first, second] = inConfigOrder(pair);
    if (!overlap(virtual(first.region), virtual(second.region))) {
      report('MEM-OVERLAP-PHYS', {
        message: `mem_regions[${first.index}] and mem_regions[${second.index}] of ${cellWords(cell)} are partly the same memory`,
        places: [atRegion(first.cell, first.index, 'physStart'), atRegion(second.cell, second.index, 'physStart')],
      });
    }
  }
}

function checkBetweenCells({ cells }: Subject, report: Report): void {
  const items = cells
    .flatMap(regionsOf)
    .filter(({ region }) => !isComm(region))
    .map((item) => ({ item, range: physical(item.region) }));
  let left = LIMIT;
  // Memory that all cells share with root gives pairs too, so more are looked at than reported.
  for (const [first, second] of overlappingPairs(items, LIMIT * LIMIT)) {
    if (first.cell === second.cell || (isShared(first.region) && isShared(second.region))) {
      continue;
    }
    if (left-- === 0) {
      return;
    }
    report('MEM-OVERLAP-CELLS', {
      message: `${cellWords(first.cell)} and ${cellWords(second.cell)} have the same memory`,
      places: [atRegion(first.cell, first.index, 'physStart'), atRegion(second.cell, second.index, 'physStart')],
    });
  }
}

function inConfigOrder([a, b]: [Owned, Owned]): [Owned, Owned] {
  return a.index < b.index ? [a, b] : [b, a];
}

function distance({ physStart, virtStart }: MemoryRegion): bigint {
  return physStart - virtStart;
}

function isComm({ flags }: MemoryRegion): boolean {
  return (flags & MEM_COMM_REGION) !== 0n;
}

function isShared({ flags }: MemoryRegion): boolean {
  return (flags & MEM_ROOTSHARED) !== 0n;
}
