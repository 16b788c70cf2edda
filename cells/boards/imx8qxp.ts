import { dataRam, firstSpis, io, ivshmem, ram } from '../../src/config/builder';
import { imx8x } from './imx8x';
import type { IvshmemProtocol, SystemOptions } from '../../src/config/builder';

/** The root cell of the i.MX 8QuadXPlus MEK, by what its link with an inmate speaks. */
export function imx8qxpRoot(protocol: IvshmemProtocol): SystemOptions {
  return {
    name: 'imx8qxp',
    cpus: [0, 1, 2, 3],
    hypervisorMemory: imx8x.hypervisorMemory,
    debugConsole: imx8x.debugConsole,
    gic: imx8x.gic,
    virtualPci: { configBase: imx8x.pciConfig.base },
    vpciIrqBase: imx8x.rootIvshmemIrq,
    irqchips: firstSpis(imx8x.gic.distributor, 384),
    memory: [
      io(0x00000000, 0x80000000),
      ram(0x80200000, 0x5f500000),
      dataRam(0xdf700000, 0x1e000000), // inmates
      imx8x.sharedMemory,
      ram(0xfdb00000, 0x00100000), // loader of Linux inmates
      dataRam(0xfe000000, 0x02000000), // OP-TEE
      ram(0x880000000, 0x40000000),
    ],
    pciDevices: [ivshmem({ bdf: '00:00.0', protocol, region: imx8x.sharedMemory })],
  };
}
