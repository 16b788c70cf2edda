import { ConfigError } from '../../errors';

/** Sizes and addresses below 2^53 may be written as plain numbers. */
export type Quantity = number | bigint;

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

const MAX_U64 = (1n << 64n) - 1n;

/** @throws ConfigError E_CONFIG_VALUE for what is not an unsigned 64-bit value, or is a number too large to be exact. */
export function u64(value: Quantity, field: string): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw bad(field, `${value} is not a whole number below 2^53; write larger ones as 0x...n`);
  }
  const exact = BigInt(value);
  if (exact < 0n || exact > MAX_U64) {
    throw bad(field, `${exact} is not an unsigned 64-bit value`);
  }
  return exact;
}

/** The error of a config that cannot be built. */
export function bad(field: string, problem: string, hint?: string): ConfigError {
  return new ConfigError(`${field}: ${problem}`, { code: 'E_CONFIG_VALUE', operation: 'build config', field, hint });
}

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
