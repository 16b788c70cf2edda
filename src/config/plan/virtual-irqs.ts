import { cannot } from '../create/create-error';
import type { LinkEnd } from './links';

/** A device raises one of four lines, by its number (jailhouse-hypervisor reference 10.4). */
const LINES = 4;

export interface VirtualIrqs {
  readonly base: number;
  /** The lines that the cell's devices raise. */
  readonly spis: readonly number[];
}

/**
 * Finds SPIs for a cell's virtual devices that nothing else has, and marks them as taken.
 *
 * @param candidates where to look, the best first
 * @throws CellvisorError `E_CREATE_IRQS`
 */
export function takeVirtualIrqs(
  ends: readonly LinkEnd[],
  candidates: readonly number[],
  taken: Set<number>,
  count: number,
): VirtualIrqs {
  const offsets = [...new Set(ends.map(({ link }) => link.device % LINES))];
  const base = candidates.find((one) => offsets.every((offset) => !taken.has(one + offset) && one + offset < count));
  if (base === undefined) {
    throw cannot('E_CREATE_IRQS', 'there are no SPIs left for virtual PCI devices', 'wish for fewer ivshmem links');
  }
  const spis = offsets.map((offset) => base + offset).sort((a, b) => a - b);
  spis.forEach((spi) => taken.add(spi));
  return { base, spis };
}
