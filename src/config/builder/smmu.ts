import { IOMMU_TYPE_ARM_MMU500, SMMU_ARCH_V2, SMMU_IMPL_MMU500 } from '../../abi/jailhouse';
import { bad, hex } from './value';
import type { CellConfig, IommuUnit, SmmuSid, StreamId, SystemConfig } from '../../abi/jailhouse';

/**
 * NXP's own description of an MMU-500 in the words that upstream has for it from revision 13 on (jailhouse-abi reference
 * 3.4 and 3.8): a type instead of architecture and implementation, and the ignored bits of a stream id beside the id.
 */
export function smmuToMmu500(system: SystemConfig): SystemConfig {
  return system.iommuUnits ? { ...system, iommuUnits: system.iommuUnits.map(unitToMmu500) } : system;
}

export function streamsToMmu500(cell: CellConfig): CellConfig {
  const { smmuSids, ...rest } = cell;
  return smmuSids && smmuSids.length > 0 ? { ...rest, streamIds: smmuSids.map(streamToMmu500) } : rest;
}

function unitToMmu500(unit: IommuUnit, index: number): IommuUnit {
  const { base, size, armSmmuArch = 0, armSmmuImpl = 0 } = unit;
  if (base === 0n) {
    return { base, size };
  }
  if (armSmmuArch !== SMMU_ARCH_V2 || armSmmuImpl !== SMMU_IMPL_MMU500) {
    throw bad(
      `iommuUnits[${index}]`,
      `upstream has no type for SMMU architecture ${armSmmuArch} of kind ${armSmmuImpl}`,
    );
  }
  return { type: IOMMU_TYPE_ARM_MMU500, base, size };
}

function streamToMmu500({ sid, sidMask }: SmmuSid, index: number): StreamId {
  if (sid > 0xffff || sidMask > 0xffff) {
    throw bad(`smmuSids[${index}]`, `an MMU-500's streams have 16 bits, these are ${hex(sid)} and ${hex(sidMask)}`);
  }
  return { id: sid + sidMask * 0x1_0000 };
}
