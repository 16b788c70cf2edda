import { KernelError } from '../../../errors';
import { cpusOf } from '../../../abi/jailhouse';
import type { CellConfig } from '../../../abi/jailhouse';
import type { HypervisorCell } from '../state';

/** Sets up to this size live in `struct cell`; larger ones take a page of their own. */
const SMALL_SET_BYTES = 8;
const LARGEST_SET_BYTES = 4096;

/** Pages that a cell's CPU set takes from the pool. @throws KernelError EINVAL for a set over 4096 bytes */
export function cpuSetPages(config: CellConfig, operation: string): number {
  if (config.cpuSet.length > LARGEST_SET_BYTES) {
    throw new KernelError(operation, 'EINVAL');
  }
  return config.cpuSet.length > SMALL_SET_BYTES ? 1 : 0;
}

/**
 * The CPUs that a new cell is to get.
 *
 * @throws KernelError EBUSY when one of them makes the call, or is not the root cell's
 */
export function requestedCpus(
  config: CellConfig,
  root: HypervisorCell,
  callingCpu: number,
  operation: string,
): number[] {
  const cpus = cpusOf(config.cpuSet);
  if (cpus.includes(callingCpu) || cpus.some((cpu) => !root.cpus.includes(cpu))) {
    throw new KernelError(operation, 'EBUSY');
  }
  return cpus;
}

export function moveCpus(cpus: readonly number[], from: HypervisorCell, to: HypervisorCell): void {
  from.cpus = from.cpus.filter((cpu) => !cpus.includes(cpu));
  to.cpus = [...new Set([...to.cpus, ...cpus])].sort((a, b) => a - b);
}
