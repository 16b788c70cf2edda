import { padding, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';
import type { SlotLayout } from '../../field';

/** `struct jailhouse_iommu`: an IOMMU of the system (jailhouse-abi reference 3.4). */
export interface IommuUnit {
  /** Revision 12 and later: one of the IOMMU_TYPE_* values. */
  readonly type?: number;
  readonly base: bigint;
  readonly size: number;
  readonly amdBdf?: number;
  readonly amdBaseCap?: number;
  readonly amdMsiCap?: number;
  readonly amdFeatures?: number;
  /** Only of type PVU, where it takes the place of the AMD fields. */
  readonly tlbBase?: bigint;
  readonly tlbSize?: number;
  /** NXP only. */
  readonly armSidMask?: number;
  /** NXP only: one of the SMMU_ARCH_* values. */
  readonly armSmmuArch?: number;
  /** NXP only: one of the SMMU_IMPL_* values. */
  readonly armSmmuImpl?: number;
  readonly padding?: Uint8Array;
}

/** Every system config that lists IOMMUs has room for this many. */
export const MAX_IOMMU_UNITS = 8;

export const IOMMU_TYPE_AMD = 1;
export const IOMMU_TYPE_INTEL = 2;
export const IOMMU_TYPE_SMMUV3 = 3;
export const IOMMU_TYPE_PVU = 4;
/** Revision 13 and later. */
export const IOMMU_TYPE_ARM_MMU500 = 5;

export const SMMU_ARCH_V1 = 0;
export const SMMU_ARCH_V1_64K = 1;
export const SMMU_ARCH_V2 = 2;
export const SMMU_IMPL_GENERIC = 0;
export const SMMU_IMPL_MMU500 = 1;

const amd = [u16('amdBdf'), u8('amdBaseCap'), u8('amdMsiCap'), u32('amdFeatures')] as const;
const pvu = [u64('tlbBase'), u32('tlbSize')] as const;
const nxpTail = [u32('armSidMask'), u32('armSmmuArch'), u32('armSmmuImpl')] as const;

export const iommuUnitLayout = perDialect(({ vendor, revision }): SlotLayout<IommuUnit> => {
  const tail = vendor === 'nxp' ? nxpTail : [];
  if (revision < 12) {
    return new StructLayout<IommuUnit>('jailhouse_iommu', [u64('base'), u32('size'), ...amd, ...tail]);
  }
  const head = [u32('type'), u64('base'), u32('size')] as const;
  const common = new StructLayout<IommuUnit>('jailhouse_iommu', [...head, ...amd, padding('padding', 4), ...tail]);
  const ofPvu = new StructLayout<IommuUnit>('jailhouse_iommu', [...head, ...pvu, ...tail]);
  return {
    sizeBytes: common.sizeBytes,
    decodeView: (view, offset) =>
      (view.getUint32(offset, true) === IOMMU_TYPE_PVU ? ofPvu : common).decodeView(view, offset),
    encodeInto: (unit, view, offset, place) =>
      (unit.type === IOMMU_TYPE_PVU ? ofPvu : common).encodeInto(unit, view, offset, place),
  };
});

/** `struct jailhouse_smmu_sid` of NXP 9 and NXP 10 (jailhouse-abi reference 3.8). */
export interface SmmuSid {
  readonly sid: number;
  readonly sidMask: number;
}

export const smmuSidLayout = new StructLayout<SmmuSid>('jailhouse_smmu_sid', [u32('sid'), u32('sidMask')]);

/** `union jailhouse_stream_id`, revision 12 and later (jailhouse-abi reference 3.8). */
export interface StreamId {
  /** For an MMU-500 (revision 13 and later): stream id in the low half, bits of the id to ignore in the high half. */
  readonly id: number;
}

export const streamIdLayout = new StructLayout<StreamId>('jailhouse_stream_id', [u32('id')]);
