import { FdtError } from './fdt-error';
import { alignUp, HEADER, HEADER_SIZE_BYTES_V16, HEADER_SIZE_BYTES_V17, MAGIC } from './format';
import type { FdtErrorCode } from './fdt-error';

export interface Header {
  readonly version: number;
  readonly totalSizeBytes: number;
  readonly headerSizeBytes: number;
  readonly reservationsOffset: number;
  readonly structureOffset: number;
  /** Only version 17 says it; before, the structure ends with its end token. */
  readonly structureSizeBytes: number | undefined;
  readonly stringsOffset: number;
  readonly stringsSizeBytes: number;
  readonly bootCpu: number;
}

/** Reads the header and checks it by itself; that the blocks do not overlap is known only when their sizes are. */
export function readHeader(view: DataView): Header {
  if (view.byteLength < HEADER_SIZE_BYTES_V16) {
    throw bad('E_FDT_TRUNCATED', `${view.byteLength} bytes are less than a device tree's header`, view.byteLength);
  }
  const field = (name: keyof typeof HEADER) => view.getUint32(HEADER[name]);
  if (field('magic') !== MAGIC) {
    const text = field('magic').toString(16).padStart(8, '0');
    throw bad('E_FDT_MAGIC', `this is no device tree blob: it starts with 0x${text}, not 0xd00dfeed`, HEADER.magic);
  }
  const version = field('version');
  const lastCompatibleVersion = field('lastCompatibleVersion');
  if (version < 16 || lastCompatibleVersion > 17 || lastCompatibleVersion > version) {
    const text = `format version ${version}, compatible with readers of version ${lastCompatibleVersion}`;
    throw bad('E_FDT_VERSION', `${text}, is not one that can be read (16 or 17)`, HEADER.version);
  }
  const totalSizeBytes = field('totalSize');
  if (totalSizeBytes > view.byteLength) {
    const text = `the device tree has ${totalSizeBytes} bytes, and only ${view.byteLength} are here`;
    throw bad('E_FDT_TRUNCATED', text, HEADER.totalSize);
  }
  if (totalSizeBytes < view.byteLength) {
    throw new FdtError(`${view.byteLength - totalSizeBytes} bytes follow the end of the device tree`, {
      code: 'E_FDT_HEADER',
      operation: 'parse device tree',
      offset: HEADER.totalSize,
      hint: `cut the file off after ${totalSizeBytes} bytes`,
    });
  }
  const headerSizeBytes = version >= 17 ? HEADER_SIZE_BYTES_V17 : HEADER_SIZE_BYTES_V16;
  if (totalSizeBytes < headerSizeBytes) {
    throw bad('E_FDT_HEADER', `a total size of ${totalSizeBytes} bytes has no room for the header`, HEADER.totalSize);
  }
  const header: Header = {
    version,
    totalSizeBytes,
    headerSizeBytes,
    reservationsOffset: field('reservationsOffset'),
    structureOffset: field('structureOffset'),
    structureSizeBytes: version >= 17 ? field('structureSize') : undefined,
    stringsOffset: field('stringsOffset'),
    stringsSizeBytes: field('stringsSize'),
    bootCpu: field('bootCpu'),
  };
  checkBlock(header, 'reservationsOffset', 0, 8);
  checkBlock(header, 'structureOffset', header.structureSizeBytes ?? 0, 4);
  checkBlock(header, 'stringsOffset', header.stringsSizeBytes);
  return header;
}

function checkBlock(
  header: Header,
  name: 'reservationsOffset' | 'structureOffset' | 'stringsOffset',
  sizeBytes: number,
  alignment?: 4 | 8,
): void {
  const offset = header[name];
  const block = `the ${name.slice(0, -'Offset'.length)} block`;
  if (alignment && alignUp(offset, alignment) !== offset) {
    throw bad('E_FDT_HEADER', `${block} at ${offset} is not aligned to ${alignment} bytes`, HEADER[name]);
  }
  if (offset < header.headerSizeBytes) {
    throw bad('E_FDT_HEADER', `${block} at ${offset} is within the header`, HEADER[name]);
  }
  if (offset + sizeBytes > header.totalSizeBytes) {
    const text = `${block}, ${sizeBytes} bytes at ${offset}, reaches beyond the end at ${header.totalSizeBytes}`;
    throw bad('E_FDT_HEADER', text, HEADER[name]);
  }
}

export function bad(code: FdtErrorCode, message: string, offset: number): FdtError {
  return new FdtError(message, { code, operation: 'parse device tree', offset });
}
