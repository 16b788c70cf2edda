import { nested, padding, slots, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';
import { cellDescriptorLayout, signatureFields } from './cell';
import { iommuUnitLayout, MAX_IOMMU_UNITS } from './iommu';
import { memoryRegionLayout } from './memory';
import { armPlatformLayout, x86PlatformLayout } from './platform';
import { CON_V9_ROOTPAGE, consoleLayout } from './uart';
import type { DialectTraits } from '../dialect';
import type { Architecture, CellConfig, CellDescriptor } from './cell';
import type { IommuUnit } from './iommu';
import type { MemoryRegion } from './memory';
import type { ArmPlatform, X86Platform } from './platform';
import type { Console } from './uart';

/** What a system's header and its decoded config have in common. Absent: the dialect has no such field. */
interface SystemFields {
  /** Revision 10 and later: bit 0 is SYS_FLAG_VIRTUAL_DEBUG_CONSOLE. */
  readonly flags?: number;
  readonly hypervisorMemory: MemoryRegion;
  readonly debugConsole: Console;
  readonly pciMmconfigBase: bigint;
  readonly pciMmconfigEndBus: number;
  /** 1: there is no PCI host behind the config window, only the hypervisor's devices. */
  readonly pciIsVirtual: number;
  /** Revision 9 and later. */
  readonly pciDomain?: number;
  /** Up to eight; unused ones at the end are left out. */
  readonly iommuUnits?: readonly IommuUnit[];
  /** Of an arm or arm64 system. */
  readonly arm?: ArmPlatform;
  /** Of an x86 system. */
  readonly x86?: X86Platform;
  /** Bytes of the platform union that its variant leaves unused, where they are not zero. */
  readonly platformPadding?: Uint8Array;
}

/** `struct jailhouse_system` as it stands in the file (jailhouse-abi reference 3.1). */
export interface SystemHeader extends SystemFields {
  readonly signature: string;
  /** Revision 14 only: index into ARCHITECTURES. */
  readonly architectureCode?: number;
  readonly revision: number;
  readonly rootCell: CellDescriptor;
}

export interface SystemConfig extends SystemFields {
  /** Stated by files of revision 14. Earlier ones do not say it: `arm64` then stands for both arm and arm64. */
  readonly architecture: Architecture;
  readonly rootCell: CellConfig;
}

export const SYSTEM_SIGNATURE = 'JHSYST';
/** Revision 14: one letter less, the architecture code takes its place. */
export const SYSTEM_SIGNATURE_V14 = 'JHSYS';

/** Root may read the hypervisor's console page. */
export const SYS_FLAG_VIRTUAL_DEBUG_CONSOLE = 0x1;

/** Whether the hypervisor keeps its log in a page that root may read: a flag that moved with revision 10. */
export function hasVirtualConsole(system: Pick<SystemHeader, 'flags' | 'debugConsole'>): boolean {
  return system.flags === undefined
    ? (system.debugConsole.flags & CON_V9_ROOTPAGE) !== 0
    : (system.flags & SYS_FLAG_VIRTUAL_DEBUG_CONSOLE) !== 0;
}

/** Which variant of the platform union a system uses. */
export type PlatformFamily = 'arm' | 'x86';

export function platformFamily(architecture: Architecture): PlatformFamily {
  return architecture === 'x86' ? 'x86' : 'arm';
}

export const systemHeaderLayouts = perDialect(
  (traits, dialect): Readonly<Record<PlatformFamily, StructLayout<SystemHeader>>> => {
    const { revision } = traits;
    const units = slots('iommuUnits', iommuUnitLayout(dialect), MAX_IOMMU_UNITS);
    const layout = (family: PlatformFamily) => {
      const platform =
        family === 'arm' ? nested('arm', armPlatformLayout(dialect)) : nested('x86', x86PlatformLayout(dialect));
      const unitsInUnion = revision < 13 && (family === 'x86' || armUnionHasIommus(traits));
      const unused = unionSize(traits) - platform.sizeBytes - (unitsInUnion ? units.sizeBytes : 0);
      return new StructLayout<SystemHeader>('jailhouse_system', [
        ...signatureFields(traits),
        u16('revision'),
        ...(revision >= 10 ? [u32('flags')] : []),
        nested('hypervisorMemory', memoryRegionLayout),
        nested('debugConsole', consoleLayout(dialect)),
        u64('pciMmconfigBase'),
        u8('pciMmconfigEndBus'),
        u8('pciIsVirtual'),
        ...(revision >= 9 ? [u16('pciDomain')] : []),
        ...(revision >= 13 ? [units] : []),
        platform,
        ...(unitsInUnion ? [units] : []),
        ...(unused > 0 ? [padding('platformPadding', unused)] : []),
        nested('rootCell', cellDescriptorLayout(dialect)),
      ]);
    };
    return { arm: layout('arm'), x86: layout('x86') };
  },
);

function armUnionHasIommus({ vendor, revision }: DialectTraits): boolean {
  return vendor === 'nxp' || revision === 12;
}

/** Size of the platform union in bytes (jailhouse-abi reference 3.1). */
function unionSize({ vendor, revision }: DialectTraits): number {
  if (revision >= 13) {
    return 44;
  }
  if (revision === 12) {
    return vendor === 'nxp' ? 362 : 266;
  }
  return vendor === 'nxp' ? 298 : 178;
}
