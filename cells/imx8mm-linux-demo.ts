import {
  cell,
  inmateRam,
  io,
  irqchips,
  ivshmem,
  KiB,
  linuxRam,
  region,
  sharedWithRoot,
  spi,
} from '../src/config/builder';
import { imx8mm } from './boards/imx8mm';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary =
  'i.MX 8M Mini EVK: a second Linux, with UART4, uSDHC3 and a network link; for the root cell imx8mm-veth';

const sharedMemory = sharedWithRoot(imx8mm.sharedMemory);
const uart4Irq = spi(29);
const usdhc3Irq = spi(24);

export const config = cell({
  name: 'linux-inmate-demo',
  cpus: [2, 3],
  vpciIrqBase: imx8mm.inmateIvshmemIrq,
  irqchips: irqchips(imx8mm.gic.distributor, [uart4Irq, usdhc3Irq, imx8mm.inmateIvshmemIrq]),
  memory: [
    imx8mm.uartWindow,
    io(0x30a60000, 4 * KiB), // UART4
    io(0x30b60000, 64 * KiB), // uSDHC3
    sharedMemory,
    inmateRam({ phys: 0xbb700000, size: 64 * KiB }), // loader
    linuxRam(0x93c00000, 0x24000000),
    imx8mm.commRegion,
    region({ phys: 0, size: 0 }, 0n), // of no effect; NXP's file has it
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: sharedMemory })],
});
