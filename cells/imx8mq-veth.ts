import { ivshmem, ram, rootCell } from '../src/config/builder';
import { imx8mq, imx8mqRootRam } from './boards/imx8mq';
import { imx8mqDeviceWindows } from './boards/imx8mq-windows';
import { root } from './imx8mq';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Quad EVK, with a network link and a window for each device';

export const config = rootCell({
  ...root,
  memory: [
    ...imx8mqDeviceWindows,
    ram(0x3d800000, 0x00400000), // DDR performance monitor
    ...imx8mqRootRam,
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: imx8mq.sharedMemory })],
});
