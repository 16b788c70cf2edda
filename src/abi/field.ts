import { ConfigError } from '../errors';
import { cString, decodeText, encodeText, trimTrailingZeros } from './text';
import { isBlank, show } from './value';

/** Where a field is written, for the text of errors. */
export interface Place {
  readonly operation: string;
  readonly format: string;
  readonly path: string;
  readonly offset: number;
}

export interface PlacedField {
  readonly name: string;
  /** From the start of the struct. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly nested?: NestedLayout;
}

/** What a struct's table must know of a struct within. */
export interface NestedLayout {
  offsetOf(path: string): number;
  sizeOf(path: string): number;
  fieldAt(offset: number): PlacedField;
}

/** One line of a struct's table: how a property of the decoded object and bytes of the struct turn into each other. */
export interface Field<Name extends string, Value> {
  readonly name: Name;
  readonly sizeBytes: number;
  /** Properties of the decoded object that the field stands for, where that is not just its name. */
  readonly properties?: readonly string[];
  readonly nested?: NestedLayout;
  /** Type of the property; never set. */
  readonly holds?: Value;
  read(view: DataView, offset: number, into: Record<string, unknown>): void;
  /** A missing property is written as zeros. */
  write(view: DataView, offset: number, from: Readonly<Record<string, unknown>>, place: Place): void;
}

export const u8 = <N extends string>(name: N) => unsigned(name, 1);
export const u16 = <N extends string>(name: N) => unsigned(name, 2);
export const u32 = <N extends string>(name: N) => unsigned(name, 4);

function unsigned<N extends string>(name: N, sizeBytes: 1 | 2 | 4): Field<N, number> {
  const max = 2 ** (8 * sizeBytes) - 1;
  return {
    name,
    sizeBytes,
    read: (view, offset, into) => (into[name] = readUnsigned(view, offset, sizeBytes)),
    write: (view, offset, from, place) => writeUnsigned(view, offset, sizeBytes, integer(from[name], 0, max, place)),
  };
}

export function s32<N extends string>(name: N): Field<N, number> {
  return {
    name,
    sizeBytes: 4,
    read: (view, offset, into) => (into[name] = view.getInt32(offset, true)),
    write: (view, offset, from, place) =>
      view.setInt32(offset, integer(from[name], -(2 ** 31), 2 ** 31 - 1, place), true),
  };
}

export function u64<N extends string>(name: N): Field<N, bigint> {
  return {
    name,
    sizeBytes: 8,
    read: (view, offset, into) => (into[name] = view.getBigUint64(offset, true)),
    write(view, offset, from, place) {
      const value = from[name] ?? 0n;
      if (typeof value !== 'bigint' || value < 0n || value > 0xffff_ffff_ffff_ffffn) {
        throw misfit(value, 'an unsigned 64-bit bigint', place);
      }
      view.setBigUint64(offset, value, true);
    },
  };
}

/** An array of a fixed number of u32. */
export function u32Array<N extends string>(name: N, count: number): Field<N, readonly number[]> {
  return {
    name,
    sizeBytes: 4 * count,
    read: (view, offset, into) =>
      (into[name] = Array.from({ length: count }, (_, index) => view.getUint32(offset + 4 * index, true))),
    write(view, offset, from, place) {
      const values = from[name] ?? [];
      if (!Array.isArray(values) || values.length > count) {
        throw misfit(values, `at most ${count} numbers`, place);
      }
      values.forEach((value, index) => {
        const element = { ...place, path: `${place.path}[${index}]`, offset: place.offset + 4 * index };
        view.setUint32(offset + 4 * index, integer(value, 0, 0xffff_ffff, element), true);
      });
    },
  };
}

/** Exactly `sizeBytes` characters of Latin-1, kept as they are: a signature. */
export function signature<N extends string>(name: N, sizeBytes: number): Field<N, string> {
  return {
    name,
    sizeBytes,
    read: (view, offset, into) => (into[name] = String.fromCharCode(...bytesOf(view, offset, sizeBytes))),
    write(view, offset, from, place) {
      const value = from[name] ?? '\0'.repeat(sizeBytes);
      if (typeof value !== 'string' || value.length !== sizeBytes || /[^\0-\xff]/.test(value)) {
        throw misfit(value, `${sizeBytes} characters`, place);
      }
      bytesOf(view, offset, sizeBytes).set(Array.from(value, (character) => character.charCodeAt(0)));
    },
  };
}

/**
 * A NUL-padded name. What stands behind the NUL (nothing, in any sane file) becomes the property `<name>Tail`,
 * so that no byte is lost.
 */
export function text<N extends string>(name: N, sizeBytes: number): Field<N, string> {
  const tailName = `${name}Tail`;
  return {
    name,
    sizeBytes,
    properties: [name, tailName],
    read(view, offset, into) {
      const bytes = bytesOf(view, offset, sizeBytes);
      const visible = cString(bytes);
      into[name] = decodeText(visible);
      const tail = trimTrailingZeros(bytes.subarray(visible.length + 1));
      if (tail.length > 0) {
        into[tailName] = tail.slice();
      }
    },
    write(view, offset, from, place) {
      const value = from[name] ?? '';
      const visible = typeof value === 'string' ? encodeText(value) : undefined;
      if (!visible || visible.length > sizeBytes || visible.includes(0)) {
        throw misfit(value, `text of at most ${sizeBytes} bytes without NUL`, place);
      }
      const target = bytesOf(view, offset, sizeBytes);
      target.set(visible);
      const tail = from[tailName];
      if (tail instanceof Uint8Array && !isBlank(tail)) {
        if (visible.length + 1 + tail.length > sizeBytes) {
          throw misfit(tail, `at most ${sizeBytes - visible.length - 1} bytes behind the name`, place);
        }
        target.set(tail, visible.length + 1);
      }
    },
  };
}

/** Bytes as they are. */
export function raw<N extends string>(name: N, sizeBytes: number): Field<N, Uint8Array> {
  return {
    ...padding(name, sizeBytes),
    read: (view, offset, into) => (into[name] = bytesOf(view, offset, sizeBytes).slice()),
  };
}

/** Bytes that mean nothing. The property exists only while one of them is not zero, so that none is lost. */
export function padding<N extends string>(name: N, sizeBytes: number): Field<N, Uint8Array> {
  return {
    name,
    sizeBytes,
    read(view, offset, into) {
      const bytes = bytesOf(view, offset, sizeBytes);
      if (!isBlank(bytes)) {
        into[name] = bytes.slice();
      }
    },
    write(view, offset, from, place) {
      const value = from[name] ?? new Uint8Array(0);
      if (!(value instanceof Uint8Array) || value.length > sizeBytes) {
        throw misfit(value, `at most ${sizeBytes} bytes`, place);
      }
      bytesOf(view, offset, sizeBytes).set(value);
    },
  };
}

/** A struct as a field of another: a layout, or several of one size that the bytes choose between. */
export interface SlotLayout<T> {
  readonly sizeBytes: number;
  decodeView(view: DataView, offset: number): T;
  encodeInto(value: T, view: DataView, offset: number, place: Place): void;
}

export function nested<N extends string, T extends object>(name: N, layout: SlotLayout<T> & NestedLayout): Field<N, T> {
  return {
    name,
    sizeBytes: layout.sizeBytes,
    nested: layout,
    read: (view, offset, into) => (into[name] = layout.decodeView(view, offset)),
    write: (view, offset, from, place) => layout.encodeInto(object<T>(from[name] ?? {}, place), view, offset, place),
  };
}

/** A fixed number of slots for structs; slots at the end that are all zero are left out of the decoded array. */
export function slots<N extends string, T extends object>(
  name: N,
  layout: SlotLayout<T>,
  count: number,
): Field<N, readonly T[]> {
  return {
    name,
    sizeBytes: count * layout.sizeBytes,
    read(view, offset, into) {
      const used = trimTrailingZeros(bytesOf(view, offset, count * layout.sizeBytes)).length;
      into[name] = Array.from({ length: Math.ceil(used / layout.sizeBytes) }, (_, index) =>
        layout.decodeView(view, offset + index * layout.sizeBytes),
      );
    },
    write(view, offset, from, place) {
      const values = from[name] ?? [];
      if (!Array.isArray(values) || values.length > count) {
        throw misfit(values, `at most ${count} entries`, place);
      }
      values.forEach((value, index) => {
        const at = index * layout.sizeBytes;
        const element = { ...place, path: `${place.path}[${index}]`, offset: place.offset + at };
        layout.encodeInto(object<T>(value, element), view, offset + at, element);
      });
    },
  };
}

function bytesOf(view: DataView, offset: number, sizeBytes: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, sizeBytes);
}

function readUnsigned(view: DataView, offset: number, sizeBytes: 1 | 2 | 4): number {
  return sizeBytes === 1
    ? view.getUint8(offset)
    : sizeBytes === 2
      ? view.getUint16(offset, true)
      : view.getUint32(offset, true);
}

function writeUnsigned(view: DataView, offset: number, sizeBytes: 1 | 2 | 4, value: number): void {
  if (sizeBytes === 1) {
    view.setUint8(offset, value);
  } else if (sizeBytes === 2) {
    view.setUint16(offset, value, true);
  } else {
    view.setUint32(offset, value, true);
  }
}

function integer(value: unknown, min: number, max: number, place: Place): number {
  const number = value ?? 0;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
    throw misfit(number, `an integer from ${min} to ${max}`, place);
  }
  return number;
}

function object<T extends object>(value: unknown, place: Place): T {
  if (typeof value !== 'object' || value === null) {
    throw misfit(value, 'an object', place);
  }
  return value as T;
}

function misfit(value: unknown, wanted: string, place: Place): ConfigError {
  return new ConfigError(`${place.path} is ${show(value)}; ${place.format} holds ${wanted} there`, {
    code: 'E_CONFIG_VALUE',
    operation: place.operation,
    field: place.path,
    offset: place.offset,
  });
}
