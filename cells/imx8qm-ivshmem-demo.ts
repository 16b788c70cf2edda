import { cell, irqchips, ivshmem, sharedWithRoot } from '../src/config/builder';
import { imx8x } from './boards/imx8x';

export const board = 'imx8qm-mek';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8QuadMax MEK: a cell that shares memory and doorbells with Linux';

const sharedMemory = sharedWithRoot(imx8x.sharedMemory);

export const config = cell({
  name: 'ivshmem-demo',
  cpus: [3],
  console: imx8x.uart,
  vpciIrqBase: imx8x.inmateIvshmemIrq,
  irqchips: irqchips(imx8x.gic.distributor, [imx8x.inmateIvshmemIrq]),
  memory: [imx8x.uartWindow, imx8x.demoRam, sharedMemory, imx8x.commRegion],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: sharedMemory })],
  nxpIvshmem: { pciConfig: imx8x.pciConfig, irq: imx8x.inmateIvshmemIrq },
});
