import { MEM_COMM_REGION } from '../../../abi/jailhouse';
import { atRegion, inSystem } from '../finding';
import { ivshmemDevices } from '../links';
import { overlap, physical, virtual } from '../ranges';
import { allCells, cellCpus } from '../subject';
import { cellWords, rangeValue } from '../words';
import type { FindingCode } from '../../findings';
import type { Report } from '../finding';
import type { Range } from '../ranges';
import type { CheckedSystem, Subject } from '../subject';
import type { MemoryRegion } from '../../../abi/jailhouse';

const MIB = 0x10_0000n;
/** Linux gets this much for the registers of each virtual device (jailhouse-hypervisor reference 10.5). */
const BARS_PER_DEVICE = 0x2000n;
const GICD_V3 = 0x1_0000n;
const GICR_PER_CPU = 0x2_0000n;
const GIC_V2_FRAMES = { gicdBase: 0x1000n, giccBase: 0x2000n, gichBase: 0x2000n, gicvBase: 0x2000n } as const;

/** Addresses that work only while no region of a cell covers them (jailhouse-hypervisor reference 2). */
export interface Window {
  readonly code: FindingCode;
  /** In C, and what it is in words. */
  readonly field: string;
  readonly name: string;
  readonly range: Range;
}

/** All of a system, for its root cell. */
export function interceptedWindows(system: CheckedSystem): Window[] {
  return [...gicWindows(system), ...smmuWindows(system), ...configWindow(system), ...barWindow(system)];
}

export function checkIntercepted(subject: Subject, report: Report): void {
  const { system } = subject;
  if (!system) {
    return;
  }
  const always = [...gicWindows(system), ...smmuWindows(system), ...configWindow(system)];
  for (const cell of allCells(subject)) {
    const windows = cell.isRoot ? [...always, ...barWindow(system)] : always;
    for (const window of windows) {
      const isRegisters = window.code === 'MEM-GIC' || window.code === 'MEM-SMMU';
      cell.config.memoryRegions.forEach((region, index) => {
        if (covers(region, window.range, isRegisters)) {
          report(window.code, {
            message: `mem_regions[${index}] of ${cellWords(cell)} covers ${window.name}`,
            places: [
              atRegion(cell, index, isRegisters ? 'physStart' : 'virtStart'),
              inSystem(system, window.field, rangeValue(window.range)),
            ],
            severity: cell.isRoot && isRegisters ? 'note' : undefined,
          });
        }
      });
    }
  }
  checkHostPlace(system, report);
}

/** Registers are reached by their physical address, whatever the cell calls it; the virtual PCI host has only guest addresses. */
function covers(region: MemoryRegion, range: Range, byPhysical: boolean): boolean {
  return (region.flags & MEM_COMM_REGION) !== 0n
    ? !byPhysical && overlap(virtual(region), range)
    : overlap(byPhysical ? physical(region) : virtual(region), range);
}

function gicWindows({ config: { arm, rootCell } }: CheckedSystem): Window[] {
  const window = (field: string, start: bigint, size: bigint): Window[] =>
    start === 0n
      ? []
      : [
          {
            code: 'MEM-GIC',
            field: `platform_info.arm.${field}_base`,
            name: `the registers of the GIC (${field.toUpperCase()})`,
            range: { start, size },
          },
        ];
  if (arm?.gicVersion === 2) {
    return Object.entries(GIC_V2_FRAMES).flatMap(([property, size]) =>
      window(property.slice(0, 4), arm[property as keyof typeof GIC_V2_FRAMES], size),
    );
  }
  const cpus = BigInt(cellCpus(rootCell).length);
  return arm ? [...window('gicd', arm.gicdBase, GICD_V3), ...window('gicr', arm.gicrBase, GICR_PER_CPU * cpus)] : [];
}

function smmuWindows({ config }: CheckedSystem): Window[] {
  return (config.iommuUnits ?? []).flatMap(({ base, size }, index) =>
    base === 0n
      ? []
      : [
          {
            code: 'MEM-SMMU' as const,
            field: `platform_info.iommu_units[${index}].base`,
            name: 'the registers of an SMMU',
            range: { start: base, size: BigInt(size) },
          },
        ],
  );
}

function configWindow({ config }: CheckedSystem): Window[] {
  const { pciMmconfigBase: start, pciMmconfigEndBus } = config;
  const range = { start, size: BigInt(pciMmconfigEndBus + 1) * MIB };
  const field = 'platform_info.pci_mmconfig_base';
  return start === 0n ? [] : [{ code: 'VPCI-WINDOW', field, name: 'the config space of virtual PCI', range }];
}

function barWindow({ config }: CheckedSystem): Window[] {
  const devices = BigInt(ivshmemDevices(config.rootCell).length);
  if (config.pciMmconfigBase === 0n || config.pciIsVirtual === 0 || devices === 0n) {
    return [];
  }
  const range = { start: config.pciMmconfigBase + MIB, size: devices * BARS_PER_DEVICE };
  const name = 'the registers of the virtual PCI devices';
  return [{ code: 'VPCI-BARS', field: 'platform_info.pci_mmconfig_base', name, range }];
}

function checkHostPlace(system: CheckedSystem, report: Report): void {
  const memory = physical(system.config.hypervisorMemory);
  for (const { range, field, name } of [...configWindow(system), ...barWindow(system)]) {
    if (overlap(range, memory)) {
      report('VPCI-HYPERVISOR', {
        message: `${name} is in the hypervisor's memory`,
        places: [
          inSystem(system, field, rangeValue(range)),
          inSystem(system, 'hypervisor_memory.phys_start', rangeValue(memory)),
        ],
      });
    }
  }
}
