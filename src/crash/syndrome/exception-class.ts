/** ESR_ELx.EC in words (Arm ARM DDI 0487, D24.2.40): those that reach EL2 from a guest of 64 or 32 bits. */
const CLASSES: Readonly<Record<number, string>> = {
  0x00: 'unknown reason, such as an instruction that does not exist at this level',
  0x01: 'WFI or WFE',
  0x03: 'AArch32 MCR or MRC to coprocessor 15',
  0x04: 'AArch32 MCRR or MRRC to coprocessor 15',
  0x05: 'AArch32 MCR or MRC to coprocessor 14',
  0x06: 'AArch32 LDC or STC',
  0x07: 'floating point or SIMD while it is disabled',
  0x0c: 'AArch32 MRRC to coprocessor 14',
  0x0e: 'illegal execution state',
  0x11: 'AArch32 SVC',
  0x12: 'AArch32 HVC',
  0x13: 'AArch32 SMC',
  0x15: 'SVC',
  0x16: 'HVC',
  0x17: 'SMC',
  0x18: 'system register or system instruction',
  0x19: 'SVE',
  0x20: 'instruction abort in the guest',
  0x21: 'instruction abort in the hypervisor',
  0x22: 'misaligned program counter',
  0x24: 'data abort in the guest',
  0x25: 'data abort in the hypervisor',
  0x26: 'misaligned stack pointer',
  0x28: 'AArch32 floating point exception',
  0x2c: 'floating point exception',
  0x2f: 'SError: an error that the bus reported late',
  0x30: 'breakpoint in the guest',
  0x32: 'software step in the guest',
  0x34: 'watchpoint in the guest',
  0x38: 'AArch32 BKPT',
  0x3c: 'BRK',
};

export const EC_HVC64 = 0x16;
export const EC_SMC64 = 0x17;
export const EC_SYSTEM = 0x18;
export const EC_INSTRUCTION_ABORT = 0x20;
export const EC_DATA_ABORT = 0x24;

/** @param exceptionClass six bits */
export function exceptionClassWords(exceptionClass: number): string {
  return CLASSES[exceptionClass] ?? 'a class that Arm has not given a meaning for AArch64 guests';
}
