import { cell, commRegion, imxUart, inmateRam, io, irqchips, KiB, MiB, spi } from '../../../../src/config/builder';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'two CPUs and a UART of their own';

export const config = cell({
  name: 'sensor',
  cpus: [2, 3],
  console: imxUart(0x30880000), // UART3
  irqchips: irqchips(0x38800000, [spi(28)]), // its interrupt: SPI 28, INTID 60
  memory: [io(0x30880000, 64 * KiB), inmateRam({ phys: 0xb3c00000, size: 1 * MiB }), commRegion()],
});
