import { SYS_FLAG_VIRTUAL_DEBUG_CONSOLE } from '../../abi/jailhouse';
import { commonCell } from './cell';
import { written } from './origin';
import { KiB, u64 } from './value';
import type { Architecture, ArmPlatform, Console, IommuUnit, SystemConfig } from '../../abi/jailhouse';
import type { CommonCellOptions } from './cell';
import type { Ppi } from './interrupt';
import type { Quantity } from './value';

export interface GicOptions {
  readonly version: 2 | 3;
  readonly distributor: Quantity;
  /** GICv3. */
  readonly redistributors?: Quantity;
  /** GICv2: CPU interface, and the two halves of its virtualisation. */
  readonly cpuInterface?: Quantity;
  readonly virtualControl?: Quantity;
  readonly virtualCpuInterface?: Quantity;
  /** Maintenance interrupt. */
  readonly maintenance: Ppi;
}

export interface SystemOptions extends CommonCellOptions {
  /** Default arm64. */
  readonly architecture?: Exclude<Architecture, 'x86'>;
  /** RAM for the hypervisor, which Linux must not use. */
  readonly hypervisorMemory: { readonly phys: Quantity; readonly size: Quantity };
  /** The UART that the hypervisor prints to. */
  readonly debugConsole: Console;
  /** Whether Linux may read the hypervisor's log (`jailhouse console`). Default true. */
  readonly virtualConsole?: boolean;
  readonly gic: GicOptions;
  /** The PCI host that the hypervisor provides for its virtual devices. */
  readonly virtualPci: {
    readonly configBase: Quantity;
    /** Default 0. */
    readonly endBus?: number;
    /** Linux' number for the host; default 0. */
    readonly domain?: number;
  };
  readonly iommuUnits?: readonly IommuUnit[];
}

/** The hypervisor maps this much of its UART unless the console says otherwise. */
const CONSOLE_WINDOW = 4 * KiB;

/**
 * Config of a system: the hypervisor, and the root cell that Linux lives in.
 *
 * @throws ConfigError for what cannot be a config
 */
export function rootCell(options: SystemOptions): SystemConfig {
  const { architecture = 'arm64', virtualConsole = true, debugConsole, hypervisorMemory, virtualPci } = options;
  return written({
    architecture,
    flags: virtualConsole ? SYS_FLAG_VIRTUAL_DEBUG_CONSOLE : 0,
    hypervisorMemory: {
      physStart: u64(hypervisorMemory.phys, 'hypervisorMemory.phys'),
      virtStart: 0n,
      size: u64(hypervisorMemory.size, 'hypervisorMemory.size'),
      flags: 0n,
    },
    debugConsole: { ...debugConsole, size: debugConsole.size || CONSOLE_WINDOW },
    pciMmconfigBase: u64(virtualPci.configBase, 'virtualPci.configBase'),
    pciMmconfigEndBus: virtualPci.endBus ?? 0,
    pciIsVirtual: 1,
    pciDomain: virtualPci.domain ?? 0,
    ...(options.iommuUnits && { iommuUnits: options.iommuUnits }),
    arm: armPlatform(options.gic),
    rootCell: commonCell(options),
  });
}

function armPlatform(gic: GicOptions): ArmPlatform {
  return {
    maintenanceIrq: gic.maintenance.intid,
    gicVersion: gic.version,
    gicdBase: u64(gic.distributor, 'gic.distributor'),
    giccBase: u64(gic.cpuInterface ?? 0, 'gic.cpuInterface'),
    gichBase: u64(gic.virtualControl ?? 0, 'gic.virtualControl'),
    gicvBase: u64(gic.virtualCpuInterface ?? 0, 'gic.virtualCpuInterface'),
    gicrBase: u64(gic.redistributors ?? 0, 'gic.redistributors'),
  };
}
