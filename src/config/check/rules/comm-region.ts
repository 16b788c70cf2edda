import { CELL_FLAG_PASSIVE_COMMREG, MEM_COMM_REGION, MEM_READ, MEM_WRITE } from '../../../abi/jailhouse';
import { at } from '../finding';
import { looksLikeLinux } from '../subject';
import { cellWords, hex } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { MemoryRegion } from '../../../abi/jailhouse';

/** Where inmates built with Jailhouse's library look for it (jailhouse-hypervisor reference 12.1). */
const ADDRESS = 0x8000_0000n;
const SIZE = 0x1000n;

/** The page through which cell and hypervisor talk. */
export function checkCommRegions({ cells }: Subject, report: Report): void {
  for (const cell of cells) {
    const regions = cell.config.memoryRegions
      .map((region, index) => ({ region, index }))
      .filter(({ region }) => (region.flags & MEM_COMM_REGION) !== 0n);
    regions.forEach(({ region, index }) => checkRegion(cell, region, index, report));
    if (regions.length === 0) {
      reportMissing(cell, report);
    }
    const [first, second] = regions;
    if (first && second) {
      report('COMM-TWICE', {
        message: `${cellWords(cell)} has ${regions.length} communication regions`,
        places: [first, second].map(({ region, index }) =>
          at(cell, `mem_regions[${index}].virt_start`, hex(region.virtStart)),
        ),
      });
    }
  }
}

function reportMissing(cell: CheckedCell, report: Report): void {
  const { flags, memoryRegions } = cell.config;
  const passive = (flags & CELL_FLAG_PASSIVE_COMMREG) !== 0;
  report('COMM-MISSING', {
    message: `${cellWords(cell)} has no communication region${passive ? '' : ', and is asked through it before it is shut down'}`,
    places: [at(cell, 'mem_regions', `${memoryRegions.length} regions`), at(cell, 'flags', hex(flags))],
    severity: passive ? undefined : 'error',
  });
}

function checkRegion(cell: CheckedCell, region: MemoryRegion, index: number, report: Report): void {
  const name = `mem_regions[${index}]`;
  if (region.size !== SIZE) {
    report('COMM-SIZE', {
      message: `the communication region of ${cellWords(cell)} has ${hex(region.size)} bytes`,
      places: [at(cell, `${name}.size`, hex(region.size))],
      remedy: `${name}.size = 0x1000`,
    });
  }
  if (region.virtStart !== ADDRESS && !looksLikeLinux(cell.config)) {
    report('COMM-ADDRESS', {
      message: `the communication region of ${cellWords(cell)} is at ${hex(region.virtStart)}`,
      places: [at(cell, `${name}.virt_start`, hex(region.virtStart))],
      remedy: `${name}.virt_start = 0x80000000`,
    });
  }
  const access = MEM_READ | MEM_WRITE;
  if ((region.flags & access) !== access) {
    report('COMM-ACCESS', {
      message: `${cellWords(cell)} cannot read and write its communication region`,
      places: [at(cell, `${name}.flags`, hex(region.flags))],
      remedy: `${name}.flags = ${hex(region.flags | access)}`,
    });
  }
}
