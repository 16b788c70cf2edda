import { dataRam, firstSpis, io, ivshmem, ram, rootCell } from '../src/config/builder';
import { imx8mq } from './boards/imx8mq';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Quad EVK, for the bare-metal demos';

export const config = rootCell({
  name: 'imx8mq',
  cpus: imx8mq.cpus,
  hypervisorMemory: imx8mq.hypervisorMemory,
  debugConsole: imx8mq.debugConsole,
  gic: imx8mq.gic,
  virtualPci: { configBase: imx8mq.pciConfig.base },
  vpciIrqBase: imx8mq.rootIvshmemIrq,
  irqchips: firstSpis(imx8mq.gic.distributor, 384),
  memory: [
    io(0x00000000, 0x40000000),
    ram(0x40000000, 0x7fb00000),
    imx8mq.sharedMemory,
    ram(0xbff00000, 0x00100000), // loader of Linux inmates
    ram(0xc0000000, 0x3dc00000), // inmates
    dataRam(0xfe000000, 0x02000000), // OP-TEE
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: imx8mq.sharedMemory })],
});
