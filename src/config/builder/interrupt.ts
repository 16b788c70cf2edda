import { IRQCHIP_PINS } from '../../abi/jailhouse';
import { written } from './origin';
import { bad, u64 } from './value';
import type { Irqchip } from '../../abi/jailhouse';
import type { Quantity } from './value';

/**
 * A shared peripheral interrupt, under both of its names, so that they are never mixed up: boards' tables and device trees
 * count SPIs from 0, the GIC and Jailhouse's irqchips count INTIDs, where SPI 0 is 32.
 */
export interface Spi {
  readonly kind: 'spi';
  readonly spi: number;
  readonly intid: number;
}

/** A private peripheral interrupt: one per CPU, INTIDs 16 to 31. */
export interface Ppi {
  readonly kind: 'ppi';
  readonly ppi: number;
  readonly intid: number;
}

const SPI_BASE = 32;
const PPI_BASE = 16;
/** INTIDs from 1020 on are special (IHI 0069, 2.2.1). */
const SPI_COUNT = 1020 - SPI_BASE;
const PPI_COUNT = 16;

/** @throws ConfigError for a number that is not 0 to 987. */
export function spi(number: number): Spi {
  if (!Number.isInteger(number) || number < 0 || number >= SPI_COUNT) {
    throw bad('spi', `${number} is not an SPI (0 to ${SPI_COUNT - 1})`);
  }
  return { kind: 'spi', spi: number, intid: number + SPI_BASE };
}

/** @throws ConfigError for a number that is not 0 to 15. */
export function ppi(number: number): Ppi {
  if (!Number.isInteger(number) || number < 0 || number >= PPI_COUNT) {
    throw bad('ppi', `${number} is not a PPI (0 to ${PPI_COUNT - 1})`);
  }
  return { kind: 'ppi', ppi: number, intid: number + PPI_BASE };
}

/**
 * The irqchip entries that give a cell these SPIs: an entry per 32 INTIDs that are in use, based at a multiple of 32, as
 * in NXP's configs.
 *
 * @param gicdBase address of the GIC's distributor
 */
export function irqchips(gicdBase: Quantity, spis: readonly Spi[]): Irqchip[] {
  const bases = new Set(spis.map(({ intid }) => intid - (intid % 32)));
  return [...bases]
    .sort((a, b) => a - b)
    .map((base) =>
      irqchip(
        gicdBase,
        spi(base - SPI_BASE),
        spis.filter(({ intid }) => intid >= base && intid < base + 32),
      ),
    );
}

/**
 * One irqchip entry.
 *
 * @param first the SPI that bit 0 of the bitmap stands for
 * @throws ConfigError for an SPI that the entry does not reach: it has 128 bits.
 */
export function irqchip(gicdBase: Quantity, first: Spi, spis: readonly Spi[]): Irqchip {
  const pinBitmap = [0, 0, 0, 0];
  for (const { spi: number, intid } of spis) {
    const pin = intid - first.intid;
    if (pin < 0 || pin >= IRQCHIP_PINS) {
      throw bad('irqchip', `SPI ${number} is not among the ${IRQCHIP_PINS} that start at SPI ${first.spi}`);
    }
    const word = pin >>> 5;
    pinBitmap[word] = ((pinBitmap[word] as number) | (1 << (pin & 31))) >>> 0;
  }
  return written({ address: u64(gicdBase, 'irqchip.address'), id: 0, pinBase: first.intid, pinBitmap });
}

/** The entries that give a cell, usually the root cell, the first SPIs of the system. @param count a multiple of 128 */
export function firstSpis(gicdBase: Quantity, count: number): Irqchip[] {
  if (count % IRQCHIP_PINS !== 0) {
    throw bad('irqchip', `${count} is not a multiple of ${IRQCHIP_PINS}`);
  }
  return Array.from({ length: count / IRQCHIP_PINS }, (_, index) =>
    irqchip(
      gicdBase,
      spi(index * IRQCHIP_PINS),
      Array.from({ length: IRQCHIP_PINS }, (_, pin) => spi(index * IRQCHIP_PINS + pin)),
    ),
  );
}
