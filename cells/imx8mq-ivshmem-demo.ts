import { cell, irqchips, ivshmem, sharedWithRoot } from '../src/config/builder';
import { imx8mq } from './boards/imx8mq';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8M Quad EVK: a cell that shares memory and doorbells with Linux';

const sharedMemory = sharedWithRoot(imx8mq.sharedMemory);

export const config = cell({
  name: 'ivshmem-demo',
  cpus: [3],
  console: imx8mq.uart,
  vpciIrqBase: imx8mq.inmateIvshmemIrq,
  irqchips: irqchips(imx8mq.gic.distributor, [imx8mq.inmateIvshmemIrq]),
  memory: [imx8mq.uartWindow, imx8mq.demoRam, sharedMemory, imx8mq.commRegion],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: sharedMemory })],
  nxpIvshmem: { pciConfig: imx8mq.pciConfig, irq: imx8mq.inmateIvshmemIrq },
});
