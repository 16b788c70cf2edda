import { CellvisorError } from '../../errors';
import { wordIn } from './program';
import type { Program, SymbolPlace } from './program';

const MAGIC = 0x464c457f;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const MACHINE_AARCH64 = 183;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
const PT_LOAD = 1;
const SHT_SYMTAB = 2;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;
const STT_NOTYPE = 0;
const STT_FUNC = 2;
const STT_OBJECT = 1;

interface Segment {
  readonly address: bigint;
  /** In memory; the file may have less. */
  readonly sizeBytes: bigint;
  readonly bytes: Uint8Array;
}

interface ElfSymbol {
  readonly name: string;
  readonly start: bigint;
  readonly sizeBytes: bigint;
}

/**
 * Reads an ELF file for AArch64 (System V ABI, ELF-64 object file format): loadable segments and the symbol table.
 *
 * @throws CellvisorError `E_ELF` for anything else, and for a file that is cut off
 */
export function readElf(file: string, bytes: Uint8Array): Program {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw elfError(file, 'not an ELF file', 'an image (.bin) without symbols is given by --image');
  }
  if (bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN || view.getUint16(18, true) !== MACHINE_AARCH64) {
    throw elfError(file, 'not an ELF file for AArch64');
  }
  const within = (start: bigint, size: bigint) => start + size <= BigInt(bytes.length);
  const table = (offsetAt: number, countAt: number, entryBytes: number): number[] => {
    const [start, count] = [view.getBigUint64(offsetAt, true), view.getUint16(countAt, true)];
    const stride = view.getUint16(countAt - 2, true);
    if (count > 0 && (stride < entryBytes || !within(start, BigInt(stride) * BigInt(count)))) {
      throw elfError(file, 'the file is damaged or cut off: a table of its header lies outside of it');
    }
    return Array.from({ length: count }, (_, index) => Number(start) + index * stride);
  };
  const part = (at: number): Uint8Array => {
    const [start, size] = [view.getBigUint64(at, true), view.getBigUint64(at + 8, true)];
    if (!within(start, size)) {
      throw elfError(file, 'the file is damaged or cut off: a section lies outside of it');
    }
    return bytes.subarray(Number(start), Number(start + size));
  };
  const segments = table(32, 56, SEGMENT_BYTES)
    .filter((at) => view.getUint32(at, true) === PT_LOAD)
    .map((at): Segment => {
      const [start, size] = [view.getBigUint64(at + 8, true), view.getBigUint64(at + 32, true)];
      if (!within(start, size)) {
        throw elfError(file, 'the file is damaged or cut off: a segment lies outside of it');
      }
      return {
        address: view.getBigUint64(at + 16, true),
        sizeBytes: view.getBigUint64(at + 40, true),
        bytes: bytes.subarray(Number(start), Number(start + size)),
      };
    });
  const sections = table(40, 60, SECTION_BYTES);
  const symbols = sections
    .filter((at) => view.getUint32(at + 4, true) === SHT_SYMTAB)
    .flatMap((at) => {
      const names = sections[view.getUint32(at + 40, true)];
      if (names === undefined) {
        throw elfError(file, 'the file is damaged: its symbols have no names');
      }
      return readSymbols(part(at + 24), part(names + 24));
    })
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return {
    file,
    wordAt: (address) => firstDefined(segments, (one) => wordIn(one.bytes, address - one.address)),
    symbolAt: (address) =>
      segments.some((one) => address >= one.address && address < one.address + one.sizeBytes)
        ? symbolAt(symbols, address)
        : undefined,
  };
}

function readSymbols(table: Uint8Array, names: Uint8Array): ElfSymbol[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const symbols: ElfSymbol[] = [];
  for (let at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
    const type = (table[at + 4] as number) & 15;
    const name = textAt(names, view.getUint32(at, true));
    // $x and $d only mark where code and data begin.
    const isNamed = name !== '' && !name.startsWith('$');
    const section = view.getUint16(at + 6, true);
    if (isNamed && section !== SHN_UNDEF && section !== SHN_ABS && [STT_NOTYPE, STT_OBJECT, STT_FUNC].includes(type)) {
      symbols.push({
        name,
        start: view.getBigUint64(at + 8, true),
        sizeBytes: view.getBigUint64(at + 16, true),
      });
    }
  }
  return symbols;
}

/** The symbol that has the address; else the nearest below it that tells no size, as those of assembly do. */
function symbolAt(symbols: readonly ElfSymbol[], address: bigint): SymbolPlace | undefined {
  let below: ElfSymbol | undefined;
  for (const symbol of symbols) {
    if (symbol.start > address) {
      break;
    }
    if (symbol.sizeBytes > 0n) {
      if (address < symbol.start + symbol.sizeBytes) {
        below = symbol;
      } else if (below?.sizeBytes !== 0n || symbol.start + symbol.sizeBytes > below.start) {
        below = undefined;
      }
    } else if (!(below && below.sizeBytes > 0n)) {
      below = symbol;
    }
  }
  return below && { name: below.name, offset: address - below.start };
}

function textAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  const text = bytes.subarray(offset, end < 0 ? bytes.length : end);
  // A damaged table must not become a damaged screen.
  return Buffer.from(text.subarray(0, 200))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '?');
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function elfError(file: string, problem: string, hint?: string): CellvisorError {
  return new CellvisorError(`${file}: ${problem}`, { code: 'E_ELF', operation: 'read ELF', hint });
}
