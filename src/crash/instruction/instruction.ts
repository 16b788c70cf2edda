/** What an instruction does with memory, as far as a data abort tells of it. */
export interface MemoryAccess {
  readonly kind: 'memory';
  /** `str wzr, [x1, #16]!` */
  readonly text: string;
  readonly isWrite: boolean;
  /** Of everything that it transfers. */
  readonly sizeBytes: number;
  readonly address: AddressForm;
  /** Why the CPU gives no syndrome for it; absent: it gives one. */
  readonly noSyndrome: NoSyndrome | undefined;
}

/** Where the address comes from: a register (31: SP) and what is added; or the program counter. */
export type AddressForm =
  | { readonly base: number; readonly offset: number; readonly index?: IndexRegister | undefined }
  | { readonly base: 'pc'; readonly offset: number };

export interface IndexRegister {
  readonly register: number;
  readonly extend: 'uxtw' | 'lsl' | 'sxtw' | 'sxtx';
  readonly shift: number;
}

/** The forms of which Arm says that ISV is 0 (Arm ARM DDI 0487, D24.2.40, ISS encoding for a data abort). */
export type NoSyndrome = 'write-back' | 'pair' | 'simd' | 'exclusive' | 'atomic' | 'zeroes a cache line';

/** Everything else that a crash may stand at. */
export interface OtherInstruction {
  readonly kind: 'hvc' | 'smc' | 'svc' | 'brk' | 'system' | 'zero' | 'other';
  readonly text: string;
}

export type Instruction = MemoryAccess | OtherInstruction;

export const NO_SYNDROME_WORDS: Readonly<Record<NoSyndrome, string>> = {
  'write-back': 'it writes the new address back to its base register',
  pair: 'it transfers a pair of registers',
  simd: 'it transfers floating point or SIMD registers',
  exclusive: 'it is an exclusive access',
  atomic: 'it is an atomic read-modify-write',
  'zeroes a cache line': 'it is DC ZVA, which memset uses to clear whole cache lines',
};
