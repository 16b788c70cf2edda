import { cpus, MIDR_CORTEX_A53, MIDR_CORTEX_A72, uart } from './board-description';
import type { BoardDescription } from './board-description';

/** i.MX 8QuadMax MEK: four Cortex-A53 and two Cortex-A72. */
export const imx8qmMek: BoardDescription = {
  name: 'imx8qm-mek',
  model: 'Freescale i.MX8QM MEK',
  cpus: [...cpus(4, 0x8000_0000n, MIDR_CORTEX_A53), ...cpus(2, 0x8000_0100n, MIDR_CORTEX_A72)],
  physicalAddressBits: 40,
  ram: [
    { physStart: 0x8020_0000n, sizeBytes: 0x7fe0_0000n },
    { physStart: 0x8_8000_0000n, sizeBytes: 0x1_0000_0000n },
  ],
  reservedMemory: [
    { name: 'inmate', physStart: 0xdf70_0000n, sizeBytes: 0x1e00_0000n },
    { name: 'pci', physStart: 0xfd70_0000n, sizeBytes: 0x0020_0000n },
    { name: 'ivshmem', physStart: 0xfd90_0000n, sizeBytes: 0x0020_0000n },
    { name: 'loader', physStart: 0xfdb0_0000n, sizeBytes: 0x0010_0000n },
    { name: 'jh', physStart: 0xfdc0_0000n, sizeBytes: 0x0040_0000n },
  ],
  gic: { gicdBase: 0x51a0_0000n, gicrBase: 0x51b0_0000n, spiCount: 512 },
  counterFrequencyHz: 8_000_000,
  uarts: [
    uart('lpuart0', 'lpuart', 0x5a06_0000n, 0x1000, 345),
    uart('lpuart1', 'lpuart', 0x5a07_0000n, 0x1000, 346),
    uart('lpuart2', 'lpuart', 0x5a08_0000n, 0x1000, 347),
    uart('lpuart3', 'lpuart', 0x5a09_0000n, 0x1000, 348),
  ],
  consoleUart: 'lpuart0',
  firstPciIrq: 234,
};
