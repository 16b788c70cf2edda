import { irqchipsHold, MEM_COMM_REGION, MEM_IO, MEM_ROOTSHARED } from '../../../abi/jailhouse';
import { at, atRegion, inSystem, onBoard } from '../finding';
import { toRange } from '../hardware';
import { overlap, physical, uncovered } from '../ranges';
import { allCells, cellCpus, rootOf } from '../subject';
import { cellWords, cpuWords, hex, intidWords, list, rangeValue, showRange } from '../words';
import type { Report } from '../finding';
import type { Hardware } from '../hardware';
import type { Range } from '../ranges';
import type { CheckedCell, CheckedSystem, Subject } from '../subject';

const SPI_BASE = 32;

/** What configs say beside what a board has. What is not known of it is not checked. */
export function checkHardware(subject: Subject, report: Report): void {
  const { system, cells, hardware } = subject;
  if (!hardware) {
    return;
  }
  if (system) {
    checkCpus(system, hardware, report);
    checkGic(system, hardware, report);
    checkSystemMemory(system, hardware, report);
  }
  for (const cell of allCells(subject)) {
    checkRegions(cell, hardware, report);
  }
  for (const cell of cells) {
    checkReserved(cell, hardware, report);
    checkDeviceInterrupts(cell, hardware, report);
  }
}

function checkCpus(system: CheckedSystem, { cpus, name }: Hardware, report: Report): void {
  if (!cpus) {
    return;
  }
  const root = rootOf(system);
  const wanted = cellCpus(root.config);
  const missing = wanted.filter((cpu) => !cpus.includes(cpu));
  const left = cpus.filter((cpu) => !wanted.includes(cpu));
  if (missing.length > 0 || left.length > 0) {
    const what = missing.length > 0 ? `has no ${cpuWords(missing)}` : `has ${cpuWords(left)} too`;
    report('HW-CPU', {
      message: `${name} ${what}`,
      places: [at(root, 'cpus', list(wanted)), onBoard(name, cpuWords(cpus))],
      remedy: `cpus = { 0x${cpus.reduce((mask, cpu) => mask | (1n << BigInt(cpu)), 0n).toString(16)} }`,
    });
  }
}

function checkGic(system: CheckedSystem, { gic, name }: Hardware, report: Report): void {
  const arm = system.config.arm;
  if (!gic || !arm) {
    return;
  }
  const addresses = [
    { field: 'gicd_base', found: arm.gicdBase, there: gic.gicdBase },
    ...(arm.gicVersion === 3 && gic.gicrBase !== undefined
      ? [{ field: 'gicr_base', found: arm.gicrBase, there: gic.gicrBase }]
      : []),
  ];
  for (const { field, found, there } of addresses) {
    if (found !== there) {
      report('HW-GIC', {
        message: `${field} is ${hex(found)}; that of ${name} is ${hex(there)}`,
        places: [inSystem(system, `platform_info.arm.${field}`, hex(found)), onBoard(name, hex(there))],
        remedy: `platform_info.arm.${field} = ${hex(there)}`,
      });
    }
  }
}

function checkSystemMemory(system: CheckedSystem, hardware: Hardware, report: Report): void {
  const { name, ram, linuxRam } = hardware;
  const own = physical(system.config.hypervisorMemory);
  const place = inSystem(system, 'hypervisor_memory.phys_start', rangeValue(own));
  const outside = ram ? uncovered(own, ram.map(toRange)) : [];
  if (outside.length > 0) {
    report('HW-RAM', {
      message: `the hypervisor's memory is not RAM of ${name}: ${showSome(outside)}`,
      places: [place, ramPlace(hardware)],
    });
  } else if (linuxRam?.some((range) => overlap(own, toRange(range)))) {
    report('HW-RESERVED', {
      message: `the hypervisor's memory is not reserved on ${name}`,
      places: [place, reservedPlace(hardware)],
    });
  }
  const mapped = [...system.config.rootCell.memoryRegions.map(physical), own];
  const gaps = (linuxRam ?? []).flatMap((range) => uncovered(toRange(range), mapped));
  if (gaps.length > 0) {
    report('HW-UNMAPPED', {
      message: `Linux on ${name} uses ${showSome(gaps)}, which the root cell does not map`,
      places: [at(rootOf(system), 'mem_regions', 'no region has it'), ramPlace(hardware)],
    });
  }
}

/** What Linux maps, its own tables say how: for a root cell these are notes. */
function checkRegions(cell: CheckedCell, hardware: Hardware, report: Report): void {
  const { ram, uarts, name } = hardware;
  const severity = cell.isRoot ? ('note' as const) : undefined;
  cell.config.memoryRegions.forEach((region, index) => {
    if ((region.flags & (MEM_COMM_REGION | MEM_IO)) !== 0n || region.size === 0n) {
      return;
    }
    const uart = uarts?.find((one) => overlap(physical(region), { start: one.physStart, size: BigInt(one.sizeBytes) }));
    if (uart) {
      report('HW-IO-CACHED', {
        message: `mem_regions[${index}] of ${cellWords(cell)} maps the registers of ${uart.name} as memory`,
        places: [
          at(cell, `mem_regions[${index}].flags`, hex(region.flags)),
          onBoard(`${uart.name} of ${name}`, hex(uart.physStart)),
        ],
        severity,
      });
    } else if (ram && !ram.some((range) => overlap(physical(region), toRange(range)))) {
      report('HW-RAM', {
        message: `mem_regions[${index}] of ${cellWords(cell)} is not RAM of ${name}`,
        places: [atRegion(cell, index, 'physStart'), ramPlace(hardware)],
        severity,
      });
    }
  });
}

/** RAM of a cell that Linux was not kept from. */
function checkReserved(cell: CheckedCell, hardware: Hardware, report: Report): void {
  const { linuxRam = [], name } = hardware;
  cell.config.memoryRegions.forEach((region, index) => {
    if ((region.flags & (MEM_COMM_REGION | MEM_IO)) !== 0n) {
      return;
    }
    const used = linuxRam.map(toRange).filter((range) => overlap(physical(region), range));
    if (used.length > 0) {
      report('HW-RESERVED', {
        message: `Linux on ${name} uses memory of ${cellWords(cell)}: it has ${showSome(used)}`,
        places: [atRegion(cell, index, 'physStart'), reservedPlace(hardware)],
      });
    }
  });
}

function checkDeviceInterrupts(cell: CheckedCell, { uarts = [], name }: Hardware, report: Report): void {
  const { irqchips, memoryRegions } = cell.config;
  for (const uart of uarts) {
    const index = memoryRegions.findIndex(
      (region) => region.physStart === uart.physStart && (region.flags & MEM_ROOTSHARED) === 0n,
    );
    if (index < 0 || irqchipsHold(irqchips, uart.intid)) {
      continue;
    }
    const offBy32 = irqchipsHold(irqchips, uart.intid - SPI_BASE);
    report(offBy32 ? 'IRQ-OFF-BY-32' : 'IRQ-DEVICE', {
      message: `${cellWords(cell)} has ${uart.name}, whose interrupt is ${intidWords(uart.intid)}, ${offBy32 ? `and ${intidWords(uart.intid - SPI_BASE)} in its irqchips` : 'but not the interrupt'}`,
      places: [
        at(cell, `mem_regions[${index}].phys_start`, hex(uart.physStart)),
        onBoard(`${uart.name} of ${name}`, intidWords(uart.intid)),
      ],
      remedy: `add INTID ${uart.intid} to the irqchips: pin_base = ${uart.intid - (uart.intid % 32)}, pin_bitmap = { ${hex((1 << (uart.intid % 32)) >>> 0)} }`,
    });
  }
}

function showSome(ranges: readonly Range[]): string {
  return list(ranges.slice(0, 3).map(showRange));
}

function ramPlace({ name, ram, linuxRam = [] }: Hardware) {
  return onBoard(`RAM of ${name}`, list((ram ?? linuxRam).map((range) => showRange(toRange(range)))));
}

function reservedPlace({ name, reservedMemory = [] }: Hardware) {
  const shown = reservedMemory.map((one) => `${one.name} ${showRange(toRange(one))}`);
  return onBoard(`reserved memory of ${name}`, list(shown) || 'none');
}
