import {
  commRegion,
  dataRam,
  inmateRam,
  io,
  KiB,
  lpuart,
  MiB,
  ppi,
  sharedWithRoot,
  spi,
  withNxpFlags,
} from '../../src/config/builder';

/** What the configs of the i.MX 8QuadMax and 8QuadXPlus MEKs share (jailhouse-hypervisor reference, section 15). */
export const imx8x = {
  gic: { version: 3, distributor: 0x51a00000, redistributors: 0x51b00000, maintenance: ppi(9) },
  hypervisorMemory: { phys: 0xfdc00000, size: 4 * MiB },
  /** LPUART0: Linux, hypervisor and demos print to it. */
  uart: lpuart(0x5a060000),
  debugConsole: withNxpFlags(lpuart(0x5a060000)),
  uartWindow: sharedWithRoot(io(0x5a060000, 4 * KiB)),
  pciConfig: { base: 0xfd700000, size: 1 * MiB },
  /** Interrupts of the ivshmem device, in the root cell and in the demos. */
  rootIvshmemIrq: spi(86),
  inmateIvshmemIrq: spi(90),
  sharedMemory: dataRam(0xfd900000, 2 * MiB),
  demoRam: inmateRam({ phys: 0xdf700000, size: 64 * KiB }),
  /** Devices of a Linux cell. */
  linuxDevices: [
    io(0x5a080000, 4 * KiB), // LPUART2
    io(0x5a480000, 4 * KiB), // its clock gate
    io(0x5b010000, 64 * KiB), // uSDHC1
    io(0x5b200000, 64 * KiB), // its clock gate
    io(0x5d1d0000, 64 * KiB), // message unit, the way to the system controller
  ],
  usdhc1Irq: spi(232),
  commRegion: commRegion(),
} as const;
