/** SPSR of a guest, as far as a crash needs it (Arm ARM DDI 0487, C5.2.19). */
export interface ProcessorStatus {
  /** `EL1h`: level, and `t` or `h` for SP_EL0 or the level's own stack pointer. */
  readonly mode: string;
  readonly isAarch32: boolean;
  readonly level: number;
  /** Whether the level's own stack pointer is selected. */
  readonly ownStack: boolean;
  /** Of D, A, I, F. */
  readonly masked: string;
}

const AARCH32_MODES: Readonly<Record<number, string>> = {
  0x0: 'User',
  0x1: 'FIQ',
  0x2: 'IRQ',
  0x3: 'Supervisor',
  0x7: 'Abort',
  0xa: 'Hyp',
  0xb: 'Undefined',
  0xf: 'System',
};

export function decodeStatus(spsr: number): ProcessorStatus {
  const isAarch32 = ((spsr >>> 4) & 1) === 1;
  const level = isAarch32 ? ((spsr & 0xf) === 0 ? 0 : 1) : (spsr >>> 2) & 3;
  const ownStack = (spsr & 1) === 1;
  const mode = isAarch32
    ? `AArch32 ${AARCH32_MODES[spsr & 0xf] ?? `mode 0x${(spsr & 0x1f).toString(16)}`}`
    : `EL${level}${ownStack ? 'h' : 't'}`;
  const letters = isAarch32 ? ['', 'A', 'I', 'F'] : ['D', 'A', 'I', 'F'];
  const masked = letters.filter((_, index) => (spsr >>> (9 - index)) & 1).join('');
  return { mode, isAarch32, level, ownStack, masked };
}

/** `EL1h, interrupts masked` */
export function statusWords({ mode, masked }: ProcessorStatus): string {
  return `${mode}, interrupts ${masked.includes('I') ? 'masked' : 'on'}`;
}
