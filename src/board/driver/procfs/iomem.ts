import { endOf } from '../linux/memory-map';
import type { MemoryMap } from '../linux/memory-map';

const ADDRESS_DIGITS = 8;

/** /proc/iomem, with what is claimed here: `fdc00000-fdffffff : Jailhouse hypervisor`. */
export function iomemText(memoryMap: MemoryMap): string {
  const hex = (address: bigint) => address.toString(16).padStart(ADDRESS_DIGITS, '0');
  return memoryMap
    .resources()
    .map((resource) => `${hex(resource.physStart)}-${hex(endOf(resource) - 1n)} : ${resource.name}\n`)
    .join('');
}
