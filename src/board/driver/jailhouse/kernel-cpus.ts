import { cpusOf } from '../../../abi/jailhouse';

/** Bytes of the kernel's cpumask, for 64 CPUs. The driver does not look at what a config's set holds beyond. */
const CPUMASK_BYTES = 8;

/** The CPUs of a config's set as the driver sees them. */
export function kernelCpus(cpuSet: Uint8Array): number[] {
  return cpusOf(cpuSet.subarray(0, CPUMASK_BYTES));
}
