import { decodeSystemAccess } from '../syndrome/system-register';
import { decodeLoadStore } from './load-store';
import type { Instruction } from './instruction';

/** Decodes an A64 instruction as far as it may be why a CPU was parked. @param word its encoding */
export function decodeInstruction(word: number): Instruction {
  const insn = word >>> 0;
  const access = decodeLoadStore(insn);
  if (access) {
    return access;
  }
  if (insn >>> 24 === 0xd4) {
    return decodeException(insn);
  }
  if (insn >>> 22 === 0b1101010100) {
    return decodeSystem(insn);
  }
  return insn === 0
    ? { kind: 'zero', text: 'udf #0' }
    : { kind: 'other', text: `.inst 0x${insn.toString(16).padStart(8, '0')}` };
}

function decodeException(insn: number): Instruction {
  const immediate = (insn >>> 5) & 0xffff;
  const which = `${(insn >>> 21) & 7} ${insn & 0x1f}`;
  const kinds = { '0 1': 'svc', '0 2': 'hvc', '0 3': 'smc', '1 0': 'brk' } as const;
  const kind = kinds[which as keyof typeof kinds];
  return kind
    ? { kind, text: `${kind} #0x${immediate.toString(16)}` }
    : { kind: 'other', text: `.inst 0x${insn.toString(16)}` };
}

function decodeSystem(insn: number): Instruction {
  const rt = insn & 31;
  const [op0, op1, crn, crm, op2] = [insn >>> 19, insn >>> 16, insn >>> 12, insn >>> 8, insn >>> 5];
  const iss =
    ((op0 & 3) << 20) |
    ((op2 & 7) << 17) |
    ((op1 & 7) << 14) |
    ((crn & 15) << 10) |
    (rt << 5) |
    ((crm & 15) << 1) |
    ((insn >>> 21) & 1);
  const { name, isRead } = decodeSystemAccess(iss);
  const register = `x${rt === 31 ? 'zr' : rt}`;
  if (name === 'DC ZVA') {
    return {
      kind: 'memory',
      text: `dc zva, ${register}`,
      isWrite: true,
      sizeBytes: 64,
      address: { base: rt, offset: 0 },
      noSyndrome: 'zeroes a cache line',
    };
  }
  if ((op0 & 3) >= 2) {
    const text = isRead ? `mrs ${register}, ${name.toLowerCase()}` : `msr ${name.toLowerCase()}, ${register}`;
    return { kind: 'system', text };
  }
  return {
    kind: 'system',
    text: (op0 & 3) === 1 ? `${name.toLowerCase()}, ${register}` : `.inst 0x${insn.toString(16)}`,
  };
}
