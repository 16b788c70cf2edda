import type { BoardDescription, MemoryRange } from '../../../boards';

export interface Resource extends MemoryRange {
  readonly name: string;
}

/** What /proc/iomem shows, as far as anyone claims it: RAM that Linux uses, and ranges that drivers took. */
export class MemoryMap {
  private readonly claimed: Resource[] = [];
  private readonly systemRam: readonly Resource[];

  constructor(board: BoardDescription) {
    this.systemRam = board.ram
      .flatMap((range) => without(range, board.reservedMemory))
      .map((range) => ({
        ...range,
        name: 'System RAM',
      }));
  }

  /** Whether Linux's own RAM or a claimed range has a part of this one. */
  isBusy(range: MemoryRange): boolean {
    return this.resources().some((one) => overlaps(one, range));
  }

  /** @returns a function that gives the range back */
  claim(resource: Resource): () => void {
    this.claimed.push(resource);
    return () => {
      const index = this.claimed.indexOf(resource);
      if (index >= 0) {
        this.claimed.splice(index, 1);
      }
    };
  }

  /** Ascending. */
  resources(): Resource[] {
    return [...this.systemRam, ...this.claimed].sort((a, b) => (a.physStart < b.physStart ? -1 : 1));
  }
}

export function endOf({ physStart, sizeBytes }: MemoryRange): bigint {
  return physStart + sizeBytes;
}

function overlaps(a: MemoryRange, b: MemoryRange): boolean {
  return a.physStart < endOf(b) && b.physStart < endOf(a);
}

function without(range: MemoryRange, holes: readonly MemoryRange[]): MemoryRange[] {
  const inside = holes.filter((hole) => overlaps(hole, range)).sort((a, b) => (a.physStart < b.physStart ? -1 : 1));
  const parts: MemoryRange[] = [];
  let start = range.physStart;
  for (const hole of inside) {
    parts.push({ physStart: start, sizeBytes: hole.physStart - start });
    start = endOf(hole);
  }
  parts.push({ physStart: start, sizeBytes: endOf(range) - start });
  return parts.filter(({ sizeBytes }) => sizeBytes > 0n);
}
