import { cannot } from '../create/create-error';
import { alignDown, alignUp, endOf } from '../create/ranges';
import { showSize } from './size';
import type { MemoryRange } from '../../boards';
import type { Wish } from './wish';

const MIB = 0x10_0000n;
const ALIGNMENT = 2n * MIB;
const INMATE_BYTES = 64n * MIB;
/** Less does not boot an arm64 kernel with an initrd. */
const LEAST_LINUX_BYTES = 128n * MIB;
const USUAL_LINUX_BYTES = 512n * MIB;

/** RAM of a cell whose wish does not say; that of a Linux depends on what there is. */
function wantedBytes({ kind, ramBytes }: Wish): bigint | undefined {
  return ramBytes ?? (kind === 'linux' ? undefined : INMATE_BYTES);
}

/** What cells need at least. */
export function leastBytes(wishes: readonly Wish[]): bigint {
  return sum(wishes.map((wish) => footprint(wantedBytes(wish) ?? LEAST_LINUX_BYTES)));
}

/** What they get where it can be chosen freely. @param ramBytes RAM of the board */
export function usualBytes(wishes: readonly Wish[], ramBytes: bigint): bigint {
  const quarter = alignDown(ramBytes / 4n, ALIGNMENT);
  const linux = quarter < USUAL_LINUX_BYTES ? quarter : USUAL_LINUX_BYTES;
  return sum(wishes.map((wish) => footprint(wantedBytes(wish) ?? linux)));
}

/**
 * Cuts the cells' RAM out of the memory for inmates, from its end; what is left is shared by those that do not say.
 *
 * @throws CellvisorError `E_CREATE_PLACE`
 */
export function placeCells(wishes: readonly Wish[], memory: MemoryRange): Map<string, MemoryRange> {
  const places = new Map<string, MemoryRange>();
  let end = endOf(memory);
  for (const wish of wishes) {
    const sizeBytes = wantedBytes(wish);
    if (sizeBytes === undefined) continue;
    const physStart = alignDown(end - sizeBytes, ALIGNMENT);
    if (physStart < memory.physStart) throw tooMuch(wishes, memory);
    places.set(wish.name, { physStart, sizeBytes });
    end = physStart;
  }
  const open = wishes.filter((wish) => wantedBytes(wish) === undefined);
  for (const [index, { name }] of open.entries()) {
    const left = end - memory.physStart;
    const others = BigInt(open.length - index - 1);
    const sizeBytes = others === 0n ? left : alignDown(left / (others + 1n), ALIGNMENT);
    if (sizeBytes < LEAST_LINUX_BYTES) throw tooMuch(wishes, memory);
    places.set(name, { physStart: end - sizeBytes, sizeBytes });
    end -= sizeBytes;
  }
  return places;
}

function tooMuch(wishes: readonly Wish[], memory: MemoryRange) {
  return cannot(
    'E_CREATE_PLACE',
    `the cells want at least ${showSize(leastBytes(wishes))}, and there are ${showSize(memory.sizeBytes)} for them`,
    'wish for less; memory that the device tree does not reserve yet can be had with --mem-inmates',
  );
}

/** Every cell starts on a large page. */
function footprint(bytes: bigint): bigint {
  return alignUp(bytes, ALIGNMENT);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
