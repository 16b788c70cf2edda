/** What the hypervisor prints when it parks a CPU (jailhouse-hypervisor reference 9), as far as a log still has it. */

export type Direction = 'read' | 'write';

/** The line before the dump that says what was wrong, where there is one. */
export type Cause =
  | {
      readonly kind: 'unhandled-data';
      readonly direction: Direction;
      /** Guest-physical. */
      readonly address: bigint;
      readonly sizeBytes: number;
    }
  | {
      readonly kind: 'invalid-mmio';
      readonly direction: Direction;
      /** Physical: the hypervisor prints what it would have accessed. */
      readonly address: bigint;
      readonly sizeBytes: number;
    }
  /** Guest-physical. */
  | { readonly kind: 'instruction-abort'; readonly address: bigint }
  /** Offset within BAR 0. */
  | { readonly kind: 'ivshmem-register'; readonly direction: Direction; readonly offset: number }
  | {
      readonly kind: 'pci-config';
      readonly direction: Direction;
      readonly bdf: number;
      readonly register: number;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'pci-msix'; readonly bdf: number }
  | { readonly kind: 'smc-arch'; readonly functionId: bigint }
  /** Of the emulated board: it does not know the instruction. */
  | { readonly kind: 'not-emulated'; readonly instruction: number; readonly what: string; readonly pc: bigint }
  | { readonly kind: 'hypervisor-fault' }
  /** A `FATAL:` line that none of the above is. */
  | { readonly kind: 'other'; readonly text: string };

export interface Syndrome {
  /** ESR_EL2.EC. */
  readonly exceptionClass: number;
  /** ESR_EL2.IL. */
  readonly is32Bit: boolean;
  /** ESR_EL2.ISS, 25 bits. */
  readonly iss: number;
}

/** Absent: the log does not have it. */
export interface Registers {
  readonly pc: bigint | undefined;
  readonly lr: bigint | undefined;
  /** SP of the exception level that SPSR tells, whatever SPSel selects. */
  readonly sp: bigint | undefined;
  /** Releases after v0.11. */
  readonly elr: bigint | undefined;
  readonly spsr: number | undefined;
  readonly exceptionLevel: number | undefined;
  /** x0 to x29; x30 is `lr`. */
  readonly x: readonly (bigint | undefined)[];
}

export interface CrashDump {
  /** Lines of the log, counted from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly cause: Cause | undefined;
  /** What the hypervisor calls it. */
  readonly verdict: 'unhandled trap' | 'forbidden access' | undefined;
  /** From the `FATAL:` line, else from the syndrome. */
  readonly exceptionClass: number | undefined;
  readonly syndrome: Syndrome | undefined;
  readonly registers: Registers;
  readonly cpu: number | undefined;
  readonly cell: string | undefined;
  /** `stopped`: the hypervisor itself failed. */
  readonly end: 'parked' | 'stopped' | undefined;
  /** Bytes that the console lost within the dump. */
  readonly missedBytes: number;
  /** What a whole dump has and this one does not, in words. */
  readonly missing: readonly string[];
}
