import { readElf } from '../../../src/crash';
import { CellvisorError } from '../../../src/errors';

/** An ELF file with one segment at 0x1000 and these symbols: name, value, size, section. */
export function elfFile(
  symbols: readonly (readonly [string, bigint, bigint, number?])[],
  code: readonly number[],
): Uint8Array {
  const strings = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join('')}`);
  const table = Buffer.alloc(24 * (symbols.length + 1));
  let nameAt = 1;
  symbols.forEach(([name, value, size, section = 1], index) => {
    const at = 24 * (index + 1);
    table.writeUInt32LE(nameAt, at);
    table[at + 4] = size > 0n ? 2 : 0;
    table.writeUInt16LE(section, at + 6);
    table.writeBigUInt64LE(value, at + 8);
    table.writeBigUInt64LE(size, at + 16);
    nameAt += name.length + 1;
  });
  const text = Buffer.from(new Uint32Array(code).buffer);
  const [textAt, tableAt] = [64 + 56, 64 + 56 + text.length];
  const stringsAt = tableAt + table.length;
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(183, 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeBigUInt64LE(BigInt(stringsAt + strings.length), 40);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  const segment = Buffer.alloc(56);
  segment.writeUInt32LE(1, 0);
  segment.writeBigUInt64LE(BigInt(textAt), 8);
  segment.writeBigUInt64LE(0x1000n, 16);
  segment.writeBigUInt64LE(BigInt(text.length), 32);
  segment.writeBigUInt64LE(0x1000n, 40);
  const section = (type: number, offset: number, size: number, link: number) => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(type, 4);
    bytes.writeBigUInt64LE(BigInt(offset), 24);
    bytes.writeBigUInt64LE(BigInt(size), 32);
    bytes.writeUInt32LE(link, 40);
    return bytes;
  };
  const sections = [Buffer.alloc(64), section(2, tableAt, table.length, 2), section(3, stringsAt, strings.length, 0)];
  return Buffer.concat([header, segment, text, table, strings, ...sections]);
}

const symbols = [
  ['start', 0x1000n, 0n],
  ['$x', 0x1004n, 0n],
  ['send', 0x1010n, 0x20n],
  ['later', 0x1100n, 0n],
  ['ram_end', 0x1080n, 0n, 0xfff1],
] as const;
const elf = readElf('demo.elf', elfFile(symbols, [0xb9000260, 0xd65f03c0]));

test.each([
  [0x1000n, 'start', 0n],
  [0x1008n, 'start', 8n],
  [0x1010n, 'send', 0n],
  [0x102fn, 'send', 0x1fn],
  [0x1104n, 'later', 4n],
])('0x%s', (address, name, offset) => expect(elf.symbolAt(address)).toEqual({ name, offset }));

test('between symbols and outside of the program there is none', () => {
  for (const address of [0x1030n, 0xfffn, 0x2000n, 0x12345678n]) expect(elf.symbolAt(address)).toBeUndefined();
});

test('code', () => {
  expect(elf.wordAt(0x1000n)).toBe(0xb9000260);
  expect(elf.wordAt(0x1004n)).toBe(0xd65f03c0);
  expect(elf.wordAt(0x1006n)).toBeUndefined();
  expect(elf.wordAt(0xffcn)).toBeUndefined();
});

test('what is no ELF file for AArch64 is refused', () => {
  const bytes = elfFile(symbols, [0]);
  const other = Buffer.from(bytes);
  other.writeUInt16LE(62, 18);
  expect(() => readElf('x', new Uint8Array(10))).toThrow('x: not an ELF file');
  expect(() => readElf('x', other)).toThrow('x: not an ELF file for AArch64');
});

test('a file that is cut off anywhere is refused or read as far as it goes', () => {
  const bytes = elfFile(symbols, [0xb9000260, 0]);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readElf('x', bytes.subarray(0, length))).toThrow(CellvisorError);
  }
});
