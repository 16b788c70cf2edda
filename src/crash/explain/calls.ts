import { HVC_JAILHOUSE } from '../../abi/jailhouse';
import { hex } from '../../config/check/words';
import { decodeSecureCall } from '../syndrome/secure-call';
import { decodeSystemAccess, isImplementationDefined } from '../syndrome/system-register';
import { registerName } from '../syndrome/abort';
import type { Draft } from './explanation';

const PSCI_OWNER = 4;
/** Xen's hypercalls (xen-abi: `hvc #0xea1`). */
const HVC_XEN = 0xea1;
const KNOWN_SMC_OWNERS = [0, 2, 4];

export function explainHvc(draft: Draft): void {
  const { syndrome, registers } = draft.dump;
  const immediate = syndrome && syndrome.iss & 0xffff;
  if (immediate === undefined) {
    draft.title = "it made a hypercall that is not Jailhouse's";
    return;
  }
  const [x0] = registers.x;
  draft.title = `it executed HVC #${hex(immediate)}`;
  draft.fact(
    'trap',
    `hypercalls of Jailhouse are HVC #${hex(HVC_JAILHOUSE)}, with the code in x0; any other immediate parks the CPU`,
  );
  const call = x0 === undefined ? undefined : decodeSecureCall(x0);
  const isFirmwareCall = x0 !== undefined && (x0 & 0x8000_0000n) !== 0n;
  if (immediate === 0 && isFirmwareCall && call?.ownerNumber === PSCI_OWNER) {
    draft.fact('access', `x0 is ${hex(x0)}: the PSCI call ${call.name ?? 'of an unknown number'}`);
    draft.remedy('Jailhouse takes PSCI by SMC: write method = "smc" into the psci node of the device tree.');
  } else if (immediate === HVC_XEN) {
    draft.remedy('That is a hypercall of Xen: build the program for Jailhouse.');
  } else {
    draft.remedy(
      `Use HVC #${hex(HVC_JAILHOUSE)}, and SMC for PSCI; a hypervisor is not recognized by trying its calls.`,
    );
  }
}

export function explainSmc(draft: Draft): void {
  const { cause, registers } = draft.dump;
  const functionId = cause?.kind === 'smc-arch' ? cause.functionId : registers.x[0];
  if (functionId === undefined) {
    draft.title = 'it called firmware in a way that the hypervisor does not pass on';
    return;
  }
  const { name, owner, ownerNumber } = decodeSecureCall(functionId);
  draft.title = `it called firmware function ${hex(functionId)}${name ? ` (${name})` : ''}`;
  draft.fact('access', `SMC function ids tell their owner: this one is of ${owner}`);
  draft.remedy(
    KNOWN_SMC_OWNERS.includes(ownerNumber)
      ? 'This release passes on no such call; later ones answer it, or let the guest not make it (a workaround that Linux probes for).'
      : "Cells may call PSCI and the architecture's services only: take the driver that makes this call out of the guest.",
  );
}

export function explainSystemAccess(draft: Draft): void {
  const { syndrome, registers } = draft.dump;
  if (!syndrome) {
    draft.title = 'it accessed a system register that it may not';
    return;
  }
  const access = decodeSystemAccess(syndrome.iss);
  const register = registerName({ register: access.register, is64Bit: true });
  const value = access.register === 31 ? 0n : access.register === 30 ? registers.lr : registers.x[access.register];
  const held = access.isRead || value === undefined ? '' : `, which held ${hex(value)}`;
  const verb = access.op0 === 1 ? 'executed' : access.isRead ? 'read' : 'wrote';
  draft.title = `it ${verb} ${access.name}`;
  draft.fact('access', access.isRead ? `into ${register}` : `from ${register}${held}`);
  if (isImplementationDefined(access)) {
    draft.remedy('That register belongs to the CPU as the SoC uses it: only firmware and the root cell may set it up.');
  } else if (access.name === 'ACTLR_EL1') {
    draft.remedy('Jailhouse traps ACTLR_EL1: leave it out; firmware has set it up.');
  } else if (access.name.startsWith('DC ') && access.name.endsWith('SW')) {
    draft.remedy('Maintain caches by address (DC CIVAC): by set and way it would reach the other cells.');
  } else if (access.name.startsWith('ICC_')) {
    draft.remedy("Of the GIC's CPU interface only group 1 is there for cells.");
  } else {
    draft.remedy('Leave the instruction out: cells do not have this register.');
  }
}
