import { formatBdf } from '../../abi/pci/bdf';
import type { CheckedCell } from './subject';
import type { PciDevice } from '../../abi/jailhouse';
import type { Range } from './ranges';

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** `0xc0000000-0xc000ffff`, as in /proc/iomem. */
export function showRange({ start, size }: Range): string {
  return size > 0n ? `${hex(start)}-${hex(start + size - 1n)}` : `${hex(start)}, size 0`;
}

/** `cell 'gic-demo'`, `the root cell` */
export function cellWords({ isRoot, config }: CheckedCell): string {
  return isRoot ? 'the root cell' : `cell '${config.name}'`;
}

/** `a`, `a and b`, `a, b and c` */
export function list(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function cpuWords(cpus: readonly number[]): string {
  return `CPU${cpus.length === 1 ? '' : 's'} ${list(cpus)}`;
}

/** `INTID 141 (SPI 109)` */
export function intidWords(intid: number): string {
  return intid < 32 ? `INTID ${intid} (private)` : `INTID ${intid} (SPI ${intid - 32})`;
}

export function deviceWords({ bdf }: PciDevice): string {
  return `device ${formatBdf(bdf)}`;
}

/** `0xc0000000, size 0x10000`: what stands in a start and a size. */
export function rangeValue({ start, size }: Range): string {
  return `${hex(start)}, size ${hex(size)}`;
}
