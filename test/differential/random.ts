import { randomNumbers } from '../support/random-numbers';

/** What random programs are made of: the same for the same seed, so that a failing run can be repeated from its seed alone. */
export class Random {
  private readonly random: (below: number) => number;

  constructor(seed: number) {
    this.random = randomNumbers(seed);
  }

  next64(): bigint {
    return (BigInt(this.next32()) << 32n) | BigInt(this.next32());
  }

  next32(): number {
    return this.random(2 ** 32);
  }

  /** 0 .. bound-1 */
  below(bound: number): number {
    return this.random(bound);
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
