import type { Architecture } from './config/cell';

/** One VM-exit counter of a CPU (jailhouse-abi reference, section 2). */
export interface Statistic {
  /** Type of HC_CPU_GET_INFO is CPU_INFO_STAT_BASE + code. */
  readonly code: number;
  /** File name in sysfs. */
  readonly name: `vmexits_${string}`;
}

/** The set of counters changed with upstream v0.11. NXP's v0.10 already has that set on arm64. */
export type StatisticsGeneration = 'v0.10' | 'v0.11';

const ARM_COMMON = ['total', 'mmio', 'management', 'hypercall', 'maintenance', 'virt_irq', 'virt_sgi', 'psci'];
const X86_COMMON = ['total', 'mmio', 'management', 'hypercall', 'pio', 'xapic', 'cr'];

const NAMES: Readonly<Record<Architecture, Readonly<Record<StatisticsGeneration, readonly string[]>>>> = {
  arm64: { 'v0.10': ARM_COMMON, 'v0.11': [...ARM_COMMON, 'smccc'] },
  arm: { 'v0.10': [...ARM_COMMON, 'cp15'], 'v0.11': [...ARM_COMMON, 'smccc', 'cp15'] },
  x86: {
    'v0.10': [...X86_COMMON, 'msr', 'cpuid', 'xsetbv', 'exception'],
    'v0.11': [...X86_COMMON, 'cpuid', 'xsetbv', 'exception', 'msr_other', 'msr_x2apic_icr'],
  },
};

/** The counters that a release has, in the order of their codes. */
export function statistics(architecture: Architecture, generation: StatisticsGeneration): readonly Statistic[] {
  return NAMES[architecture][generation].map((name, code) => ({ code, name: `vmexits_${name}` }));
}
