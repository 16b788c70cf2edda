import { cpus, MIDR_CORTEX_A53, uart } from './board-description';
import type { BoardDescription } from './board-description';

/** i.MX 8M Mini EVK: memory map of the i.MX 8M Mini reference manual, reserved memory as the guide's 2.7.1 lays it out. */
export const imx8mmEvk: BoardDescription = {
  name: 'imx8mm-evk',
  model: 'NXP i.MX8MM EVK board',
  cpus: cpus(4, 0x8000_0000n, MIDR_CORTEX_A53),
  physicalAddressBits: 40,
  ram: [{ physStart: 0x4000_0000n, sizeBytes: 0x8000_0000n }],
  reservedMemory: [
    { name: 'inmate', physStart: 0x93c0_0000n, sizeBytes: 0x2400_0000n },
    { name: 'jh', physStart: 0xb7c0_0000n, sizeBytes: 0x0040_0000n },
    { name: 'loader', physStart: 0xbb70_0000n, sizeBytes: 0x0010_0000n },
    { name: 'pci', physStart: 0xbb80_0000n, sizeBytes: 0x0020_0000n },
    { name: 'ivshmem', physStart: 0xbba0_0000n, sizeBytes: 0x0020_0000n },
  ],
  gic: { gicdBase: 0x3880_0000n, gicrBase: 0x3888_0000n, spiCount: 384 },
  counterFrequencyHz: 8_000_000,
  uarts: [
    uart('uart1', 'imx', 0x3086_0000n, 0x1_0000, 26),
    uart('uart2', 'imx', 0x3089_0000n, 0x1_0000, 27),
    uart('uart3', 'imx', 0x3088_0000n, 0x1_0000, 28),
    uart('uart4', 'imx', 0x30a6_0000n, 0x1_0000, 29),
  ],
  consoleUart: 'uart2',
  firstPciIrq: 234,
};
