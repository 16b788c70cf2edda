import { knownMemoryFlags, MEM_READ, MEM_WRITE } from '../../../abi/jailhouse';
import { at } from '../finding';
import { ivshmemDevices, lastRegionOf, firstRegionOf } from '../links';
import { allCells } from '../subject';
import { cellWords, hex } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';

/** Flags of regions, and regions of no effect (jailhouse-abi reference 3.8). */
export function checkRegionFlags(subject: Subject, report: Report): void {
  for (const cell of allCells(subject)) {
    const known = knownMemoryFlags(cell.dialect);
    const sections = sectionIndices(cell);
    cell.config.memoryRegions.forEach(({ size, flags }, index) => {
      if (size > 0n && (flags & ~known) === 0n && (flags & (MEM_READ | MEM_WRITE)) !== 0n) {
        return;
      }
      const name = `mem_regions[${index}]`;
      if (size === 0n) {
        if (!sections.has(index)) {
          report('MEM-EMPTY', {
            message: `${name} of ${cellWords(cell)} has size 0`,
            places: [at(cell, `${name}.size`, '0x0')],
          });
        }
        return;
      }
      if ((flags & ~known) !== 0n) {
        report('MEM-FLAGS', {
          message: `${name} of ${cellWords(cell)} has flags that ${cell.dialect} does not know: ${hex(flags & ~known)}`,
          places: [at(cell, `${name}.flags`, hex(flags))],
          remedy: `${name}.flags = ${hex(flags & known)}`,
        });
      }
      if ((flags & (MEM_READ | MEM_WRITE)) === 0n) {
        report('MEM-NO-ACCESS', {
          message: `${name} of ${cellWords(cell)} may be neither read nor written`,
          places: [at(cell, `${name}.flags`, hex(flags))],
        });
      }
    });
  }
}

/** Sections of ivshmem v2 links: an empty one is how a link says that it has none. */
function sectionIndices({ config }: CheckedCell): ReadonlySet<number> {
  const indices = new Set<number>();
  for (const { device } of ivshmemDevices(config)) {
    const last = Math.min(lastRegionOf(device), config.memoryRegions.length - 1);
    for (let index = firstRegionOf(device); index <= last; index++) {
      indices.add(index);
    }
  }
  return indices;
}
