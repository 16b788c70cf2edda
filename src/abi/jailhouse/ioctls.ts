import { raw, s32, u32, u64 } from '../field';
import { StructLayout } from '../layout';
import { cString, decodeText, encodeText } from '../text';
import { ConfigError } from '../../errors';
import { CELL_NAME_MAX, CELL_NAME_SIZE } from './config/cell';
import { decodeSystemHeader } from './config/header';
import { systemHeaderSizeBytes, systemSizeBytes } from './config/size';
import { DIALECTS } from './dialect';

/** Requests of /dev/jailhouse (jailhouse-abi reference 1.1). Any other number is answered with EINVAL. */
export const JAILHOUSE_ENABLE = 0x4008_0000;
export const JAILHOUSE_DISABLE = 0x0000_0001;
export const JAILHOUSE_CELL_CREATE = 0x4010_0002;
export const JAILHOUSE_CELL_LOAD = 0x4030_0003;
export const JAILHOUSE_CELL_START = 0x4028_0004;
export const JAILHOUSE_CELL_DESTROY = 0x4028_0005;

/** `id` of a cell_id that selects the cell by its name. */
export const CELL_ID_UNUSED = -1;

/** A pointer within a struct: the eight bytes at `offset` are to hold the address of the buffer. */
export interface IoctlReference {
  readonly offset: number;
  readonly buffer: Uint8Array;
}

/** What the third argument of ioctl(2) points to, with what that points to in turn. */
export interface IoctlArgument {
  readonly bytes: Uint8Array;
  readonly references: readonly IoctlReference[];
}

/** A cell by id, or by name when only that is given. */
export type CellSelector = { readonly id: number } | { readonly name: string };

/** One image of a cell load. */
export interface PreloadImage {
  readonly source: Uint8Array;
  /** Guest address within the cell. */
  readonly targetAddress: bigint;
}

/** `struct jailhouse_cell_create` (jailhouse-abi reference 1.2). */
export interface CellCreate {
  readonly configAddress: bigint;
  readonly configSize: number;
  readonly padding: number;
}

/** `struct jailhouse_cell_id`, with the name as the driver reads it: closed by force at byte 31. */
export interface CellId {
  readonly id: number;
  readonly name: string;
}

/** The fixed part of `struct jailhouse_cell_load`. */
export interface CellLoad extends CellId {
  readonly numPreloadImages: number;
}

/** `struct jailhouse_preload_image` (jailhouse-abi reference 1.2). */
export interface PreloadImageEntry {
  readonly sourceAddress: bigint;
  readonly size: bigint;
  readonly targetAddress: bigint;
  readonly padding: bigint;
}

interface CellIdStruct {
  readonly id: number;
  readonly padding: number;
  readonly name: Uint8Array;
}

interface CellLoadStruct extends CellIdStruct {
  readonly numPreloadImages: number;
  readonly loadPadding: number;
}

const cellId = [s32('id'), u32('padding'), raw('name', CELL_NAME_SIZE)] as const;

export const cellCreateLayout = new StructLayout<CellCreate>('jailhouse_cell_create', [
  u64('configAddress'),
  u32('configSize'),
  u32('padding'),
]);
export const cellIdLayout = new StructLayout<CellIdStruct>('jailhouse_cell_id', cellId);
export const cellLoadLayout = new StructLayout<CellLoadStruct>('jailhouse_cell_load', [
  ...cellId,
  u32('numPreloadImages'),
  u32('loadPadding'),
]);
export const preloadImageLayout = new StructLayout<PreloadImageEntry>('jailhouse_preload_image', [
  u64('sourceAddress'),
  u64('size'),
  u64('targetAddress'),
  u64('padding'),
]);

/** A driver refuses a config that is as large as the hypervisor's memory, before it copies it. */
const ENABLE_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Argument of JAILHOUSE_ENABLE. The driver gets no length: it reads what the header announces by its own layout, so the
 * blob is continued with zeros to the largest length that any layout of its revision announces.
 */
export function encodeEnable(config: Uint8Array): IoctlArgument {
  const wanted = DIALECTS.map((dialect) => announcedSizeBytes(config, dialect));
  const bytes = new Uint8Array(Math.max(config.length, ...wanted.filter((size) => size <= ENABLE_LIMIT_BYTES)));
  bytes.set(config);
  return { bytes, references: [] };
}

export function encodeCellCreate(config: Uint8Array): IoctlArgument {
  const bytes = cellCreateLayout.encode({ configAddress: 0n, configSize: config.length, padding: 0 });
  return { bytes, references: [{ offset: cellCreateLayout.offsetOf('configAddress'), buffer: config }] };
}

/** Argument of JAILHOUSE_CELL_START and JAILHOUSE_CELL_DESTROY. */
export function encodeCellId(cell: CellSelector): IoctlArgument {
  return { bytes: cellIdLayout.encode({ ...selector(cell), padding: 0 }), references: [] };
}

/** Argument of JAILHOUSE_CELL_LOAD. Without images the cell is only shut down. */
export function encodeCellLoad(cell: CellSelector, images: readonly PreloadImage[]): IoctlArgument {
  const head = { ...selector(cell), padding: 0, numPreloadImages: images.length, loadPadding: 0 };
  const bytes = new Uint8Array(cellLoadLayout.sizeBytes + images.length * preloadImageLayout.sizeBytes);
  bytes.set(cellLoadLayout.encode(head));
  const references = images.map(({ source, targetAddress }, index) => {
    const offset = cellLoadLayout.sizeBytes + index * preloadImageLayout.sizeBytes;
    const entry = { sourceAddress: 0n, size: BigInt(source.length), targetAddress, padding: 0n };
    bytes.set(preloadImageLayout.encode(entry), offset);
    return { offset: offset + preloadImageLayout.offsetOf('sourceAddress'), buffer: source };
  });
  return { bytes, references };
}

/** @throws ConfigError E_CONFIG_TRUNCATED, as all decoders here: where the driver answers EFAULT. */
export function decodeCellCreate(bytes: Uint8Array): CellCreate {
  return cellCreateLayout.decode(bytes);
}

export function decodeCellId(bytes: Uint8Array): CellId {
  const { id, name } = cellIdLayout.decode(bytes);
  return { id, name: closedName(name) };
}

export function decodeCellLoad(bytes: Uint8Array): CellLoad {
  const { id, name, numPreloadImages } = cellLoadLayout.decode(bytes);
  return { id, name: closedName(name), numPreloadImages };
}

/** Where the entry of an image stands within the argument of JAILHOUSE_CELL_LOAD. */
export function preloadImageOffset(index: number): number {
  return cellLoadLayout.sizeBytes + index * preloadImageLayout.sizeBytes;
}

export function decodePreloadImage(bytes: Uint8Array, index: number): PreloadImageEntry {
  return preloadImageLayout.decode(bytes, preloadImageOffset(index));
}

function closedName(name: Uint8Array): string {
  return decodeText(cString(name.subarray(0, CELL_NAME_MAX)));
}

function selector(cell: CellSelector): { id: number; name: Uint8Array } {
  if ('id' in cell) {
    return { id: cell.id, name: new Uint8Array(0) };
  }
  const name = encodeText(cell.name);
  if (name.length > CELL_NAME_MAX) {
    throw new ConfigError(`cell name of ${name.length} bytes; ${CELL_NAME_MAX} is the limit`, {
      code: 'E_CONFIG_VALUE',
      operation: 'encode jailhouse_cell_id',
      field: 'name',
      offset: cellIdLayout.offsetOf('name'),
    });
  }
  return { id: CELL_ID_UNUSED, name };
}

function announcedSizeBytes(config: Uint8Array, dialect: (typeof DIALECTS)[number]): number {
  const header = new Uint8Array(systemHeaderSizeBytes(dialect));
  header.set(config.subarray(0, header.length));
  return systemSizeBytes(decodeSystemHeader(header, dialect), dialect);
}
