/** SMC function ids (Arm DEN 0028, DEN 0022; jailhouse-hypervisor reference 5). */
const OWNERS: Readonly<Record<number, string>> = {
  0: 'the Arm architecture',
  1: 'the CPU',
  2: 'the SoC vendor (SiP)',
  3: 'the board vendor (OEM)',
  4: 'Arm standard services (PSCI)',
  5: 'a hypervisor',
  6: 'a hypervisor vendor',
};

const FUNCTIONS: Readonly<Record<number, string>> = {
  0x80000000: 'SMCCC_VERSION',
  0x80000001: 'SMCCC_ARCH_FEATURES',
  0x80000002: 'SMCCC_ARCH_SOC_ID',
  0x80008000: 'SMCCC_ARCH_WORKAROUND_1',
  0x80007fff: 'SMCCC_ARCH_WORKAROUND_2',
  0x84000000: 'PSCI_VERSION',
  0x84000001: 'CPU_SUSPEND',
  0x84000002: 'CPU_OFF',
  0x84000003: 'CPU_ON',
  0x84000004: 'AFFINITY_INFO',
  0x84000008: 'SYSTEM_OFF',
  0x84000009: 'SYSTEM_RESET',
  0x8400000a: 'PSCI_FEATURES',
};
/** The calls with 64-bit arguments have the same numbers, and this bit. */
const SMC64 = 0x4000_0000;

export interface SecureCall {
  readonly name: string | undefined;
  readonly owner: string;
  readonly ownerNumber: number;
}

/** @param functionId x0; its low 32 bits count */
export function decodeSecureCall(functionId: bigint): SecureCall {
  const id = Number(BigInt.asUintN(32, functionId));
  const ownerNumber = (id >>> 24) & 0x3f;
  return { name: FUNCTIONS[(id & ~SMC64) >>> 0], owner: ownerWords(ownerNumber), ownerNumber };
}

function ownerWords(owner: number): string {
  return (
    OWNERS[owner] ??
    (owner >= 50 ? 'a trusted OS' : owner >= 48 ? 'a trusted application' : `owner ${owner}, which is reserved`)
  );
}
