import { SMMU_ARCH_V2, SMMU_IMPL_MMU500 } from '../../src/abi/jailhouse';
import { dataRam, firstSpis, io, ivshmem, KiB, ram } from '../../src/config/builder';
import { imx8x } from './imx8x';
import type { SmmuSid } from '../../src/abi/jailhouse';
import type { IvshmemProtocol, SystemOptions } from '../../src/config/builder';

/** Bits of a stream id that do not tell devices apart. */
const SID_MASK = 0x7f80;

/** A device's stream, as the SMMU of the i.MX 8QuadMax numbers it. */
export function smmuStream(sid: number): SmmuSid {
  return { sid, sidMask: SID_MASK };
}

/** The root cell of the i.MX 8QuadMax MEK, by what its link with an inmate speaks. */
export function imx8qmRoot(protocol: IvshmemProtocol): SystemOptions {
  return {
    name: 'imx8qm',
    cpus: [0, 1, 2, 3, 4, 5],
    hypervisorMemory: imx8x.hypervisorMemory,
    debugConsole: imx8x.debugConsole,
    gic: imx8x.gic,
    virtualPci: { configBase: imx8x.pciConfig.base },
    iommuUnits: [
      {
        base: 0x51400000n,
        size: 256 * KiB,
        armSidMask: SID_MASK,
        armSmmuArch: SMMU_ARCH_V2,
        armSmmuImpl: SMMU_IMPL_MMU500,
      },
    ],
    smmuSids: [0x11, 0x12, 0x13].map(smmuStream),
    vpciIrqBase: imx8x.rootIvshmemIrq,
    irqchips: firstSpis(imx8x.gic.distributor, 384),
    memory: [
      io(0x00000000, 0x80000000),
      ram(0x80200000, 0x5f500000),
      dataRam(0xdf700000, 0x1e000000), // inmates
      imx8x.sharedMemory,
      ram(0xfdb00000, 0x00100000), // loader of Linux inmates
      dataRam(0xfe000000, 0x02000000), // OP-TEE
      ram(0x880000000, 0x100000000),
    ],
    pciDevices: [ivshmem({ bdf: '00:00.0', protocol, region: imx8x.sharedMemory })],
  };
}
