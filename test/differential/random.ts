/** A seeded generator (xorshift64*), so that a failing run can be repeated from its seed alone. */
export class Random {
  private state: bigint;

  constructor(seed: number) {
    this.state = (BigInt(seed) * 0x9e3779b97f4a7c15n + 1n) & MASK;
    for (let round = 0; round < 8; round++) this.next64();
  }

  next64(): bigint {
    let value = this.state;
    value ^= value >> 12n;
    value ^= (value << 25n) & MASK;
    value ^= value >> 27n;
    this.state = value;
    return (value * 0x2545f4914f6cdd1dn) & MASK;
  }

  next32(): number {
    return Number(this.next64() >> 32n);
  }

  /** 0 .. bound-1 */
  below(bound: number): number {
    return this.next32() % bound;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** A register value that finds mistakes: often a border case, otherwise anything. */
  operand(): bigint {
    switch (this.below(6)) {
      case 0:
        return this.pick(BORDERS);
      case 1:
        return BigInt(this.below(64));
      case 2:
        return this.next64() >> BigInt(this.below(64));
      case 3:
        return (MASK << BigInt(this.below(64))) & MASK;
      default:
        return this.next64();
    }
  }
}

const MASK = 0xffffffffffffffffn;

const BORDERS = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  MASK,
];
