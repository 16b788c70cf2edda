import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function fixture(name: string): Buffer {
  return readFileSync(join(__dirname, 'fixtures', name));
}

export function fixtureText(name: string): string {
  return fixture(name).toString('latin1');
}

export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** Text with a NUL, filled up to a multiple of 4. */
export function padded(text: string): Buffer {
  return Buffer.concat([Buffer.from(`${text}\0`, 'latin1')], Math.ceil((text.length + 1) / 4) * 4);
}

export const begin = (name: string) => Buffer.concat([u32(1), padded(name)]);
export const endNode = u32(2);
export const nop = u32(4);
export const end = u32(9);
/** A property of at most 4 bytes. */
export const property = (nameOffset: number, value: readonly number[] = []) =>
  Buffer.concat([u32(3, value.length, nameOffset), Buffer.from(value)], value.length === 0 ? 12 : 16);

export interface BlobParts {
  readonly structure: readonly Buffer[];
  readonly strings?: string;
  readonly version?: number;
  readonly lastCompatibleVersion?: number;
  /** Default: the terminator. */
  readonly reservations?: Buffer;
  readonly freeBytes?: number;
}

/** Where `blob` puts the structure when there are no reservations. */
export const STRUCTURE = 56;

/** A blob as dtc lays it out, of parts that need not make sense. */
export function blob(parts: BlobParts): Buffer {
  const {
    strings = '',
    version = 17,
    lastCompatibleVersion = 16,
    reservations = Buffer.alloc(16),
    freeBytes = 0,
  } = parts;
  const structure = Buffer.concat(parts.structure);
  const structureOffset = 40 + reservations.length;
  const stringsOffset = structureOffset + structure.length;
  const totalSize = stringsOffset + strings.length + freeBytes;
  return Buffer.concat([
    u32(0xd00dfeed, totalSize, structureOffset, stringsOffset, 40, version, lastCompatibleVersion, 0),
    u32(strings.length, version >= 17 ? structure.length : 0),
    reservations,
    structure,
    Buffer.from(strings, 'latin1'),
    Buffer.alloc(freeBytes),
  ]);
}

/** The blob with a u32 changed. */
export function patched(bytes: Uint8Array, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, offset);
  return copy;
}
