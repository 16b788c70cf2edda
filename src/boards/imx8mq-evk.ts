import { cpus, MIDR_CORTEX_A53, uart } from './board-description';
import type { BoardDescription } from './board-description';

/** i.MX 8M Quad EVK: memory map of the i.MX 8M Dual/Quad reference manual, reserved memory of the guide's 2.7.1. */
export const imx8mqEvk: BoardDescription = {
  name: 'imx8mq-evk',
  model: 'Freescale i.MX8MQ EVK',
  cpus: cpus(4, 0x8000_0000n, MIDR_CORTEX_A53),
  physicalAddressBits: 40,
  ram: [{ physStart: 0x4000_0000n, sizeBytes: 0xc000_0000n }],
  reservedMemory: [
    { name: 'pci', physStart: 0xbfb0_0000n, sizeBytes: 0x0020_0000n },
    { name: 'ivshmem', physStart: 0xbfd0_0000n, sizeBytes: 0x0020_0000n },
    { name: 'loader', physStart: 0xbff0_0000n, sizeBytes: 0x0010_0000n },
    { name: 'inmate', physStart: 0xc000_0000n, sizeBytes: 0x3dc0_0000n },
    { name: 'jh', physStart: 0xfdc0_0000n, sizeBytes: 0x0040_0000n },
  ],
  gic: { gicdBase: 0x3880_0000n, gicrBase: 0x3888_0000n, spiCount: 384 },
  counterFrequencyHz: 8_333_333,
  uarts: [
    uart('uart1', 'imx', 0x3086_0000n, 0x1_0000, 26),
    uart('uart2', 'imx', 0x3089_0000n, 0x1_0000, 27),
    uart('uart3', 'imx', 0x3088_0000n, 0x1_0000, 28),
    uart('uart4', 'imx', 0x30a6_0000n, 0x1_0000, 29),
  ],
  consoleUart: 'uart1',
  firstPciIrq: 234,
};
