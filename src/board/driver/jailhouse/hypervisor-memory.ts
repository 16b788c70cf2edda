import { KernelError } from '../../../errors';
import { endOf } from '../linux/memory-map';
import type { SystemHeader } from '../../../abi/jailhouse';
import type { Linux } from '../linux/linux';

/**
 * Whether image, per-CPU areas and config fit into the hypervisor's memory (jailhouse-abi reference 1.3, steps 10, 11).
 *
 * @throws KernelError EINVAL
 */
export function requireRoom(
  { release }: Linux,
  { hypervisorMemory }: SystemHeader,
  maxCpus: number,
  configBytes: number,
  operation: string,
): void {
  const { core, perCpu, imageFile } = release.sizes;
  const { size } = hypervisorMemory;
  const used = BigInt(core + maxCpus * perCpu);
  if (BigInt(imageFile) >= size || used >= size || BigInt(configBytes) >= size - used) {
    throw new KernelError(operation, 'EINVAL');
  }
}

/**
 * Reserves and maps the hypervisor's memory (steps 12 and 13).
 *
 * @returns what gives it back
 * @throws KernelError EINVAL when Linux uses it, or it is no RAM
 */
export function reserveHypervisorMemory(linux: Linux, header: SystemHeader, operation: string): () => void {
  const { memoryMap, board, log } = linux;
  const { physStart, size: sizeBytes } = header.hypervisorMemory;
  const range = { physStart, sizeBytes };
  if (memoryMap.isBusy(range)) {
    log.print('jailhouse: request_mem_region failed for hypervisor memory.', 'err');
    log.print('jailhouse: Did you reserve the memory with "memmap=" or "mem="?', 'notice');
    throw new KernelError(operation, 'EINVAL');
  }
  if (!board.ram.some((ram) => physStart >= ram.physStart && endOf(range) <= endOf(ram))) {
    const address = physStart.toString(16).padStart(8, '0');
    log.print(`jailhouse: Unable to map RAM reserved for hypervisor at ${address}`, 'err');
    throw new KernelError(operation, 'EINVAL');
  }
  return memoryMap.claim({ ...range, name: 'Jailhouse hypervisor' });
}
