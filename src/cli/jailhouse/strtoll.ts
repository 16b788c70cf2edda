const LONG_LONG_MAX = 2n ** 63n - 1n;
const LONG_LONG_MIN = -(2n ** 63n);

/** Leading white space of C's isspace, a sign, and the digits of base 8, 10 or 16 as the prefix says. */
const NUMBER = /^([ \t\n\v\f\r]*)([+-]?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))/i;

export interface Conversion {
  /** Limited to the range of a 64-bit signed integer. 0 when there are no digits. */
  readonly value: bigint;
  readonly outOfRange: boolean;
  /** Nothing but the number was there. True for an empty string, too: there is nothing left over. */
  readonly complete: boolean;
}

/** strtoll(3) with base 0: decimal, `0x` hex, leading-`0` octal. */
export function strtoll(text: string): Conversion {
  const match = NUMBER.exec(text);
  if (!match) {
    return { value: 0n, outOfRange: false, complete: text === '' };
  }
  const [whole, , sign, hex, octal, decimal] = match;
  const magnitude =
    hex !== undefined ? BigInt(`0x${hex}`) : octal !== undefined ? BigInt(`0o${octal}`) : BigInt(decimal ?? 0);
  const exact = sign === '-' ? -magnitude : magnitude;
  const value = exact > LONG_LONG_MAX ? LONG_LONG_MAX : exact < LONG_LONG_MIN ? LONG_LONG_MIN : exact;
  return { value, outOfRange: value !== exact, complete: whole.length === text.length };
}
