/**
 * The native machine (native/machine): CPUs, GIC, timers, UARTs, virtual PCI. The hypervisor and driver models ask this of it;
 * their unit tests implement it with a few lines of their own.
 *
 * The split: rules about cells (who may own what, errno, page accounting, lifecycle texts) live in TypeScript; everything that a
 * running inmate can cause (traps, hypercalls, PSCI, virtual PCI, crash reports) is handled natively, on the vCPU's thread.
 * Physical addresses and sizes in bytes are bigint; CPU numbers are Linux logical numbers; INTIDs are absolute (SPI n is n + 32).
 *
 * Every method throws a TypeError that names the argument or field when its type is wrong, a RangeError for an address, CPU,
 * UART or cell that does not exist, and an Error when called at the wrong time or after `close`.
 */
import { loadAddon } from './addon';

export interface UartDescription {
  readonly name: string;
  readonly kind: 'imx' | 'lpuart' | 'pl011';
  readonly physStart: bigint;
  readonly sizeBytes: number;
  readonly intid: number;
}

export interface MachineOptions {
  /** One entry per CPU, index = Linux logical number. */
  readonly cpus: readonly { readonly mpidr: bigint; readonly midr: bigint }[];
  readonly ram: readonly { readonly physStart: bigint; readonly sizeBytes: bigint }[];
  readonly gic: { readonly gicdBase: bigint; readonly gicrBase: bigint; readonly spiCount: number };
  readonly counterFrequencyHz: number;
  readonly uarts: readonly UartDescription[];
  /**
   * `real`: the generic timer follows the monotonic clock. `virtual`: one instruction takes one nanosecond, CPUs take turns, and
   * time jumps over idle phases, so the same input gives the same run.
   */
  readonly clock: 'real' | 'virtual';
  /** Called on the JavaScript thread, coalesced: one call may carry several events. */
  readonly onEvents: (events: readonly MachineEvent[]) => void;
}

export type MachineEvent =
  /** A UART's log grew (see `uartLog`). */
  | { readonly type: 'uart'; readonly uart: string }
  /** The hypervisor's console grew (see `consoleSnapshot`). */
  | { readonly type: 'console' }
  /** Interrupts delivered to the root cell since the last event, whether or not a driver has enabled them. */
  | { readonly type: 'rootInterrupt'; readonly intid: number; readonly cpu: number; readonly count: number }
  /** A CPU was parked by a violation, or could not be emulated further. The report is on the console. */
  | { readonly type: 'cpuFailed'; readonly cpu: number; readonly cellId: number }
  /** A cell CPU went off or on by PSCI, or its cell wrote its state word. */
  | { readonly type: 'cellChanged'; readonly cellId: number }
  /** A cell with a debugger attached is held now (see `debugCause`), or is gone. */
  | { readonly type: 'cellHeld'; readonly cellId: number };

/** What differs between Jailhouse releases below the seam; data in src/board/releases. */
export interface MachineTraits {
  readonly ivshmemVersion: 1 | 2;
  /** UART newline of hypervisor messages: `\n\r` (GA) or `\r\n` (master). */
  readonly newline: 'lf-cr' | 'cr-lf';
  /** Crash dumps show ELR_EL1 (master). */
  readonly dumpsElr: boolean;
  /** CPACR_EL1.FPEN at CPU reset: FP enabled (master) or trapping to EL1 (GA). */
  readonly fpEnabledAtReset: boolean;
  /** Unknown SMCCC architecture calls park the CPU (master) or return -1 (GA). */
  readonly unknownArchCallParks: boolean;
  /** SMC calls to a trusted OS go to the firmware, which knows none and answers -1 (GA); otherwise they park the CPU (master). */
  readonly trustedCallsForwarded: boolean;
  /** GICR_TYPER answers a 32-bit read of its upper half (master). */
  readonly gicrTyperUpperHalf: boolean;
}

export interface MachineHypervisorOptions {
  readonly traits: MachineTraits;
  /** Physical address of the UART that hypervisor messages go to, or undefined for none. */
  readonly debugUart: bigint | undefined;
  /** JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE: fill the console ring. */
  readonly virtualConsole: boolean;
  readonly maintenanceIntid: number;
  /** Virtual PCI config window; undefined when pci_mmconfig_base is 0. */
  readonly mmconfig: { readonly base: bigint; readonly endBus: number } | undefined;
  readonly rootCell: MachineCell;
}

export interface MachineRegion {
  readonly physStart: bigint;
  readonly virtStart: bigint;
  readonly sizeBytes: bigint;
  /** JAILHOUSE_MEM_* bits in the numbering of revision >= 12 (IO_UNALIGNED = 0x8000): the model translates older files. */
  readonly flags: number;
}

export interface MachinePciDevice {
  readonly bdf: number;
  readonly barMask: readonly number[];
  readonly msixVectors: number;
  readonly protocol: number;
  /** v1: [shared region]. v2: [state table, R/W section, output section 0 .. peers-1]; as regions of this cell. */
  readonly regions: readonly MachineRegion[];
  /** v2 only: this end's id and the number of peers. v1 ends get their position by order of arrival. */
  readonly deviceId: number;
  readonly peers: number;
}

export interface MachineCell {
  readonly id: number;
  readonly name: string;
  readonly cpus: readonly number[];
  readonly regions: readonly MachineRegion[];
  /** SPIs the cell owns, as INTIDs >= 32. */
  readonly intids: readonly number[];
  readonly vpciIrqBaseIntid: number;
  readonly pciDevices: readonly MachinePciDevice[];
  /** Cell flag VIRTUAL_CONSOLE_PERMITTED. */
  readonly consolePermitted: boolean;
}

export interface CellStart {
  readonly entry: bigint;
  /** First bytes of the zeroed communication page. */
  readonly commRegion: Uint8Array;
}

/** Index into the counters of a CPU, the order of jailhouse-abi reference 2 (arm64). */
export type ExitReason =
  'total' | 'mmio' | 'management' | 'hypercall' | 'maintenance' | 'virt_irq' | 'virt_sgi' | 'psci' | 'smccc';

/** Why a debugger holds a cell, and the CPU that it is about. */
export interface DebugCause {
  /**
   * `started`: it has executed nothing yet. `failed`: the hypervisor parked the CPU for a violation, and its registers are those
   * of that moment.
   */
  readonly kind: 'requested' | 'started' | 'breakpoint' | 'watchpoint' | 'stepped' | 'failed';
  readonly cpu: number;
  /** Of the breakpoint, or the first watched byte that is about to be accessed; else 0. */
  readonly address: bigint;
  /** Whether a watchpoint's access is a write. */
  readonly isWrite: boolean;
}

export interface DebugResumption {
  readonly cpu: number;
  readonly go: 'step' | 'continue';
}

/** Virtual addresses of a cell. */
export interface DebugWatchpoint {
  readonly address: bigint;
  readonly lengthBytes: bigint;
  readonly onRead: boolean;
  readonly onWrite: boolean;
}

/**
 * A debugger at a cell: all of its CPUs are held or none. While they are, a virtual clock does not move for them. Methods throw
 * an Error when no debugger is attached, and those that look into the cell when it is not held.
 */
export interface MachineDebug {
  /** From now on the cell is held when it is started, and when a CPU fails. The root cell does not execute: an Error. */
  debugAttach(cellId: number): void;
  /** Forgets break- and watchpoints; the cell goes on. */
  debugDetach(cellId: number): void;
  /** Holds the cell, unless it is held. */
  debugHold(cellId: number): void;
  /** CPUs that are not named stay held; those that are off or parked do nothing. */
  debugResume(cellId: number, cpus: readonly DebugResumption[]): void;
  /** Undefined while the cell is not held. */
  debugCause(cellId: number): DebugCause | undefined;
  /** Replaces all. A CPU stops before the instruction; debugResume with `step` executes it all the same. */
  debugSetBreakpoints(cellId: number, addresses: readonly bigint[]): void;
  /** Replaces all. A CPU stops before the access, and will again unless the watchpoint is taken away. */
  debugSetWatchpoints(cellId: number, watchpoints: readonly DebugWatchpoint[]): void;
  /** In the layout of native/machine/debug/register_file.h. */
  debugReadRegisters(cellId: number, cpu: number): Uint8Array;
  /** Throws a RangeError for a mode in cpsr that a cell cannot be in. System registers stay as they are. */
  debugWriteRegisters(cellId: number, cpu: number, bytes: Uint8Array): void;
  /** From a virtual address, as EL1 on the CPU sees it, up to 1 MiB; ends early where there is no memory of the cell. */
  debugReadMemory(cellId: number, cpu: number, address: bigint, lengthBytes: number): Uint8Array;
  /** False, and nothing is written, unless all of it is memory that the cell may write. */
  debugWriteMemory(cellId: number, cpu: number, address: bigint, bytes: Uint8Array): boolean;
}

export interface Machine extends MachineDebug {
  /** Stops all threads and frees everything. The object is dead afterwards. */
  close(): void;

  // Physical memory. Throws a RangeError when any byte lies outside RAM.
  readPhysical(address: bigint, lengthBytes: number): Uint8Array;
  /** CPUs see new code in these bytes from their next start on, or after cache maintenance of their own. */
  writePhysical(address: bigint, bytes: Uint8Array): void;
  /** Where other processes find the RAM pages: `path` is openable by this user, offset is into that file. */
  shareRam(address: bigint, sizeBytes: bigint): { readonly path: string; readonly offset: bigint };

  // Hypervisor life. Rules have been checked by the model before any of these is called; they throw Error on a broken promise.
  /** Clears the console ring and all counters. */
  enable(options: MachineHypervisorOptions): void;
  disable(): void;
  /** The cell's CPUs are parked, their counters cleared. */
  createCell(cell: MachineCell): void;
  /**
   * Parks all CPUs of the cell and clears their failed marks; returns when no instruction of it executes any more. Counts one
   * management exit per CPU: the hypervisor interrupts each of them.
   */
  parkCell(cellId: number): void;
  /**
   * Parks the cell as parkCell does, zeroes and fills the communication page, resets virtual PCI devices, masks SPIs, starts
   * the first CPU; the others are off.
   */
  startCell(cellId: number, start: CellStart): void;
  /** CPUs (parked, counters cleared), SPIs and virtual PCI devices leave the cell. Memory stays as it is. */
  destroyCell(cellId: number): void;

  // Communication page words (abi/jailhouse/comm-region has the offsets).
  readCommWord(cellId: number, offset: number): number;
  writeCommWord(cellId: number, offset: number, value: number): void;
  /** What hypercall HYPERVISOR_GET_INFO answers to inmates: mem pool size/used, remap pool size/used, number of cells. */
  setHypervisorInfo(values: readonly number[]): void;

  /** CPUs of the root cell are `running` (whether Linux uses them or not) or `failed`. */
  cpuState(cpu: number): 'running' | 'off' | 'parked' | 'failed';
  /** Counters in ExitReason order. */
  cpuCounters(cpu: number): number[];
  /** The root cell is Linux and does not execute here: the driver model reports the exits that its own actions cause. */
  countRootExit(cpu: number, reason: ExitReason): void;
  /**
   * Access of the root cell on `cpu` to an address where stage 2 maps nothing: virtual PCI, ivshmem registers, GIC frames.
   * Counts the exit. Throws a RangeError when nothing answers there, and an Error when the access is fatal: then the cause is
   * on the console and the CPU has failed, as on hardware.
   */
  rootRead(cpu: number, address: bigint, sizeBytes: 1 | 2 | 4 | 8): bigint;
  rootWrite(cpu: number, address: bigint, sizeBytes: 1 | 2 | 4 | 8, value: bigint): void;

  /** Appends hypervisor text (`\n` line ends) to the debug UART and, if configured, to the console ring. */
  consoleWrite(text: string): void;
  /** Total bytes ever written to the ring, modulo 2^32, and the 2048 bytes of the ring as stored. */
  consoleSnapshot(): { readonly tail: number; readonly content: Uint8Array };

  /** Bytes of a UART's transmit log from absolute offset `from` on; `start` > from when older bytes were dropped. */
  uartLog(uart: string, from: number): { readonly start: number; readonly end: number; readonly bytes: Uint8Array };
  /** Feeds the receiver. Returns how many bytes the FIFO took. */
  uartInput(uart: string, bytes: Uint8Array): number;

  /** Board time since construction, in nanoseconds: monotonic or virtual. */
  nowNs(): bigint;
  /** Virtual clock only: run up to this board time, then hold all CPUs. Undefined lifts the limit. */
  setVirtualLimit(limitNs: bigint | undefined): void;
  /** Virtual clock only: resolves when the limit is reached, or when every CPU is idle with no timer armed. */
  virtualRest(): Promise<'limit' | 'idle'>;
  /** Threads and descriptors that the machine holds, for leak tests. */
  resources(): { readonly threads: number; readonly descriptors: number };
}

export type MachineConstructor = new (options: MachineOptions) => Machine;

/** The class, from the addon. Throws CellvisorError `E_ADDON` when the addon is not built. */
export function machineConstructor(): MachineConstructor {
  return loadAddon<{ readonly Machine: MachineConstructor }>().Machine;
}
