import { encodeConfig } from '../src/abi/jailhouse/config/encode';
import * as build from '../src/config/builder';
import type { Dialect } from '../src/abi/jailhouse/dialect';

const DIALECT: Dialect = 'nxp-10';
const ROOT_CPUS = Array.from({ length: 16 }, (_, cpu) => cpu);
const UART = { address: 0x0900_0000, size: 0x1000 };
/** Behind what Linux was told to use; the hypervisor has the end of it. */
const HYPERVISOR = { phys: 0x7fc0_0000, size: 4 * build.MiB };
const CELL_RAM = { phys: 0x7000_0000, size: 64 * build.KiB };

/** Root cell of the qemu-arm64 board. */
export function rootConfig(): Uint8Array {
  const root = build.rootCell({
    name: 'qemu-arm64',
    cpus: ROOT_CPUS,
    hypervisorMemory: HYPERVISOR,
    debugConsole: build.pl011(UART.address),
    gic: {
      version: 3,
      distributor: 0x0800_0000,
      redistributors: 0x080a_0000,
      maintenance: build.ppi(9),
    },
    virtualPci: { configBase: 0x0810_0000 },
    memory: [
      build.io(UART.address, UART.size),
      build.ram(0x4000_0000, 768 * build.MiB),
      build.ram(CELL_RAM.phys, CELL_RAM.size),
    ],
    irqchips: build.firstSpis(0x0800_0000, 128),
  });
  return encodeConfig(root, DIALECT);
}

/** One CPU, 64 KiB of RAM at 0, and the UART: what bench/inmates run in. */
export function benchmarkConfig(): Uint8Array {
  const cell = build.cell({
    name: 'benchmark',
    cpus: [15],
    console: build.pl011(UART.address),
    memory: [build.inmateRam(CELL_RAM), build.sharedWithRoot(build.io(UART.address, UART.size)), build.commRegion()],
  });
  return encodeConfig(cell, DIALECT);
}
