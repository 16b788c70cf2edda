import type { LiveSystem } from './live-system';
import type { MemoryRange } from './memory-range';

export interface IomemEntry extends MemoryRange {
  /** `System RAM`, `reserved`, or who claimed it. */
  readonly name: string;
}

/**
 * Outermost entries of /proc/iomem; what is inside of them says nothing new about who may have the memory. `hidden` when
 * the kernel shows zeros instead of addresses, as it does to everybody but root.
 */
export async function readIomem(system: LiveSystem): Promise<readonly IomemEntry[] | 'hidden' | undefined> {
  const text = await system.text('/proc/iomem');
  if (text === undefined) return undefined;
  const entries = [...text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) : (.*)$/gm)].map(([, start, last, name]) => ({
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${last}`) + 1n,
    name: name ?? '',
  }));
  return entries.length > 0 && entries.every(({ end }) => end === 1n) ? 'hidden' : entries;
}
