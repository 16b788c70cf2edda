/** ISS of a trapped MSR, MRS or system instruction (Arm ARM DDI 0487, D24.2.40, EC 0x18). */
export interface SystemAccess {
  readonly isRead: boolean;
  /** General register; 31 is the zero register. */
  readonly register: number;
  /** What Arm calls it, else `S3_0_C1_C0_1`. */
  readonly name: string;
  readonly op0: number;
  readonly op1: number;
  readonly crn: number;
  readonly crm: number;
  readonly op2: number;
}

/** op0 op1 CRn CRm op2 of what a guest of Jailhouse may meet. */
const NAMES: Readonly<Record<string, string>> = {
  // Debug
  '2 0 0 2 2': 'MDSCR_EL1',
  '2 0 1 0 4': 'OSLAR_EL1',
  '2 0 1 1 4': 'OSLSR_EL1',
  '2 0 1 3 4': 'OSDLR_EL1',
  '2 0 1 4 4': 'DBGPRCR_EL1',
  '2 0 1 0 0': 'MDRAR_EL1',
  // Identification
  '3 0 0 0 0': 'MIDR_EL1',
  '3 0 0 0 5': 'MPIDR_EL1',
  '3 0 0 0 6': 'REVIDR_EL1',
  '3 0 0 4 0': 'ID_AA64PFR0_EL1',
  '3 0 0 4 1': 'ID_AA64PFR1_EL1',
  '3 0 0 5 0': 'ID_AA64DFR0_EL1',
  '3 0 0 6 0': 'ID_AA64ISAR0_EL1',
  '3 0 0 6 1': 'ID_AA64ISAR1_EL1',
  '3 0 0 7 0': 'ID_AA64MMFR0_EL1',
  '3 0 0 7 1': 'ID_AA64MMFR1_EL1',
  '3 1 0 0 0': 'CCSIDR_EL1',
  '3 1 0 0 1': 'CLIDR_EL1',
  '3 1 0 0 7': 'AIDR_EL1',
  '3 2 0 0 0': 'CSSELR_EL1',
  '3 3 0 0 1': 'CTR_EL0',
  '3 3 0 0 7': 'DCZID_EL0',
  // Control and memory
  '3 0 1 0 0': 'SCTLR_EL1',
  '3 0 1 0 1': 'ACTLR_EL1',
  '3 0 1 0 2': 'CPACR_EL1',
  '3 0 2 0 0': 'TTBR0_EL1',
  '3 0 2 0 1': 'TTBR1_EL1',
  '3 0 2 0 2': 'TCR_EL1',
  '3 0 4 6 0': 'ICC_PMR_EL1',
  '3 0 5 1 0': 'AFSR0_EL1',
  '3 0 5 1 1': 'AFSR1_EL1',
  '3 0 5 2 0': 'ESR_EL1',
  '3 0 6 0 0': 'FAR_EL1',
  '3 0 10 2 0': 'MAIR_EL1',
  '3 0 10 3 0': 'AMAIR_EL1',
  '3 0 12 0 0': 'VBAR_EL1',
  '3 0 12 0 2': 'RMR_EL1',
  '3 0 13 0 1': 'CONTEXTIDR_EL1',
  // GIC CPU interface
  '3 0 12 8 0': 'ICC_IAR0_EL1',
  '3 0 12 8 1': 'ICC_EOIR0_EL1',
  '3 0 12 8 2': 'ICC_HPPIR0_EL1',
  '3 0 12 8 3': 'ICC_BPR0_EL1',
  '3 0 12 11 1': 'ICC_DIR_EL1',
  '3 0 12 11 3': 'ICC_RPR_EL1',
  '3 0 12 11 5': 'ICC_SGI1R_EL1',
  '3 0 12 11 6': 'ICC_ASGI1R_EL1',
  '3 0 12 11 7': 'ICC_SGI0R_EL1',
  '3 0 12 12 0': 'ICC_IAR1_EL1',
  '3 0 12 12 1': 'ICC_EOIR1_EL1',
  '3 0 12 12 2': 'ICC_HPPIR1_EL1',
  '3 0 12 12 3': 'ICC_BPR1_EL1',
  '3 0 12 12 4': 'ICC_CTLR_EL1',
  '3 0 12 12 5': 'ICC_SRE_EL1',
  '3 0 12 12 6': 'ICC_IGRPEN0_EL1',
  '3 0 12 12 7': 'ICC_IGRPEN1_EL1',
  // Performance monitors
  '3 0 9 14 1': 'PMINTENSET_EL1',
  '3 0 9 14 2': 'PMINTENCLR_EL1',
  '3 3 9 12 0': 'PMCR_EL0',
  '3 3 9 12 1': 'PMCNTENSET_EL0',
  '3 3 9 12 2': 'PMCNTENCLR_EL0',
  '3 3 9 12 3': 'PMOVSCLR_EL0',
  '3 3 9 12 5': 'PMSELR_EL0',
  '3 3 9 13 0': 'PMCCNTR_EL0',
  '3 3 9 13 1': 'PMXEVTYPER_EL0',
  '3 3 9 13 2': 'PMXEVCNTR_EL0',
  '3 3 9 14 0': 'PMUSERENR_EL0',
  // Timers
  '3 0 14 1 0': 'CNTKCTL_EL1',
  '3 3 14 0 0': 'CNTFRQ_EL0',
  '3 3 14 0 1': 'CNTPCT_EL0',
  '3 3 14 0 2': 'CNTVCT_EL0',
  '3 3 14 2 0': 'CNTP_TVAL_EL0',
  '3 3 14 2 1': 'CNTP_CTL_EL0',
  '3 3 14 2 2': 'CNTP_CVAL_EL0',
  '3 3 14 3 0': 'CNTV_TVAL_EL0',
  '3 3 14 3 1': 'CNTV_CTL_EL0',
  '3 3 14 3 2': 'CNTV_CVAL_EL0',
  '3 7 14 2 1': 'CNTPS_CTL_EL1',
  // Implementation defined, of the cores of i.MX 8
  '3 1 11 0 2': 'L2CTLR_EL1',
  '3 1 11 0 3': 'L2ECTLR_EL1',
  '3 1 15 0 0': 'L2ACTLR_EL1',
  '3 1 15 2 0': 'CPUACTLR_EL1',
  '3 1 15 2 1': 'CPUECTLR_EL1',
  '3 1 15 2 2': 'CPUMERRSR_EL1',
  '3 1 15 2 3': 'L2MERRSR_EL1',
  '3 1 15 3 0': 'CBAR_EL1',
  // Cache and TLB instructions
  '1 0 7 1 0': 'IC IALLUIS',
  '1 0 7 5 0': 'IC IALLU',
  '1 3 7 5 1': 'IC IVAU',
  '1 3 7 4 1': 'DC ZVA',
  '1 0 7 6 1': 'DC IVAC',
  '1 0 7 6 2': 'DC ISW',
  '1 0 7 10 2': 'DC CSW',
  '1 0 7 14 2': 'DC CISW',
  '1 3 7 10 1': 'DC CVAC',
  '1 3 7 11 1': 'DC CVAU',
  '1 3 7 14 1': 'DC CIVAC',
  '1 0 8 3 0': 'TLBI VMALLE1IS',
  '1 0 8 7 0': 'TLBI VMALLE1',
};

/** @param iss 25 bits */
export function decodeSystemAccess(iss: number): SystemAccess {
  const [op0, op2, op1] = [(iss >> 20) & 3, (iss >> 17) & 7, (iss >> 14) & 7];
  const [crn, crm] = [(iss >> 10) & 15, (iss >> 1) & 15];
  const name = NAMES[`${op0} ${op1} ${crn} ${crm} ${op2}`] ?? `S${op0}_${op1}_C${crn}_C${crm}_${op2}`;
  return { isRead: (iss & 1) === 1, register: (iss >> 5) & 31, name, op0, op1, crn, crm, op2 };
}

/** Whether the name is one that Arm leaves to the makers of a core. */
export function isImplementationDefined({ op0, crn }: SystemAccess): boolean {
  return op0 === 3 && (crn === 11 || crn === 15);
}
