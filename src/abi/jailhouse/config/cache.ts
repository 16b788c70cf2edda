import { u16, u32, u8 } from '../../field';
import { StructLayout } from '../../layout';

/** `struct jailhouse_cache`: a slice of the L3 cache, x86 only (jailhouse-abi reference 3.8). */
export interface CacheRegion {
  readonly start: number;
  readonly size: number;
  /** One of the CACHE_L3_* values. */
  readonly type: number;
  readonly padding?: number;
  /** Bit 0: CACHE_ROOTSHARED. */
  readonly flags: number;
}

export const CACHE_L3_CODE = 1;
export const CACHE_L3_DATA = 2;
export const CACHE_L3 = 3;
export const CACHE_ROOTSHARED = 1;

export const cacheRegionLayout = new StructLayout<CacheRegion>('jailhouse_cache', [
  u32('start'),
  u32('size'),
  u8('type'),
  u8('padding'),
  u16('flags'),
]);
