import { decodeInstruction } from '../instruction/decode';
import type { AddressForm, Instruction } from '../instruction/instruction';
import type { Registers } from '../dump';
import type { Draft } from './explanation';

export interface Code {
  /** Of the instruction that trapped. */
  readonly address: bigint;
  readonly instruction: Instruction;
}

/**
 * The instruction that trapped. Of HVC the hypervisor may print the address behind it, to which it would have returned
 * (Arm ARM DDI 0487, D1.3.2).
 */
export function codeOf({ dump, knowledge: { program } }: Draft): Code | undefined {
  const { pc } = dump.registers;
  if (pc === undefined || !program) {
    return undefined;
  }
  const at = (address: bigint): Code | undefined => {
    const word = program.wordAt(address);
    return word === undefined ? undefined : { address, instruction: decodeInstruction(word) };
  };
  const here = at(pc);
  const before = at(pc - 4n);
  return here?.instruction.kind !== 'hvc' && before?.instruction.kind === 'hvc' ? before : here;
}

/** Where the instruction would have gone, as the guest's virtual address; undefined when a register is not known. */
export function effectiveAddress(form: AddressForm, registers: Registers): bigint | undefined {
  if (form.base === 'pc') {
    return registers.pc === undefined ? undefined : BigInt.asUintN(64, registers.pc + BigInt(form.offset));
  }
  const base = form.base === 31 ? registers.sp : general(registers, form.base);
  const index = form.index && general(registers, form.index.register);
  if (base === undefined || (form.index && index === undefined)) {
    return undefined;
  }
  const added = form.index && index !== undefined ? extended(index, form.index.extend) << BigInt(form.index.shift) : 0n;
  return BigInt.asUintN(64, base + BigInt(form.offset) + added);
}

/** Value of a general register; 31 is the zero register. */
export function general({ x, lr }: Registers, register: number): bigint | undefined {
  return register === 31 ? 0n : register === 30 ? lr : x[register];
}

function extended(value: bigint, extend: 'uxtw' | 'lsl' | 'sxtw' | 'sxtx'): bigint {
  return extend === 'uxtw' ? BigInt.asUintN(32, value) : extend === 'sxtw' ? BigInt.asIntN(32, value) : value;
}

/** `0x3400, send + 0x18 (demo.c:12)` */
export function codeWords({ knowledge: { program, sourceLines } }: Draft, address: bigint): string {
  const symbol = program?.symbolAt(address);
  const line = sourceLines?.lines.get(address);
  const name = symbol && (symbol.offset === 0n ? symbol.name : `${symbol.name} + 0x${symbol.offset.toString(16)}`);
  return `0x${address.toString(16)}${name ? `, ${name}` : ''}${line ? ` (${line})` : ''}`;
}
