import { cell, inmateRam, io, irqchips, ivshmem, KiB, linuxRam, sharedWithRoot, spi } from '../src/config/builder';
import { imx8mq } from './boards/imx8mq';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary =
  'i.MX 8M Quad EVK: a second Linux, with UART2, uSDHC1 and a network link; for the root cell imx8mq-veth';

const sharedMemory = sharedWithRoot(imx8mq.sharedMemory);
const uart2Irq = spi(27);
const usdhc1Irq = spi(22);

export const config = cell({
  name: 'linux-inmate-demo',
  cpus: [2, 3],
  vpciIrqBase: imx8mq.inmateIvshmemIrq,
  irqchips: irqchips(imx8mq.gic.distributor, [uart2Irq, usdhc1Irq, imx8mq.inmateIvshmemIrq]),
  memory: [
    imx8mq.uartWindow,
    io(0x30890000, 4 * KiB), // UART2
    sharedWithRoot(io(0x30b40000, 64 * KiB)), // uSDHC1
    sharedMemory,
    inmateRam({ phys: 0xbff00000, size: 64 * KiB }), // loader
    linuxRam(0xc0000000, 0x3dc00000),
    imx8mq.commRegion,
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: sharedMemory })],
});
