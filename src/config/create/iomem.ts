import { merge, rangeBetween } from './ranges';
import type { MemoryRange } from '../../boards';

/**
 * RAM of a running machine: `System RAM` of /proc/iomem, for boot loaders that describe it elsewhere than in the device
 * tree. Undefined where the kernel hides addresses, as it does from everybody but root.
 */
export function ramOfIomem(iomem: string): MemoryRange[] | undefined {
  const ram = [...iomem.matchAll(/^([0-9a-f]+)-([0-9a-f]+) : System RAM$/gm)]
    .map(([, first, last]) => rangeBetween(BigInt(`0x${first}`), BigInt(`0x${last}`) + 1n))
    .filter(({ sizeBytes }) => sizeBytes > 1n);
  return ram.length > 0 ? merge(ram) : undefined;
}
