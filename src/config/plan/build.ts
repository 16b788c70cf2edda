import {
  cell,
  commRegion,
  dataRam,
  firstSpis,
  imxUart,
  inmateRam,
  io,
  irqchips,
  ivshmem,
  ivshmemSections,
  ivshmemV2,
  linuxRam,
  lpuart,
  MiB,
  pl011,
  ppi,
  ram,
  rootCell,
  sharedWithRoot,
  spi,
} from '../builder';
import { dialectTraits, SMMU_ARCH_V2, SMMU_IMPL_MMU500 } from '../../abi/jailhouse';
import { bdfOf, sectionSizes } from './links';
import type { CellConfig, Console, Dialect, IommuUnit, MemoryRegion, SmmuSid, SystemConfig } from '../../abi/jailhouse';
import type { DeviceSpec } from '../builder';
import type { Uart } from '../create/console';
import type { Smmu } from '../create/smmu';
import type { LinkEnd } from './links';
import type { Plan, PlannedCell, PlannedRegion } from './plan';

/** Bits of a stream id that NXP's configs ignore (jailhouse-hypervisor reference 15, imx8qm). */
export const SID_MASK = 0x7f80;
/** Configuration space of bus 0. */
export const PCI_CONFIG_BYTES = MiB;

/** The dialect that a plan's configs are written in, from which `forDialect` makes the one that is wanted. */
export function sourceDialect(dialect: Dialect): Dialect {
  return dialectTraits(dialect).revision >= 12 ? 'upstream-14' : 'nxp-10';
}

export function buildRoot(plan: Plan): SystemConfig {
  const { facts, placement, root } = plan;
  const { gic } = facts;
  const { hypervisor, virtualPci } = placement.places;
  const memory = memoryOf(root);
  return rootCell({
    name: root.name,
    cpus: root.cpus,
    hypervisorMemory: { phys: hypervisor.physStart, size: hypervisor.sizeBytes },
    debugConsole: consoleOf(facts.console),
    gic: { ...gic, maintenance: ppi(gic.maintenancePpi) },
    virtualPci: { configBase: virtualPci.physStart },
    ...(root.vpciIrqBase !== undefined && { vpciIrqBase: spi(root.vpciIrqBase) }),
    irqchips: firstSpis(gic.distributor, root.spis.length),
    memory: memory.flat(),
    pciDevices: devicesOf(root, memory),
    ...(plan.smmus.length > 0 && { iommuUnits: plan.smmus.map(smmuUnit), smmuSids: streamsOf(plan.smmus) }),
  });
}

export function buildCell(planned: PlannedCell, plan: Plan): CellConfig {
  const { facts, placement } = plan;
  const memory = memoryOf(planned);
  const { virtualPci } = placement.places;
  return cell({
    name: planned.name,
    cpus: planned.cpus,
    ...(planned.console && { console: consoleOf(planned.console) }),
    ...(planned.vpciIrqBase !== undefined && { vpciIrqBase: spi(planned.vpciIrqBase) }),
    irqchips: irqchips(facts.gic.distributor, planned.spis.map(spi)),
    memory: memory.flat(),
    pciDevices: devicesOf(planned, memory),
    ...(planned.toldIrq !== undefined && {
      nxpIvshmem: { pciConfig: { base: virtualPci.physStart, size: PCI_CONFIG_BYTES }, irq: spi(planned.toldIrq) },
    }),
  });
}

/** The builder's function for a UART. */
export const UART_BUILDERS = { imx: imxUart, lpuart, pl011 } as const;

function consoleOf({ kind, address }: Uart): Console {
  return UART_BUILDERS[kind](address);
}

/** A list of regions for each planned one. */
function memoryOf(planned: PlannedCell): MemoryRegion[][] {
  return planned.regions.map((region) => regionsOf(region, planned.kind === 'root'));
}

function regionsOf(region: PlannedRegion, isRoot: boolean): MemoryRegion[] {
  switch (region.kind) {
    case 'commRegion':
      return [commRegion()];
    case 'link':
      return linkRegions(region.end, isRoot);
    case 'inmateRam':
      return [inmateRam({ phys: region.physStart, size: region.sizeBytes })];
    default: {
      const one = SIMPLE[region.kind](region.physStart, region.sizeBytes);
      return [region.isShared ? sharedWithRoot(one) : one];
    }
  }
}

const SIMPLE = { io, ram, dataRam, linuxRam } as const;

function linkRegions({ link, id }: LinkEnd, isRoot: boolean): MemoryRegion[] {
  if (link.version === 2) {
    return ivshmemSections({
      phys: link.physStart,
      ...sectionSizes(link),
      id,
      peers: link.cells.length,
      rootShared: !isRoot,
    });
  }
  const one = dataRam(link.physStart, link.sizeBytes);
  return [isRoot ? one : sharedWithRoot(one)];
}

function devicesOf({ regions }: PlannedCell, memory: readonly MemoryRegion[][]): DeviceSpec[] {
  return regions.flatMap((region, index) => {
    const [first] = memory[index] ?? [];
    if (region.kind !== 'link' || !first) return [];
    const { link, id } = region.end;
    const common = { bdf: bdfOf(link), protocol: link.protocol };
    return link.version === 2
      ? [ivshmemV2({ ...common, stateTable: first, id, peers: link.cells.length })]
      : [ivshmem({ ...common, region: first })];
  });
}

function smmuUnit({ physStart, sizeBytes }: Smmu): IommuUnit {
  return {
    base: physStart,
    size: Number(sizeBytes),
    armSidMask: SID_MASK,
    armSmmuArch: SMMU_ARCH_V2,
    armSmmuImpl: SMMU_IMPL_MMU500,
  };
}

function streamsOf(smmus: readonly Smmu[]): SmmuSid[] {
  return smmus.flatMap(({ streamIds }) => streamIds.map((sid) => ({ sid, sidMask: SID_MASK })));
}
