import { cpusOf } from '../../abi/jailhouse';
import { cellWords, hex } from '../../config/check/words';
import { EMPTY_WORLD, findCell } from '../place/world';
import { isRam } from './place';
import {
  EC_DATA_ABORT,
  EC_HVC64,
  EC_INSTRUCTION_ABORT,
  EC_SMC64,
  EC_SYSTEM,
  exceptionClassWords,
} from '../syndrome/exception-class';
import { decodeStatus, statusWords } from '../syndrome/status';
import { explainDataAbort, explainInstructionAbort } from './access';
import { explainHvc, explainSmc, explainSystemAccess } from './calls';
import { codeOf, codeWords } from './code';
import { Draft } from './explanation';
import { explainIvshmemRegister, explainMsix, explainPciConfig } from './virtual-pci';
import { holds, virtual } from '../../config/check/ranges';
import type { CrashDump } from '../dump';
import type { Code } from './code';
import type { CrashExplanation, Knowledge } from './explanation';

/** Turns a dump into words, with all that is known besides. Never throws. */
export function explainCrash(dump: CrashDump, knowledge: Knowledge = { world: EMPTY_WORLD }): CrashExplanation {
  const cell = dump.cell === undefined ? undefined : findCell(knowledge.world, dump.cell, dump.cpu);
  const draft = new Draft(dump, knowledge, cell);
  explainTrap(draft);
  const code = codeOf(draft);
  explainReason(draft, code);
  explainCode(draft, code);
  explainStack(draft);
  explainConfig(draft);
  explainLosses(draft);
  const { facts, remedies, doubts } = draft;
  const who = dump.cpu === undefined ? 'A CPU' : `CPU ${dump.cpu}`;
  const whose = dump.cell === undefined ? '' : ` of cell "${dump.cell}"`;
  const end = dump.end === 'stopped' ? 'was stopped' : 'was parked';
  const title = `${who}${whose} ${end}${draft.title ? `: ${draft.title}` : ''}`;
  return { dump, title, facts, remedies: [...new Set(remedies)], doubts: [...new Set(doubts)] };
}

/** Source lines are looked up for these. */
export function codeAddresses({ registers: { pc, lr } }: CrashDump): bigint[] {
  return [pc, lr].filter((one) => one !== undefined);
}

function explainTrap(draft: Draft): void {
  const { exceptionClass, verdict, registers, syndrome } = draft.dump;
  if (exceptionClass !== undefined) {
    const said = verdict ? `, which the hypervisor calls ${verdict === 'unhandled trap' ? 'an' : 'a'} ${verdict}` : '';
    draft.fact('trap', `${exceptionClassWords(exceptionClass)} (exception class ${hexByte(exceptionClass)})${said}`);
  }
  if (syndrome && exceptionClass !== undefined && syndrome.exceptionClass !== exceptionClass) {
    draft.doubt('the exception class and the syndrome do not agree: two dumps may be mixed');
  }
  if (registers.spsr !== undefined) {
    draft.fact('CPU', statusWords(decodeStatus(registers.spsr)));
  }
}

function explainReason(draft: Draft, code: Code | undefined): void {
  const { cause, exceptionClass } = draft.dump;
  switch (cause?.kind) {
    case 'ivshmem-register':
      return explainIvshmemRegister(draft, cause);
    case 'pci-config':
      return explainPciConfig(draft, cause);
    case 'pci-msix':
      return explainMsix(draft, cause);
    case 'not-emulated':
      draft.title = `the emulated board does not know the instruction 0x${cause.instruction.toString(16).padStart(8, '0')}`;
      draft.fact('instruction', cause.what);
      draft.remedy('The program may be right: this is a gap of the emulated board. Please report it with this dump.');
      return;
    case 'hypervisor-fault':
      draft.title = 'the hypervisor itself failed';
      draft.remedy(
        'Look at what the hypervisor was doing (the lines before), and at hypervisor_memory, the console and the GIC in the system config: they are what it accesses itself.',
      );
      return;
    case 'smc-arch':
      return explainSmc(draft);
    case 'other':
      draft.title = `the hypervisor says: ${cause.text}`;
  }
  switch (exceptionClass) {
    case EC_DATA_ABORT:
      return explainDataAbort(draft, code);
    case EC_INSTRUCTION_ABORT:
      return explainInstructionAbort(draft);
    case EC_HVC64:
      return explainHvc(draft);
    case EC_SMC64:
      return explainSmc(draft);
    case EC_SYSTEM:
      return explainSystemAccess(draft);
    case undefined:
      return cause?.kind === 'unhandled-data' || cause?.kind === 'invalid-mmio'
        ? explainDataAbort(draft, code)
        : cause?.kind === 'instruction-abort'
          ? explainInstructionAbort(draft)
          : undefined;
    default:
      draft.title ??= exceptionClassWords(exceptionClass);
  }
}

function explainCode(draft: Draft, code: Code | undefined): void {
  const { pc, lr } = draft.dump.registers;
  const isAbortOfCode = draft.dump.exceptionClass === EC_INSTRUCTION_ABORT;
  if (pc !== undefined) {
    draft.fact('code', `pc is ${codeWords(draft, pc)}`);
  }
  if (code) {
    const at = code.address === pc ? '' : ` (at 0x${code.address.toString(16)}, just before pc)`;
    draft.fact('instruction', `${code.instruction.text}${at}`);
    if (code.instruction.kind === 'zero') {
      draft.remedy('There are zeroes where code should be: the image was not loaded there, or was overwritten.');
    }
  }
  if (lr !== undefined && !isAbortOfCode) {
    draft.fact('caller', `lr is ${codeWords(draft, lr)}`);
  }
  const { program, sourceLines } = draft.knowledge;
  if (sourceLines?.problem !== undefined) {
    draft.doubt(sourceLines.problem);
  }
  if (program && pc !== undefined && !isAbortOfCode && program.wordAt(pc) === undefined) {
    draft.doubt(`${program.file} has nothing at pc: it is not what ran, or it was loaded elsewhere`);
  }
}

/** A stack that has left the RAM of the cell explains many crashes. */
function explainStack(draft: Draft): void {
  const { dump, cell } = draft;
  const { sp } = dump.registers;
  if (sp === undefined || sp === 0n || !cell) {
    return;
  }
  const ram = cell.config.memoryRegions.filter((region) => isRam(region) && region.size > 0n);
  const isIn = ram.some((region) => holds(virtual(region), sp) || holds(virtual(region), sp - 1n));
  if (ram.length > 0 && !isIn && sp >> 48n === 0n) {
    draft.fact('stack', `sp is ${hex(sp)}, outside of the RAM of ${cellWords(cell)}`);
    draft.remedy('Look at where the stack pointer is set, and whether the stack is large enough.');
  }
}

function explainConfig(draft: Draft): void {
  const { dump, cell } = draft;
  if (dump.cell === undefined) {
    return;
  }
  if (!cell) {
    draft.doubt(`without the config of cell "${dump.cell}" nobody can say what it may access: --cell FILE`);
    return;
  }
  draft.fact('config', `${cellWords(cell)} by ${cell.file ?? 'its config'}`);
  if (!cell.isRoot && dump.cpu !== undefined && !cpusOf(cell.config.cpuSet.subarray(0, 4096)).includes(dump.cpu)) {
    draft.doubt(`CPU ${dump.cpu} is not in that config: it is another cell of this name`);
  }
}

function explainLosses(draft: Draft): void {
  const { dump } = draft;
  if (dump.missedBytes > 0) {
    draft.doubt(`the console lost ${dump.missedBytes} bytes here: nobody had read it in time`);
  }
  if (dump.missing.length > 0) {
    draft.doubt(`the log does not have ${dump.missing.join(', ')}`);
  }
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
