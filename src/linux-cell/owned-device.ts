import { irqchipsHold, MEM_IO } from '../abi/jailhouse';
import type { CellConfig } from '../abi/jailhouse';

const FIRST_SPI_INTID = 32;

/** Whether the cell has the registers at an address. */
export function ownsRegisters({ memoryRegions }: CellConfig, address: bigint): boolean {
  return memoryRegions.some(
    ({ flags, virtStart, size }) => (flags & MEM_IO) !== 0n && address >= virtStart && address < virtStart + size,
  );
}

/** Whether the cell gets an interrupt. */
export function ownsSpi({ irqchips }: CellConfig, spi: number): boolean {
  return irqchipsHold(irqchips, spi + FIRST_SPI_INTID);
}
