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

/** What the configs of the i.MX 8M Mini EVK have in common (jailhouse-hypervisor reference, section 15). */
export const imx8mm = {
  /** CPU 3 is what the demos take from Linux. */
  cpus: [0, 1, 2, 3],
  gic: { version: 3, distributor: 0x38800000, redistributors: 0x38880000, maintenance: ppi(9) },
  hypervisorMemory: { phys: 0xb7c00000, size: 4 * MiB },
  /** UART2: Linux, hypervisor and demos print to it. */
  uart: imxUart(0x30890000),
  debugConsole: withNxpFlags(imxUart(0x30890000)),
  uartWindow: sharedWithRoot(io(0x30890000, 4 * KiB)),
  pciConfig: { base: 0xbb800000, size: 1 * MiB },
  /** Interrupts of the ivshmem device, in the root cell and in the demos. */
  rootIvshmemIrq: spi(74),
  inmateIvshmemIrq: spi(76),
  sharedMemory: dataRam(0xbba00000, 2 * MiB),
  demoRam: inmateRam({ phys: 0xb3c00000, size: 64 * KiB }),
  commRegion: commRegion(),
} as const;

/** Memory of the root cell, which lends the RAM from `inmatesStart` on to inmates. */
export function imx8mmRootMemory(inmatesStart: number, inmatesSize: number): MemoryRegion[] {
  return [
    io(0x00000000, 0x40000000),
    ram(0x40000000, inmatesStart - 0x40000000),
    ram(inmatesStart, inmatesSize),
    ram(0xb8000000, 0x03700000),
    ram(0xbb700000, 0x00100000), // loader of Linux inmates
    imx8mm.sharedMemory,
    ram(0xbbc00000, 0x02400000),
    dataRam(0xbe000000, 0x02000000), // OP-TEE
  ];
}
