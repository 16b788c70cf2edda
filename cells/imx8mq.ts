import { firstSpis, io, ivshmem, rootCell } from '../src/config/builder';
import { imx8mq, imx8mqRootRam } from './boards/imx8mq';
import type { SystemOptions } from '../src/config/builder';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Quad EVK, for the bare-metal demos';

/** The root cell with a network link is made of it too. */
export const root: SystemOptions = {
  name: 'imx8mq',
  cpus: imx8mq.cpus,
  hypervisorMemory: imx8mq.hypervisorMemory,
  debugConsole: imx8mq.debugConsole,
  gic: imx8mq.gic,
  virtualPci: { configBase: imx8mq.pciConfig.base },
  vpciIrqBase: imx8mq.rootIvshmemIrq,
  irqchips: firstSpis(imx8mq.gic.distributor, 384),
  memory: [io(0x00000000, 0x40000000), ...imx8mqRootRam],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: imx8mq.sharedMemory })],
};

export const config = rootCell(root);
