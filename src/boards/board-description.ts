/** A range of physical memory, in bytes. */
export interface MemoryRange {
  readonly physStart: bigint;
  readonly sizeBytes: bigint;
}

/** RAM that the device tree keeps away from Linux: `no-map`, free for the hypervisor and its cells. */
export interface ReservedMemory extends MemoryRange {
  readonly name: string;
}

export interface CpuDescription {
  readonly mpidr: bigint;
  readonly midr: bigint;
}

export interface UartDescription {
  /** Used on command lines: `uart1`. */
  readonly name: string;
  readonly kind: 'imx' | 'lpuart' | 'pl011';
  readonly physStart: bigint;
  readonly sizeBytes: number;
  readonly intid: number;
}

/** A board, data only: what the emulator builds, and what configs are checked against. */
export interface BoardDescription {
  /** Used on command lines: `imx8mm-evk`. */
  readonly name: string;
  /** `model` of the device tree. */
  readonly model: string;
  /** Index: Linux logical number. */
  readonly cpus: readonly CpuDescription[];
  /** Physical address bits of the weakest CPU (ID_AA64MMFR0_EL1.PARange): decides the shape of stage 2 tables. */
  readonly physicalAddressBits: number;
  readonly ram: readonly MemoryRange[];
  readonly reservedMemory: readonly ReservedMemory[];
  /** GICv3 distributor and first redistributor. */
  readonly gic: { readonly gicdBase: bigint; readonly gicrBase: bigint; readonly spiCount: number };
  /** CNTFRQ_EL0. */
  readonly counterFrequencyHz: number;
  readonly uarts: readonly UartDescription[];
  /** Name of the UART that Linux' console is on. */
  readonly consoleUart: string;
  /** First number that Linux hands out for a virtual PCI interrupt; the guide's board shows 234. */
  readonly firstPciIrq: number;
}

const SPI_BASE = 32;

/** A UART whose interrupt is given as an SPI number, as data sheets and device trees do. */
export function uart(
  name: string,
  kind: UartDescription['kind'],
  physStart: bigint,
  sizeBytes: number,
  spi: number,
): UartDescription {
  return { name, kind, physStart, sizeBytes, intid: spi + SPI_BASE };
}

/** `count` CPUs of one kind whose affinity is `firstMpidr`, `firstMpidr + 1`, ... */
export function cpus(count: number, firstMpidr: bigint, midr: bigint): CpuDescription[] {
  return Array.from({ length: count }, (_, index) => ({ mpidr: firstMpidr + BigInt(index), midr }));
}

/** MIDR_EL1 of the cores (Arm technical reference manuals). */
export const MIDR_CORTEX_A35 = 0x410fd042n;
export const MIDR_CORTEX_A53 = 0x410fd034n;
export const MIDR_CORTEX_A57 = 0x411fd070n;
export const MIDR_CORTEX_A72 = 0x410fd083n;
