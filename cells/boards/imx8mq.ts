import {
  commRegion,
  dataRam,
  imxUart,
  inmateRam,
  io,
  KiB,
  MiB,
  ppi,
  ram,
  sharedWithRoot,
  spi,
  withNxpFlags,
} from '../../src/config/builder';
import type { MemoryRegion } from '../../src/abi/jailhouse';

/** What the configs of the i.MX 8M Quad EVK have in common (jailhouse-hypervisor reference, section 15). */
export const imx8mq = {
  /** CPU 3 is what the demos take from Linux. */
  cpus: [0, 1, 2, 3],
  gic: { version: 3, distributor: 0x38800000, redistributors: 0x38880000, maintenance: ppi(9) },
  hypervisorMemory: { phys: 0xfdc00000, size: 4 * MiB },
  /** UART1: Linux, hypervisor and demos print to it. */
  uart: imxUart(0x30860000),
  debugConsole: withNxpFlags(imxUart(0x30860000)),
  uartWindow: sharedWithRoot(io(0x30860000, 4 * KiB)),
  pciConfig: { base: 0xbfb00000, size: 1 * MiB },
  /** Interrupts of the ivshmem device, in the root cell and in the demos. */
  rootIvshmemIrq: spi(56),
  inmateIvshmemIrq: spi(109),
  sharedMemory: dataRam(0xbfd00000, 2 * MiB),
  demoRam: inmateRam({ phys: 0xc0000000, size: 64 * KiB }),
  commRegion: commRegion(),
} as const;

/** RAM of the root cell, with what it lends to inmates. */
export const imx8mqRootRam: readonly MemoryRegion[] = [
  ram(0x40000000, 0x7fb00000),
  imx8mq.sharedMemory,
  ram(0xbff00000, 0x00100000), // loader of Linux inmates
  ram(0xc0000000, 0x3dc00000), // inmates
  dataRam(0xfe000000, 0x02000000), // OP-TEE
];
