import { firstSpis, ivshmem, rootCell } from '../src/config/builder';
import { imx8mm, imx8mmRootMemory } from './boards/imx8mm';
import type { SystemOptions } from '../src/config/builder';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Mini EVK, for the bare-metal demos';

/** The root cell with a network link is made of it too. */
export const root: SystemOptions = {
  name: 'imx8mm',
  cpus: imx8mm.cpus,
  hypervisorMemory: imx8mm.hypervisorMemory,
  debugConsole: imx8mm.debugConsole,
  gic: imx8mm.gic,
  virtualPci: { configBase: imx8mm.pciConfig.base },
  vpciIrqBase: imx8mm.rootIvshmemIrq,
  irqchips: firstSpis(imx8mm.gic.distributor, 384),
  memory: imx8mmRootMemory(0xb3c00000, 0x04000000),
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: imx8mm.sharedMemory })],
};

export const config = rootCell(root);
