import { dataRam, firstSpis, io, ivshmem, ram, rootCell } from '../src/config/builder';
import { imx8mm } from './boards/imx8mm';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8M Mini EVK, with a network link and memory for a Linux inmate';

export const config = rootCell({
  name: 'imx8mm',
  cpus: imx8mm.cpus,
  hypervisorMemory: imx8mm.hypervisorMemory,
  debugConsole: imx8mm.debugConsole,
  gic: imx8mm.gic,
  virtualPci: { configBase: imx8mm.pciConfig.base },
  vpciIrqBase: imx8mm.rootIvshmemIrq,
  irqchips: firstSpis(imx8mm.gic.distributor, 384),
  memory: [
    io(0x00000000, 0x40000000),
    ram(0x40000000, 0x53c00000),
    ram(0x93c00000, 0x24000000), // inmates
    ram(0xb8000000, 0x03700000),
    ram(0xbb700000, 0x00100000), // loader of Linux inmates
    imx8mm.sharedMemory,
    ram(0xbbc00000, 0x02400000),
    dataRam(0xbe000000, 0x02000000), // OP-TEE
  ],
  pciDevices: [ivshmem({ bdf: '00:00.0', protocol: 'veth', region: imx8mm.sharedMemory })],
});
