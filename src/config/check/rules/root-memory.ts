import { MEM_COMM_REGION, MEM_LOADABLE, MEM_WRITE } from '../../../abi/jailhouse';
import { at, atRegion } from '../finding';
import { physical, uncovered } from '../ranges';
import { rootOf } from '../subject';
import { hex, list, showRange } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { Range } from '../ranges';

/** Whether the memory of cells comes from the root cell (jailhouse-hypervisor reference 2: the hypervisor does not ask). */
export function checkRootMemory({ system, cells }: Subject, report: Report): void {
  if (!system) {
    return;
  }
  const root = rootOf(system);
  const all = root.config.memoryRegions.map(physical);
  const writable = root.config.memoryRegions.filter(({ flags }) => (flags & MEM_WRITE) !== 0n).map(physical);
  for (const cell of cells) {
    checkCell(cell, root, all, writable, report);
  }
}

function checkCell(
  cell: CheckedCell,
  root: CheckedCell,
  all: readonly Range[],
  writable: readonly Range[],
  report: Report,
): void {
  cell.config.memoryRegions.forEach((region, index) => {
    if ((region.flags & MEM_COMM_REGION) !== 0n || region.size === 0n) {
      return;
    }
    const isLoaded = (region.flags & MEM_LOADABLE) !== 0n;
    const gaps = uncovered(physical(region), isLoaded ? writable : all);
    if (gaps.length > 0) {
      const missing = list(gaps.slice(0, 3).map(showRange));
      report(isLoaded ? 'LOAD-NOT-IN-ROOT' : 'MEM-NOT-IN-ROOT', {
        message: `mem_regions[${index}] of cell '${cell.config.name}' is not in the root cell: ${missing}`,
        places: [
          atRegion(cell, index, 'physStart'),
          at(root, 'mem_regions', `no ${isLoaded ? 'writable ' : ''}region has ${hex(gaps[0]?.start ?? 0n)}`),
        ],
      });
    }
  });
}
