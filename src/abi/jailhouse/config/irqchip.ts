import { u32, u32Array, u64 } from '../../field';
import { StructLayout } from '../../layout';
import { setBits } from '../bitmap';

/**
 * `struct jailhouse_irqchip`: which pins of an interrupt controller belong to the cell (jailhouse-abi reference 3.8).
 * On ARM pin numbers are INTIDs: SPI n is pin n + 32.
 */
export interface Irqchip {
  /** Of the controller: gicd_base on ARM. */
  readonly address: bigint;
  readonly id: number;
  readonly pinBase: number;
  /** Four words; bit 0 of the first word is pin `pinBase`. */
  readonly pinBitmap: readonly number[];
}

/** Pins that one irqchip entry can name. */
export const IRQCHIP_PINS = 128;

export const irqchipLayout = new StructLayout<Irqchip>('jailhouse_irqchip', [
  u64('address'),
  u32('id'),
  u32('pinBase'),
  u32Array('pinBitmap', IRQCHIP_PINS / 32),
]);

/** The pin numbers that the entry names, ascending. */
export function irqchipPins({ pinBase, pinBitmap }: Irqchip): number[] {
  return pinBitmap.flatMap((word, index) => setBits(word).map((bit) => pinBase + 32 * index + bit));
}

/** Whether one of the entries names the pin. */
export function irqchipsHold(irqchips: readonly Irqchip[], pin: number): boolean {
  return irqchips.some(({ pinBase, pinBitmap }) => {
    const bit = pin - pinBase;
    return bit >= 0 && (((pinBitmap[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  });
}
