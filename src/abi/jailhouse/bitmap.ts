/** The CPU numbers of a CPU set as the configs hold it: bit n % 8 of byte n / 8 is CPU n. */
export function cpusOf(cpuSet: Uint8Array): number[] {
  return Array.from(cpuSet).flatMap((byte, index) => setBits(byte).map((bit) => 8 * index + bit));
}

/** Which bits of a word of 32 bits are set, ascending. */
export function setBits(word: number): number[] {
  const bits: number[] = [];
  for (let rest = word; rest !== 0; rest &= rest - 1) {
    bits.push(31 - Math.clz32(rest & -rest));
  }
  return bits;
}

/** The CPU set with these CPUs. Sets are eight bytes long in every config that ships with Jailhouse. */
export function cpuSetOf(cpus: Iterable<number>, sizeBytes = 8): Uint8Array {
  const cpuSet = new Uint8Array(sizeBytes);
  for (const cpu of cpus) {
    if (!Number.isInteger(cpu) || cpu < 0 || cpu >= 8 * sizeBytes) {
      throw new RangeError(`CPU ${cpu} does not fit into a set of ${sizeBytes} bytes`);
    }
    cpuSet[cpu >> 3] = (cpuSet[cpu >> 3] as number) | (1 << (cpu & 7));
  }
  return cpuSet;
}

/**
 * Formats a CPU set as the kernel's `%*pb` does: hex digits for `nrCpuIds` bits, in words of 32 bits that are separated
 * by commas. `f` for four CPUs of four, `3f` for six of six.
 */
export function formatCpuMask(cpus: Iterable<number>, nrCpuIds: number): string {
  let mask = 0n;
  for (const cpu of cpus) {
    if (cpu < nrCpuIds) {
      mask |= 1n << BigInt(cpu);
    }
  }
  const words: string[] = [];
  for (let bit = 0; bit < nrCpuIds; bit += 32) {
    const digits = Math.ceil(Math.min(32, nrCpuIds - bit) / 4);
    words.unshift(
      BigInt.asUintN(32, mask >> BigInt(bit))
        .toString(16)
        .padStart(digits, '0'),
    );
  }
  return words.join(',');
}

/** Formats a CPU set as the kernel's `%*pbl` does: `0-3`, `0,2-3`, and nothing for the empty set. */
export function formatCpuList(cpus: Iterable<number>): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const cpu of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === cpu - 1) {
      last[1] = cpu;
    } else {
      ranges.push([cpu, cpu]);
    }
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
