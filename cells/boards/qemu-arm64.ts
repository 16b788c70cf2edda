import { commRegion, inmateRam, io, KiB, MiB, pl011, ppi, sharedWithRoot, spi } from '../../src/config/builder';

/** QEMU's virt machine with 1 GiB of RAM and 16 CPUs, cut up as in Jailhouse's own configs for it. */
export const qemuArm64 = {
  cpus: Array.from({ length: 16 }, (_, cpu) => cpu),
  gic: { version: 3, distributor: 0x08000000, redistributors: 0x080a0000, maintenance: ppi(9) },
  hypervisorMemory: { phys: 0x7fc00000, size: 4 * MiB },
  uart: pl011(0x09000000),
  uartWindow: sharedWithRoot(io(0x09000000, 4 * KiB)),
  pciConfigBase: 0x08e00000,
  /** QEMU's own PCI host is domain 0. */
  pciDomain: 1,
  rootIvshmemIrq: spi(96),
  inmateIvshmemIrq: spi(112),
  /** Memory of the demo link: up to three ends. */
  demoLink: { phys: 0x7faf0000, readWriteSize: 36 * KiB, outputSize: 8 * KiB, peers: 3 },
  /** Memory of the network link between root cell and Linux. */
  networkLink: { phys: 0x7fb00000, readWriteSize: 0, outputSize: 508 * KiB, peers: 2 },
  /** Of the Linux cell, so that it can run beside the demos' cell. */
  linuxIvshmemIrq: spi(100),
  demoRam: inmateRam({ phys: 0x7fa00000, size: 64 * KiB }),
  commRegion: commRegion(),
} as const;
