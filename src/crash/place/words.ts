import { virtual } from '../../config/check/ranges';
import { cellWords, hex, showRange } from '../../config/check/words';
import { memoryFlagNames } from '../../config/flag-names';
import type { Owner, RegionPlace } from './locate';

const FLAG_PREFIX = 'JAILHOUSE_MEM_';

/** `mem_regions[1] of cell 'gic-demo', 0x0-0xffff (READ WRITE EXECUTE LOADABLE)` */
export function regionWords({ cell, index, region }: RegionPlace): string {
  const flags = memoryFlagNames(region.flags, cell.dialect).map((name) => name.replace(FLAG_PREFIX, ''));
  const moved = region.physStart === region.virtStart ? '' : `, physical ${hex(region.physStart)}`;
  return `mem_regions[${index}] of ${cellWords(cell)}, ${showRange(virtual(region))}${moved} (${flags.join(' ') || 'no access'})`;
}

export function ownerWords(owner: Owner): string {
  return owner.kind === 'hypervisor' ? `the hypervisor itself, ${showRange(owner.range)}` : regionWords(owner);
}

/** `0x1000 (4 KiB)`, `12 bytes`: how far something is. */
export function distanceWords(bytes: bigint): string {
  const units = [
    [1n << 30n, 'GiB'],
    [1n << 20n, 'MiB'],
    [1n << 10n, 'KiB'],
  ] as const;
  const unit = units.find(([size]) => bytes >= size);
  return unit
    ? `${hex(bytes)} bytes (${bytes % unit[0] === 0n ? '' : 'about '}${bytes / unit[0]} ${unit[1]})`
    : `${bytes} bytes`;
}
