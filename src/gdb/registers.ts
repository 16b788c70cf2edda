/**
 * The registers that GDB knows, in the order and with the names of its AArch64 features (GDB manual, "AArch64 Features"), and
 * behind them system registers in a feature of our own. The board gives a CPU's registers as bytes in the same order
 * (native/machine/debug/register_file.h).
 */

export interface Register {
  readonly name: string;
  readonly feature: 'core' | 'fpu' | 'system';
  readonly sizeBytes: number;
  /** GDB's, or one of target-description.ts. */
  readonly type: string;
  /** Within the bytes of all registers. */
  readonly offset: number;
}

type Shape = Omit<Register, 'offset'>;

const numbered = (prefix: string, count: number, shape: Omit<Shape, 'name'>): Shape[] =>
  Array.from({ length: count }, (_, number) => ({ name: `${prefix}${number}`, ...shape }));

const SYSTEM = [
  ...['SCTLR_EL1', 'CPACR_EL1', 'TTBR0_EL1', 'TTBR1_EL1', 'TCR_EL1', 'MAIR_EL1', 'VBAR_EL1', 'ESR_EL1', 'FAR_EL1'],
  ...['ELR_EL1', 'SPSR_EL1', 'SP_EL0', 'TPIDR_EL1', 'TPIDR_EL0', 'MPIDR_EL1'],
];

const SHAPES: readonly Shape[] = [
  ...numbered('x', 31, { feature: 'core', sizeBytes: 8, type: 'int' }),
  { name: 'sp', feature: 'core', sizeBytes: 8, type: 'data_ptr' },
  { name: 'pc', feature: 'core', sizeBytes: 8, type: 'code_ptr' },
  { name: 'cpsr', feature: 'core', sizeBytes: 4, type: 'cpsr_flags' },
  ...numbered('v', 32, { feature: 'fpu', sizeBytes: 16, type: 'vector' }),
  { name: 'fpsr', feature: 'fpu', sizeBytes: 4, type: 'int' },
  { name: 'fpcr', feature: 'fpu', sizeBytes: 4, type: 'int' },
  ...SYSTEM.map((name) => ({ name, feature: 'system', sizeBytes: 8, type: 'int' }) as const),
];

export const REGISTERS: readonly Register[] = SHAPES.reduce<Register[]>((registers, shape) => {
  const last = registers.at(-1);
  return [...registers, { ...shape, offset: last === undefined ? 0 : last.offset + last.sizeBytes }];
}, []);

export const REGISTER_BYTES = REGISTERS.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
