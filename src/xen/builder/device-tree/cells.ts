import { toCells } from '../../../fdt';

/** Addresses and sizes as the root's children have them: two cells each. */
export function cells(...values: readonly bigint[]): number[] {
  return values.flatMap((value) => toCells(value, 2));
}
