import { MEM_COMM_REGION, MEM_IO, MEM_LOADABLE, MEM_WRITE } from '../../../abi/jailhouse';
import { at, atRegion, onBoard } from '../finding';
import { end, holds, virtual } from '../ranges';
import { cellWords, hex, list, showRange } from '../words';
import type { FindingCode } from '../../findings';
import type { Place, Report } from '../finding';
import type { CheckedCell, CheckedImage, Subject } from '../subject';
import type { MemoryRegion } from '../../../abi/jailhouse';

const LOADABLE = MEM_LOADABLE | MEM_WRITE;

/** Whether images get into a cell, and where its first CPU starts. */
export function checkLoading({ cells, images = [] }: Subject, report: Report): void {
  for (const cell of cells) {
    checkLoadable(cell, report);
    checkEntry(cell, report);
    for (const image of images.filter((one) => one.cell === cell.config.name)) {
      checkImage(cell, image, report);
    }
  }
}

function checkLoadable(cell: CheckedCell, report: Report): void {
  const { memoryRegions } = cell.config;
  const loadable = memoryRegions
    .map((region, index) => ({ region, index }))
    .filter(({ region }) => (region.flags & MEM_LOADABLE) !== 0n && region.size > 0n);
  if (loadable.length === 0) {
    report('LOAD-NONE', {
      message: `${cellWords(cell)} has no loadable memory`,
      places: [at(cell, 'mem_regions', `${memoryRegions.length} regions`)],
    });
  }
  for (const { region, index } of loadable.filter(({ region }) => (region.flags & MEM_WRITE) === 0n)) {
    report('LOAD-READ-ONLY', {
      message: `mem_regions[${index}] of ${cellWords(cell)} is loadable, but cannot be written`,
      places: [at(cell, `mem_regions[${index}].flags`, hex(region.flags))],
      remedy: `mem_regions[${index}].flags = ${hex(region.flags | MEM_WRITE)}`,
    });
  }
}

/** Where regions overlap the last one is mapped. */
function checkEntry(cell: CheckedCell, report: Report): void {
  const { cpuResetAddress, memoryRegions } = cell.config;
  const entry = at(cell, 'cpu_reset_address', hex(cpuResetAddress));
  const index = memoryRegions.findLastIndex((region) => holds(virtual(region), cpuResetAddress));
  const region = memoryRegions[index];
  if (!region) {
    report('ENTRY-UNMAPPED', {
      message: `${cellWords(cell)} starts at ${hex(cpuResetAddress)}, where it has no memory`,
      places: [entry],
    });
    return;
  }
  const code = entryFinding(region);
  if (code) {
    report(code, {
      message: `${cellWords(cell)} starts in mem_regions[${index}], which ${code === 'ENTRY-NOT-RAM' ? 'is no RAM' : 'is not loadable'}`,
      places: [entry, atRegion(cell, index, 'flags')],
    });
  }
}

function entryFinding({ flags }: MemoryRegion): FindingCode | undefined {
  if ((flags & (MEM_IO | MEM_COMM_REGION)) !== 0n) {
    return 'ENTRY-NOT-RAM';
  }
  return (flags & MEM_LOADABLE) === 0n ? 'ENTRY-NOT-LOADABLE' : undefined;
}

/** The driver takes the first region that covers the address (jailhouse-abi reference 1.6, step 4). */
export function checkImage(cell: CheckedCell, image: CheckedImage, report: Report): void {
  const { address, sizeBytes, file } = image;
  if (sizeBytes === 0) {
    return;
  }
  const what = `the image (${sizeBytes} bytes at ${hex(address)})`;
  const { memoryRegions } = cell.config;
  const index = memoryRegions.findIndex((region) => holds(virtual(region), address));
  const region = memoryRegions[index];
  const place: Place = onBoard(file, `${sizeBytes} bytes at ${hex(address)}`);
  if (!region) {
    const loadable = memoryRegions.filter(({ flags }) => (flags & LOADABLE) === LOADABLE).map(virtual);
    report('IMAGE-OUTSIDE', {
      message: `${what} is in none of the cell's memory regions; loadable: ${list(loadable.map(showRange)) || 'none'}`,
      places: [place, at(cell, 'mem_regions', `${memoryRegions.length} regions`)],
    });
    return;
  }
  const range = showRange(virtual(region));
  const regionPlace = atRegion(cell, index, 'flags');
  const over = address + BigInt(sizeBytes) - end(virtual(region));
  if ((region.flags & LOADABLE) !== LOADABLE) {
    report('IMAGE-NOT-LOADABLE', {
      message: `${what} is in memory region ${index} (${range}), which is not loadable`,
      places: [place, regionPlace],
    });
  } else if (over > 0n) {
    report('IMAGE-TOO-LONG', {
      message: `${what} ends ${over} bytes behind memory region ${index} (${range})`,
      places: [place, regionPlace],
    });
  }
}
