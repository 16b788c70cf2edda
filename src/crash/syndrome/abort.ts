/** ISS of data and instruction aborts (Arm ARM DDI 0487, D24.2.40). */
export interface AbortSyndrome {
  /** Why, in words. */
  readonly fault: string;
  /** The kind without its level. */
  readonly faultKind: FaultKind;
  /** Level of the table walk; absent where the fault has none. */
  readonly level: number | undefined;
  /** S1PTW: the address was that of a guest's own page table. */
  readonly duringTableWalk: boolean;
  /** EA. */
  readonly external: boolean;
}

export type FaultKind =
  'address-size' | 'translation' | 'access-flag' | 'permission' | 'external' | 'alignment' | 'other';

/** What only a data abort has. */
export interface DataAbortSyndrome extends AbortSyndrome {
  readonly isWrite: boolean;
  /** CM: a cache maintenance instruction, or one that translates an address. */
  readonly cacheMaintenance: boolean;
  /** Present when ISV is set: one general register was transferred, and the CPU says which. */
  readonly transfer: Transfer | undefined;
}

export interface Transfer {
  readonly sizeBytes: 1 | 2 | 4 | 8;
  readonly signExtended: boolean;
  /** Register number; 31 is the zero register. */
  readonly register: number;
  readonly is64Bit: boolean;
  readonly acquireRelease: boolean;
}

const LEVELLED: readonly (readonly [number, FaultKind, string])[] = [
  [0x00, 'address-size', 'address size fault'],
  [0x04, 'translation', 'translation fault'],
  [0x08, 'access-flag', 'access flag fault'],
  [0x0c, 'permission', 'permission fault'],
  [0x14, 'external', 'external abort on a table walk'],
  [0x1c, 'external', 'memory error on a table walk'],
];

const OTHERS: Readonly<Record<number, readonly [FaultKind, string]>> = {
  0x10: ['external', 'external abort: the bus answered with an error'],
  0x11: ['other', 'tag check fault'],
  0x18: ['external', 'memory error (parity or ECC)'],
  0x21: ['alignment', 'alignment fault'],
  0x30: ['other', 'TLB conflict'],
  0x31: ['other', 'unsupported update of a table entry'],
  0x34: ['other', 'lockdown fault'],
  0x35: ['other', 'exclusive or atomic access to memory that does not have them'],
};

/** @param iss 25 bits */
export function decodeAbort(iss: number): AbortSyndrome {
  const status = iss & 0x3f;
  const levelled = LEVELLED.find(([first]) => status >> 2 === first >> 2);
  const [faultKind, words] = levelled
    ? [levelled[1], levelled[2]]
    : (OTHERS[status] ?? (['other', `fault status 0x${status.toString(16).padStart(2, '0')}`] as const));
  const level = levelled ? status & 3 : undefined;
  return {
    fault: level === undefined ? words : `${words}, level ${level}`,
    faultKind,
    level,
    duringTableWalk: bit(iss, 7),
    external: bit(iss, 9),
  };
}

/** @param iss 25 bits */
export function decodeDataAbort(iss: number): DataAbortSyndrome {
  const transfer: Transfer = {
    sizeBytes: (1 << ((iss >> 22) & 3)) as Transfer['sizeBytes'],
    signExtended: bit(iss, 21),
    register: (iss >> 16) & 0x1f,
    is64Bit: bit(iss, 15),
    acquireRelease: bit(iss, 14),
  };
  return {
    ...decodeAbort(iss),
    isWrite: bit(iss, 6),
    cacheMaintenance: bit(iss, 8),
    transfer: bit(iss, 24) ? transfer : undefined,
  };
}

/** `w2`, `x30`, `wzr` */
export function registerName({ register, is64Bit }: Pick<Transfer, 'register' | 'is64Bit'>): string {
  return `${is64Bit ? 'x' : 'w'}${register === 31 ? 'zr' : register}`;
}

function bit(iss: number, index: number): boolean {
  return ((iss >> index) & 1) === 1;
}
