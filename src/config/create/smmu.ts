import { cpuRegions, references } from '../../fdt';
import type { MemoryRange } from '../../boards';
import type { DeviceTree } from '../../fdt';

/** An MMU-500, the one SMMU that NXP's hypervisor drives. */
export interface Smmu extends MemoryRange {
  /** Stream ids of the devices behind it. */
  readonly streamIds: readonly number[];
}

/** SMMUs in use. One that is disabled lets everything pass, and is nobody's affair. */
export function readSmmus(tree: DeviceTree): Smmu[] {
  return [...tree.compatible('arm,mmu-500')]
    .filter((node) => node.isAvailable)
    .flatMap((smmu) => {
      const [registers] = cpuRegions(smmu);
      if (!registers) return [];
      const ids = [...tree.nodes()].flatMap((node) =>
        node.has('iommus')
          ? references(tree, node, 'iommus', '#iommu-cells').flatMap((one) =>
              one?.node === smmu && one.cells[0] !== undefined ? [one.cells[0] & 0xffff] : [],
            )
          : [],
      );
      const streamIds = [...new Set(ids)].sort((a, b) => a - b);
      return [{ physStart: registers.address, sizeBytes: registers.sizeBytes, streamIds }];
    });
}
