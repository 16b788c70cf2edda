import type { Linux } from '../linux/linux';

/** /proc/cpuinfo of an arm64 kernel: the CPUs that are online, and the fields of MIDR_EL1 (Arm ARM DDI 0487 D19.2). */
export function cpuinfoText({ board, cpus }: Linux): string {
  return cpus.online
    .map((cpu) => {
      const midr = board.cpus[cpu]?.midr ?? 0n;
      const field = (shift: bigint, mask: bigint) => (midr >> shift) & mask;
      return [
        `processor\t: ${cpu}`,
        `CPU implementer\t: 0x${field(24n, 0xffn).toString(16)}`,
        'CPU architecture: 8',
        `CPU variant\t: 0x${field(20n, 0xfn).toString(16)}`,
        `CPU part\t: 0x${field(4n, 0xfffn).toString(16)}`,
        `CPU revision\t: ${field(0n, 0xfn)}`,
        '',
        '',
      ].join('\n');
    })
    .join('');
}
