import { ivshmem, rootCell } from '../src/config/builder';
import { imx8mm, imx8mmRootMemory } from './boards/imx8mm';
import { root } from './imx8mm';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Mini EVK, with a network link and memory for a Linux inmate';

export const config = rootCell({
  ...root,
  memory: imx8mmRootMemory(0x93c00000, 0x24000000),
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: imx8mm.sharedMemory })],
});
