import { cell, irqchips, ivshmem, sharedWithRoot } from '../src/config/builder';
import { imx8mm } from './boards/imx8mm';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8M Mini EVK: a cell that shares memory and doorbells with Linux';

const sharedMemory = sharedWithRoot(imx8mm.sharedMemory);

export const config = cell({
  name: 'ivshmem-demo',
  cpus: [3],
  console: imx8mm.uart,
  vpciIrqBase: imx8mm.inmateIvshmemIrq,
  irqchips: irqchips(imx8mm.gic.distributor, [imx8mm.inmateIvshmemIrq]),
  memory: [imx8mm.uartWindow, imx8mm.demoRam, sharedMemory, imx8mm.commRegion],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: sharedMemory })],
  nxpIvshmem: { pciConfig: imx8mm.pciConfig, irq: imx8mm.inmateIvshmemIrq },
});
