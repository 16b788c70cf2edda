import { u16 } from '../../field';
import { StructLayout } from '../../layout';

/** `struct jailhouse_pio`: a range of x86 I/O ports, revision 11 and later; earlier ones have a bitmap (reference 3.8). */
export interface PioRegion {
  readonly base: number;
  readonly length: number;
}

export const pioRegionLayout = new StructLayout<PioRegion>('jailhouse_pio', [u16('base'), u16('length')]);
