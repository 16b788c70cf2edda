import { MEM_READ, MEM_WRITE } from '../../abi/jailhouse';
import { hex } from '../../config/check/words';
import { NO_SYNDROME_WORDS } from '../instruction/instruction';
import { regionByPhysical } from '../place/locate';
import { regionWords } from '../place/words';
import { decodeAbort, decodeDataAbort, registerName } from '../syndrome/abort';
import { codeWords, effectiveAddress, general } from './code';
import { explainPlace } from './place';
import type { Cause } from '../dump';
import type { DataAbortSyndrome } from '../syndrome/abort';
import type { Code } from './code';
import type { Draft } from './explanation';

/** A data abort: what was accessed, by which register, and where that is. */
export function explainDataAbort(draft: Draft, code: Code | undefined): void {
  const { dump } = draft;
  const cause = dump.cause?.kind === 'unhandled-data' || dump.cause?.kind === 'invalid-mmio' ? dump.cause : undefined;
  const abort = dump.syndrome && decodeDataAbort(dump.syndrome.iss);
  const memory = code?.instruction.kind === 'memory' ? code.instruction : undefined;
  const isWrite = cause ? cause.direction === 'write' : (abort?.isWrite ?? memory?.isWrite);
  if (abort) {
    draft.fact('trap', abort.fault + (abort.external ? ', external' : ''));
    explainTransfer(draft, abort);
  }
  const computed = memory && effectiveAddress(memory.address, dump.registers);
  const address = cause?.address ?? computed;
  const sizeBytes = (cause && abort?.transfer ? cause.sizeBytes : memory?.sizeBytes) ?? cause?.sizeBytes;
  const did = isWrite === undefined ? 'accessed' : isWrite ? 'wrote' : 'read';
  if (address === undefined) {
    draft.title = `it ${did} memory that it may not`;
    draft.doubt(
      draft.knowledge.program
        ? 'the dump does not tell the address, and the instruction does not either'
        : 'the dump does not tell the address; the instruction at pc would: --elf FILE or --image FILE',
    );
  } else {
    const size = sizeBytes === undefined ? '' : `${sizeBytes} byte${sizeBytes === 1 ? '' : 's'} `;
    draft.title = `it ${did} ${size}${isWrite ? 'to' : 'at'} ${hex(address)}`;
    if (cause === undefined) {
      draft.doubt(
        "the address is the guest's virtual one, computed from the instruction; it is taken for the guest-physical one, as inmates map it",
      );
    }
    if (cause?.kind === 'invalid-mmio') {
      explainSubPage(draft, cause);
    } else {
      explainPlace(draft, { address, direction: isWrite ? 'write' : 'read' });
    }
  }
  if (abort) {
    explainMissingSyndrome(draft, abort, code);
  }
}

function explainTransfer(draft: Draft, abort: DataAbortSyndrome): void {
  const { transfer, isWrite } = abort;
  if (!transfer) {
    return;
  }
  const value = isWrite ? general(draft.dump.registers, transfer.register) : undefined;
  const bits = BigInt(8 * transfer.sizeBytes);
  const what = [
    `${isWrite ? 'a store' : 'a load'} of ${8 * transfer.sizeBytes} bits`,
    `${isWrite ? 'from' : 'into'} ${registerName(transfer)}`,
    ...(value === undefined ? [] : [`which held ${hex(BigInt.asUintN(Number(bits), value))}`]),
    ...(transfer.signExtended ? ['sign-extended'] : []),
    ...(transfer.acquireRelease ? ['with acquire or release order'] : []),
  ];
  draft.fact('access', what.join(', '));
}

/** Without a syndrome the hypervisor cannot emulate an access, even one that it would permit. */
function explainMissingSyndrome(draft: Draft, abort: DataAbortSyndrome, code: Code | undefined): void {
  if (abort.duringTableWalk) {
    draft.fact(
      'access',
      "the CPU was walking the guest's own page tables, which are in memory that the cell does not have",
    );
    draft.remedy('Put the page tables into the RAM of the cell, and look at TTBR0_EL1 and TTBR1_EL1.');
    return;
  }
  if (abort.cacheMaintenance) {
    draft.fact('access', 'a cache maintenance instruction by address');
    draft.remedy('Clean and invalidate caches only for addresses that the cell has.');
    return;
  }
  if (abort.transfer) {
    return;
  }
  const memory = code?.instruction.kind === 'memory' ? code.instruction : undefined;
  if (memory?.noSyndrome) {
    const why = NO_SYNDROME_WORDS[memory.noSyndrome];
    draft.fact('access', `the CPU gave no syndrome (ISV 0) for ${memory.text}: ${why}, and nobody can emulate it`);
  } else if (memory) {
    draft.fact('access', `the CPU gave no syndrome (ISV 0), which is not what ${memory.text} would get`);
    draft.doubt('the program that was given is not the one that ran, or the code was changed');
  } else {
    draft.fact(
      'access',
      'the CPU gave no syndrome (ISV 0): the instruction writes its base register back, transfers a pair or SIMD registers, or is exclusive or atomic; nobody can emulate such an access',
    );
  }
  draft.remedy(
    'Access device registers one general register at a time: volatile accesses through ldr/str without write-back (readl and writel of Linux, mmio_write32 of the inmate library), built with -mgeneral-regs-only; no memcpy or memset on device memory.',
  );
}

/** A region of part of a page (jailhouse-hypervisor reference 2): the address is physical. */
function explainSubPage(draft: Draft, cause: Extract<Cause, { kind: 'invalid-mmio' }>): void {
  const { address, sizeBytes, direction } = cause;
  const place = draft.cell && regionByPhysical(draft.cell, address);
  if (!place) {
    draft.remedy('The region of this physical address needs the direction, the width and the alignment of the access.');
    return;
  }
  draft.fact('address', `physical ${hex(address)} is in ${regionWords(place)}`);
  const field = `mem_regions[${place.index}].flags`;
  const { flags } = place.region;
  const wants = direction === 'read' ? MEM_READ : MEM_WRITE;
  if ((flags & wants) === 0n) {
    draft.remedy(`Add JAILHOUSE_MEM_${direction.toUpperCase()} to ${field}, or do not ${direction} there.`);
  }
  if ((flags & (0x1_0000n * BigInt(sizeBytes))) === 0n) {
    draft.remedy(`Add JAILHOUSE_MEM_IO_${8 * sizeBytes} to ${field}, or access it by another width.`);
  }
  if (address % BigInt(sizeBytes) !== 0n) {
    draft.remedy(
      `The access is not aligned to its ${sizeBytes} bytes: align it, or add JAILHOUSE_MEM_IO_UNALIGNED to ${field}.`,
    );
  }
}

/** The CPU fetched code from where the cell has no memory. */
export function explainInstructionAbort(draft: Draft): void {
  const { dump } = draft;
  const address = dump.cause?.kind === 'instruction-abort' ? dump.cause.address : dump.registers.pc;
  if (dump.syndrome) {
    draft.fact('trap', decodeAbort(dump.syndrome.iss).fault);
  }
  if (address === undefined) {
    draft.title = 'it executed what it may not';
    return;
  }
  draft.title = `it jumped to ${hex(address)}`;
  explainPlace(draft, { address, direction: 'execute' });
  if (dump.registers.lr !== undefined) {
    draft.fact('caller', `lr is ${codeWords(draft, dump.registers.lr)}`);
  }
  const reset = draft.cell?.config.cpuResetAddress;
  if (reset !== undefined && reset === address) {
    draft.remedy(
      `That is cpu_reset_address: the cell starts there; load the image to that address, in a LOADABLE region.`,
    );
  }
}
