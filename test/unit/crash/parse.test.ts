import { parseCrashLog } from '../../../src/crash';
import { dumpText, recorded } from './dumps';
import type { CrashDump } from '../../../src/crash';

const x = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n, 0x1000n + BigInt(n)]));
const text = dumpText({ x });

const only = (log: string): CrashDump => {
  const dumps = parseCrashLog(log);
  expect(dumps).toHaveLength(1);
  return dumps[0] as CrashDump;
};

const whole = {
  cause: { kind: 'unhandled-data', direction: 'write', address: 0x12345678n, sizeBytes: 4 },
  verdict: 'unhandled trap',
  exceptionClass: 0x24,
  syndrome: { exceptionClass: 0x24, is32Bit: true, iss: 0x1820046 },
  registers: {
    pc: 0x3400n,
    lr: 0x33f0n,
    sp: 0x5fe0n,
    elr: undefined,
    spsr: 0x60000005,
    exceptionLevel: 1,
    x: Object.values(x),
  },
  cpu: 3,
  cell: 'gic-demo',
  end: 'parked',
  missedBytes: 0,
  missing: [],
};

test('the form before v0.12', () => expect(only(text)).toMatchObject({ ...whole, firstLine: 1, lastLine: 18 }));

test('the form of newer releases', () =>
  expect(only(dumpText({ x, withElr: true }))).toMatchObject({
    ...whole,
    registers: { ...whole.registers, elr: 0x3400n },
  }));

test.each([
  ['line ends of the GA release', text.replaceAll('\n', '\n\r')],
  ['line ends of master', text.replaceAll('\n', '\r\n')],
  ['line ends after a terminal', text.replaceAll('\n', '\r\n\r')],
  ['no newline at the end', text.trimEnd()],
  ['messages of Linux between', text.replaceAll('\n', '\n[  123.456789] usb 1-1: new device\n')],
  [
    'a register dump of Linux between',
    text.replace('Cell state', '[    1.000000] x29: ffff000008a03e40 x28: 0000000000000001 \nCell state'),
  ],
  [
    'an unstamped register dump of Linux between',
    text.replace(' x0:', 'x29: ffff000008a03e40 x28: 0000000000000001 \n x0:'),
  ],
  ['stamps of a recorder', text.replace(/^/gm, '[2026-11-23 10:00:01.123] ')],
  ['stamps of grabserial', text.replace(/^/gm, '[12.345678 0.000123] ')],
  ['short stamps', text.replace(/^/gm, '[10:00:01.123] ')],
  ['colours', text.replace('FATAL', '\x1b[31mFATAL\x1b[0m')],
  [
    'text before and after',
    `Started cell "gic-demo"\nTimer fired, jitter: 1234 ns\n${text}Cell "gic-demo" can be loaded\n`,
  ],
  ['messages of Linux within lines', text.replace('x13: 0000', 'x13: 00[  123.456789] usb 1-1: new device\n00')],
])('%s', (_name, log) => expect(only(log)).toMatchObject(whole));

test('several dumps, each with its own lines', () => {
  const dumps = parseCrashLog(
    `noise\n${text}\n${dumpText({ cpu: 1, cell: 'other', exceptionClass: 0x16, cause: '' })}${text}`,
  );
  expect(dumps.map(({ cpu, cell, cause, firstLine }) => [cpu, cell, cause?.kind, firstLine])).toEqual([
    [3, 'gic-demo', 'unhandled-data', 2],
    [1, 'other', undefined, 22],
    [3, 'gic-demo', 'unhandled-data', 38],
  ]);
});

describe('bytes that were lost', () => {
  test('within the registers', () => {
    const from = text.indexOf('x4: ') + 8;
    const to = text.indexOf('x11: ') + 9;
    const log = `${text.slice(0, from)}<missed ${to - from} bytes of console log>\n${text.slice(to)}`;
    const dump = only(log);
    expect(dump.missedBytes).toBe(to - from);
    expect(dump.missing).toEqual(['x4', 'x5', 'x6', 'x7', 'x8', 'x9', 'x10', 'x11']);
    expect(dump.registers.x[3]).toBe(0x1003n);
    expect(dump.registers.x[12]).toBe(0x100cn);
    expect(dump).toMatchObject({ cpu: 3, cell: 'gic-demo' });
  });

  test('the beginning of the dump', () => {
    const dump = only(`<missed 3455 bytes of console log>\n${text.slice(text.indexOf('x10: '))}`);
    expect(dump.missing.slice(0, 4)).toEqual(['what the hypervisor called it', 'pc', 'esr', 'x0']);
    expect(dump).toMatchObject({ cpu: 3, cell: 'gic-demo', missedBytes: 3455 });
  });

  test('more than one dump has: those before and after are two', () => {
    const half = text.indexOf(' x3: ');
    const log = `${text.slice(0, half)}<missed 2000 bytes of console log>\n${text.slice(text.indexOf(' x9: '))}`;
    const dumps = parseCrashLog(log);
    expect(dumps.map(({ cpu, registers: { pc } }) => [cpu, pc])).toEqual([
      [undefined, 0x3400n],
      [3, undefined],
    ]);
  });

  test('single lines', () => {
    const without = (start: string) =>
      text
        .split('\n')
        .filter((line) => !line.startsWith(start))
        .join('\n');
    expect(only(without(' pc:')).missing).toEqual(['pc']);
    expect(only(without(' sp:')).missing).toEqual(['esr']);
    expect(only(without(' x3:')).missing).toEqual(['x3', 'x4', 'x5']);
    expect(only(without('FATAL')).missing).toEqual([]);
    expect(only(without('FATAL')).exceptionClass).toBe(0x24);
    expect(only(without('Parking')).missing).toEqual(['which CPU of which cell was parked']);
  });

  test('a syndrome that is cut off is not taken for a smaller one', () =>
    expect(only(text.replace('1820046', '18200')).syndrome).toBeUndefined());
});

test.each([
  ['FATAL: instruction abort at 0x50000000', { kind: 'instruction-abort', address: 0x50000000n }],
  ['FATAL: Invalid ivshmem register read, number 04', { kind: 'ivshmem-register', direction: 'read', offset: 4 }],
  [
    'FATAL: Invalid PCI MMCONFIG write, device 00:01.0, reg: 40, size: 4',
    { kind: 'pci-config', direction: 'write', bdf: 8, register: 0x40, sizeBytes: 4 },
  ],
  [
    'FATAL: Invalid PCI MMCONFIG write, device 00:1f.7, reg: 0x5c, size: 2',
    { kind: 'pci-config', direction: 'write', bdf: 0xff, register: 0x5c, sizeBytes: 2 },
  ],
  ['FATAL: Invalid PCI MSI-X table/PBA access, device 00:00.0', { kind: 'pci-msix', bdf: 0 }],
  [
    'FATAL: Invalid MMIO write, address: 30890040, size: 2',
    { kind: 'invalid-mmio', direction: 'write', address: 0x30890040n, sizeBytes: 2 },
  ],
  ['Unhandled SMC arch trap 80007fff', { kind: 'smc-arch', functionId: 0x80007fffn }],
  ['FATAL: Unhandled HYP exception: synchronous abort from EL2', { kind: 'hypervisor-fault' }],
  [
    'FATAL: unimplemented instruction 0xd539b040 (implementation-defined system register) at 0x80',
    { kind: 'not-emulated', instruction: 0xd539b040, what: 'implementation-defined system register', pc: 0x80n },
  ],
  ['FATAL: something new', { kind: 'other', text: 'something new' }],
])('%s', (cause, expected) => expect(only(dumpText({ cause })).cause).toEqual(expected));

test.each([
  [''],
  ['Started cell "gic-demo"\nParking is forbidden\n'],
  ['[   12.345678] pc : el1_sync+0x0/0x100 lr : foo\n[   12.345678] x29: ffff000008a03e40 x28: 0000000000000001\n'],
  ['Parking CPU 3 (Cell: "gic-demo")\n'],
])('%j is no dump', (log) => expect(parseCrashLog(log)).toEqual([]));

test.each(['write', 'read', 'exec', 'hvc', 'undefined-smc'])('what the emulated board prints for %s', (kind) => {
  const dump = parseCrashLog(recorded(kind)).at(-1);
  expect(dump).toMatchObject({ cpu: 3, cell: 'fault-demo', end: 'parked', missing: [] });
  expect(dump?.exceptionClass).toBe({ write: 0x24, read: 0x24, exec: 0x20, hvc: 0x16, 'undefined-smc': 0x17 }[kind]);
});
