import { configSizeBytes, MEM_COMM_REGION } from '../../../abi/jailhouse';
import { atRegion, inSystem } from '../finding';
import { estimatePool, fixedBytes } from '../page-pool';
import { overlap, physical } from '../ranges';
import { allCells, maxCpus } from '../subject';
import { cellWords, hex, rangeValue } from '../words';
import type { Report } from '../finding';
import type { CheckedSystem, Subject } from '../subject';

/** The hypervisor's own memory: who else maps it, and whether it is enough. */
export function checkHypervisorMemory(subject: Subject, report: Report): void {
  const { system } = subject;
  if (!system) {
    return;
  }
  const own = physical(system.config.hypervisorMemory);
  for (const cell of allCells(subject)) {
    cell.config.memoryRegions.forEach((region, index) => {
      if ((region.flags & MEM_COMM_REGION) === 0n && overlap(physical(region), own)) {
        report('MEM-HYPERVISOR', {
          message: `mem_regions[${index}] of ${cellWords(cell)} covers memory of the hypervisor`,
          places: [
            atRegion(cell, index, 'physStart'),
            inSystem(system, 'hypervisor_memory.phys_start', rangeValue(own)),
          ],
        });
      }
    });
  }
  checkSize(system, subject, report);
}

/** Sizes as of the release that the guide describes (jailhouse-abi reference 1.3, steps 10 and 11, and 5.1). */
function checkSize(system: CheckedSystem, subject: Subject, report: Report): void {
  const { hypervisorMemory, rootCell } = system.config;
  const cpus = maxCpus(rootCell);
  const needed = fixedBytes(cpus, configSizeBytes(system.config, system.dialect));
  const place = inSystem(system, 'hypervisor_memory.size', hex(hypervisorMemory.size));
  if (hypervisorMemory.size <= BigInt(needed)) {
    report('HV-MEM-SMALL', {
      message: `the hypervisor needs more than ${hex(needed)} bytes for its image, ${cpus} CPUs and the config`,
      places: [place],
      remedy: 'hypervisor_memory.size = 0x400000',
    });
    return;
  }
  const { sizePages, usedPages } = estimatePool(system, subject.cells);
  if (usedPages > sizePages) {
    report('HV-POOL', {
      message: `the page pool has ${sizePages} pages, the cells need about ${usedPages}`,
      places: [place],
      remedy: `hypervisor_memory.size = ${hex(roundUp(hypervisorMemory.size + BigInt(usedPages - sizePages) * 4096n))}, or more`,
    });
  }
}

function roundUp(size: bigint): bigint {
  const step = 0x20_0000n;
  return ((size + step - 1n) / step) * step;
}
