import {
  isSubPage,
  MEM_EXECUTE,
  MEM_IO,
  MEM_IO_16,
  MEM_IO_32,
  MEM_IO_64,
  MEM_IO_8,
  MEM_LOADABLE,
} from '../../../abi/jailhouse';
import { at, atRegion, inSystem } from '../finding';
import { allCells } from '../subject';
import { end, physical, virtual } from '../ranges';
import { cellWords, hex } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { MemoryRegion } from '../../../abi/jailhouse';

const PAGE_MASK = 0xfffn;
/** No arm64 core has more, short of extensions that no i.MX 8 has. */
const MAX_ADDRESS_BITS = 48;
const ANY_WIDTH = MEM_IO_8 | MEM_IO_16 | MEM_IO_32 | MEM_IO_64;

/** Regions by themselves: pages, parts of pages, and the end of the address space (jailhouse-hypervisor reference 2). */
export function checkAlignment(subject: Subject, report: Report): void {
  const bits = subject.hardware?.physicalAddressBits ?? MAX_ADDRESS_BITS;
  for (const cell of allCells(subject)) {
    cell.config.memoryRegions.forEach((region, index) => {
      if (region.size > 0n) {
        if (((region.physStart | region.virtStart | region.size) & PAGE_MASK) !== 0n) {
          checkPages(cell, region, index, report);
        }
        checkRange(cell, region, index, bits, report);
      }
    });
  }
  checkHypervisorMemory(subject, report);
}

function checkPages(cell: CheckedCell, region: MemoryRegion, index: number, report: Report): void {
  const name = `mem_regions[${index}]`;
  const isRam = (region.flags & MEM_IO) === 0n && (region.flags & (MEM_EXECUTE | MEM_LOADABLE)) !== 0n;
  if (!isSubPage(region)) {
    if ((region.physStart & PAGE_MASK) !== 0n) {
      report('MEM-PHYS-ALIGN', {
        message: `${name} of ${cellWords(cell)} starts ${hex(region.physStart & PAGE_MASK)} bytes inside of a page`,
        places: [at(cell, `${name}.phys_start`, hex(region.physStart))],
        remedy: `${name}.phys_start = ${hex(region.physStart & ~PAGE_MASK)}`,
      });
    }
  } else if (isRam) {
    const [field, value] =
      (region.virtStart & PAGE_MASK) !== 0n ? ['virt_start', region.virtStart] : (['size', region.size] as const);
    report('MEM-SUBPAGE-RAM', {
      message: `${name} of ${cellWords(cell)} is RAM, but not whole pages`,
      places: [at(cell, `${name}.${field}`, hex(value as bigint))],
      remedy: `${name}.${field} = ${hex(((value as bigint) + PAGE_MASK) & ~PAGE_MASK)}`,
    });
  } else if ((region.flags & ANY_WIDTH) === 0n) {
    report('MEM-SUBPAGE-WIDTH', {
      message: `${name} of ${cellWords(cell)} is less than a page and permits no access width`,
      places: [at(cell, `${name}.flags`, hex(region.flags))],
      remedy: `add JAILHOUSE_MEM_IO_32 to ${name}.flags`,
    });
  }
}

function checkRange(cell: CheckedCell, region: MemoryRegion, index: number, bits: number, report: Report): void {
  const limit = 1n << BigInt(bits);
  const beyond = end(physical(region)) > limit ? 'physStart' : end(virtual(region)) > limit ? 'virtStart' : undefined;
  if (beyond) {
    report('MEM-RANGE', {
      message: `mem_regions[${index}] of ${cellWords(cell)} ends beyond ${bits} bits of address`,
      places: [atRegion(cell, index, beyond)],
    });
  }
}

function checkHypervisorMemory({ system }: Subject, report: Report): void {
  const memory = system?.config.hypervisorMemory;
  if (system && memory && ((memory.physStart | memory.size) & PAGE_MASK) !== 0n) {
    const field = (memory.physStart & PAGE_MASK) !== 0n ? 'phys_start' : 'size';
    report('HV-MEM-ALIGN', {
      message: `hypervisor_memory.${field} is not a multiple of 0x1000`,
      places: [inSystem(system, `hypervisor_memory.${field}`, hex(field === 'size' ? memory.size : memory.physStart))],
    });
  }
}
