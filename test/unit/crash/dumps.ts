import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the emulated board's console held after a fault-demo of this kind. */
export function recorded(kind: string): string {
  return readFileSync(join(__dirname, 'fixtures', `${kind}.log`), 'latin1');
}

export interface DumpShape {
  readonly cause?: string;
  readonly verdict?: string;
  readonly exceptionClass?: number;
  readonly iss?: number;
  readonly pc?: bigint;
  readonly sp?: bigint;
  readonly x?: Readonly<Record<number, bigint>>;
  readonly cpu?: number;
  readonly cell?: string;
  /** The form of releases after v0.11. */
  readonly withElr?: boolean;
}

const hex = (value: bigint, digits = 16) => value.toString(16).padStart(digits, '0');

/** A dump as jailhouse-hypervisor reference 9 lays it out; default: its example. */
export function dumpText(shape: DumpShape = {}): string {
  const {
    cause = 'Unhandled data write at 0x12345678(4)',
    verdict = 'unhandled trap',
    exceptionClass = 0x24,
    iss = 0x1820046,
    pc = 0x3400n,
    sp = 0x5fe0n,
    x = {},
    cpu = 3,
    cell = 'gic-demo',
    withElr = false,
  } = shape;
  const ec = hex(BigInt(exceptionClass), 2);
  const registers = Array.from({ length: 30 }, (_, n) => `${n < 10 ? ' ' : ''}x${n}: ${hex(x[n] ?? 0n)}`);
  const rows = Array.from({ length: 10 }, (_, row) => registers.slice(3 * row, 3 * row + 3).join('  '));
  return [
    ...(cause === '' ? [] : [cause]),
    '',
    `FATAL: ${verdict} (exception class 0x${ec})`,
    'Cell state before exception:',
    ` pc: ${hex(pc)}   lr: 00000000000033f0 spsr: 60000005     EL1`,
    ` sp: ${hex(sp)}  ${withElr ? `elr: ${hex(pc)}  ` : ''}esr: ${ec} 1 ${hex(BigInt(iss), 7)}`,
    ...rows,
    '',
    `Parking CPU ${cpu} (Cell: "${cell}")`,
    '',
  ].join('\n');
}
