import { cell, inmateRam, irqchips, ivshmem, KiB, linuxRam, sharedWithRoot, spi } from '../src/config/builder';
import { imx8x } from './boards/imx8x';

export const board = 'imx8qxp-mek';
export const dialect = 'nxp-10';
export const summary =
  'i.MX 8QuadXPlus MEK: a second Linux, with LPUART2, uSDHC1 and a network link; for the root cell imx8qxp-veth';

const sharedMemory = sharedWithRoot(imx8x.sharedMemory);
const lpuart2Irq = spi(227);

export const config = cell({
  name: 'linux-inmate-demo',
  cpus: [2, 3],
  vpciIrqBase: imx8x.inmateIvshmemIrq,
  irqchips: irqchips(imx8x.gic.distributor, [imx8x.inmateIvshmemIrq, lpuart2Irq, imx8x.usdhc1Irq]),
  memory: [
    imx8x.uartWindow,
    ...imx8x.linuxDevices,
    linuxRam(0xdf700000, 0x1e000000),
    sharedMemory,
    inmateRam({ phys: 0xfdb00000, size: 64 * KiB }), // loader
    imx8x.commRegion,
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: sharedMemory })],
});
