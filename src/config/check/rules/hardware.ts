import { irqchipPins, MEM_COMM_REGION, MEM_IO, MEM_ROOTSHARED } from '../../../abi/jailhouse';
import { at, inSystem, onBoard } from '../finding';
import { overlap, physical, uncovered } from '../ranges';
import { allCells, cellCpus, rootOf } from '../subject';
import { cellWords, cpuWords, hex, intidWords, list, regionValue, showRange } from '../words';
import type { Report } from '../finding';
import type { Hardware } from '../hardware';
import type { Range } from '../ranges';
import type { CheckedCell, CheckedSystem, Subject } from '../subject';
import type { MemoryRange } from '../../../boards';

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
  const { name, ram, reservedMemory } = hardware;
  if (!ram || !reservedMemory) {
    return;
  }
  const own = physical(system.config.hypervisorMemory);
  const outside = uncovered(own, ram.map(rangeOf));
  if (outside.length > 0) {
    report('HW-RAM', {
      message: `the hypervisor's memory is not RAM of ${name}: ${list(outside.slice(0, 3).map(showRange))}`,
      places: [inSystem(system, 'hypervisor_memory.phys_start', showRange(own)), ramPlace(hardware)],
    });
  } else if (uncovered(own, reservedMemory.map(rangeOf)).length > 0) {
    report('HW-RESERVED', {
      message: `the hypervisor's memory is not reserved on ${name}`,
      places: [inSystem(system, 'hypervisor_memory.phys_start', showRange(own)), reservedPlace(hardware)],
    });
  }
  const mapped = [...system.config.rootCell.memoryRegions.map(physical), ...reservedMemory.map(rangeOf), own];
  const gaps = ram.flatMap((range) => uncovered(rangeOf(range), mapped));
  if (gaps.length > 0) {
    report('HW-UNMAPPED', {
      message: `Linux on ${name} uses ${list(gaps.slice(0, 3).map(showRange))}, which the root cell does not map`,
      places: [at(rootOf(system), 'mem_regions', 'no region has it'), ramPlace(hardware)],
    });
  }
}

function checkRegions(cell: CheckedCell, hardware: Hardware, report: Report): void {
  const { ram, uarts, name } = hardware;
  cell.config.memoryRegions.forEach((region, index) => {
    if ((region.flags & (MEM_COMM_REGION | MEM_IO)) !== 0n || region.size === 0n) {
      return;
    }
    const place = at(cell, `mem_regions[${index}].phys_start`, regionValue(region));
    const uart = uarts?.find((one) => overlap(physical(region), { start: one.physStart, size: BigInt(one.sizeBytes) }));
    if (uart) {
      report('HW-IO-CACHED', {
        message: `mem_regions[${index}] of ${cellWords(cell)} maps the registers of ${uart.name} as memory`,
        places: [
          at(cell, `mem_regions[${index}].flags`, hex(region.flags)),
          onBoard(`${uart.name} of ${name}`, hex(uart.physStart)),
        ],
      });
    } else if (ram && uncovered(physical(region), ram.map(rangeOf)).some(({ size }) => size === region.size)) {
      report('HW-RAM', {
        message: `mem_regions[${index}] of ${cellWords(cell)} is not RAM of ${name}`,
        places: [place, ramPlace(hardware)],
      });
    }
  });
}

/** RAM of a cell that Linux was not kept from. What cells share with root on purpose is Linux' business. */
function checkReserved(cell: CheckedCell, hardware: Hardware, report: Report): void {
  const { ram, reservedMemory, name } = hardware;
  if (!ram || !reservedMemory) {
    return;
  }
  const reserved = reservedMemory.map(rangeOf);
  cell.config.memoryRegions.forEach((region, index) => {
    if ((region.flags & (MEM_COMM_REGION | MEM_IO)) !== 0n) {
      return;
    }
    const used = uncovered(physical(region), reserved).filter((gap) =>
      ram.some((range) => overlap(gap, rangeOf(range))),
    );
    if (used.length > 0) {
      report('HW-RESERVED', {
        message: `Linux on ${name} uses memory of ${cellWords(cell)}: ${list(used.slice(0, 3).map(showRange))}`,
        places: [at(cell, `mem_regions[${index}].phys_start`, regionValue(region)), reservedPlace(hardware)],
      });
    }
  });
}

function checkDeviceInterrupts(cell: CheckedCell, { uarts = [], name }: Hardware, report: Report): void {
  const pins = new Set(cell.config.irqchips.flatMap(irqchipPins));
  for (const uart of uarts) {
    const index = cell.config.memoryRegions.findIndex(
      (region) => region.physStart === uart.physStart && (region.flags & MEM_ROOTSHARED) === 0n,
    );
    if (index < 0 || pins.has(uart.intid)) {
      continue;
    }
    const offBy32 = pins.has(uart.intid - SPI_BASE);
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

function rangeOf({ physStart, sizeBytes }: MemoryRange): Range {
  return { start: physStart, size: sizeBytes };
}

function ramPlace({ name, ram = [] }: Hardware) {
  return onBoard(`RAM of ${name}`, list(ram.map((range) => showRange(rangeOf(range)))));
}

function reservedPlace({ name, reservedMemory = [] }: Hardware) {
  const shown = reservedMemory.map((one) => `${one.name} ${showRange(rangeOf(one))}`);
  return onBoard(`reserved memory of ${name}`, list(shown) || 'none');
}
