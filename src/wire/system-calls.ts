/**
 * Payloads of the system calls, as docs/wire.md lists them. `encode*` gives pieces to send, `decode*` checks strictly and
 * throws WireError. File numbers are the board's, valid within one connection.
 */
import { PayloadReader, utf8, words } from './payload';
import { WireError } from './wire-error';

const O_RDONLY = 0;
const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
/** Of this protocol alone: no flag of open(2) has this value. */
const OPEN_SHARED = 0x8000_0000;

export type AccessMode = 'read' | 'read-write';

export interface OpenRequest {
  readonly path: string;
  readonly access: AccessMode;
  readonly nonBlocking: boolean;
  /** The file's number is valid in every connection to the board, until this connection ends. */
  readonly isShared?: boolean;
}

/** u32 flags (O_RDONLY or O_RDWR, with or without O_NONBLOCK, Linux's values, and OPEN_SHARED), path. Answer: u32 file. */
export function encodeOpen(request: OpenRequest): Uint8Array[] {
  const { path, access, nonBlocking, isShared = false } = request;
  const flags = (access === 'read' ? O_RDONLY : O_RDWR) | (nonBlocking ? O_NONBLOCK : 0) | (isShared ? OPEN_SHARED : 0);
  return [words(flags >>> 0), utf8(path)];
}

export function decodeOpen(payload: Uint8Array): OpenRequest {
  const reader = new PayloadReader(payload);
  const flags = reader.u32('flags');
  const mode = flags & ~(O_NONBLOCK | OPEN_SHARED);
  if (mode !== O_RDONLY && mode !== O_RDWR) throw new WireError(`open flags 0x${flags.toString(16)} are not supported`);
  return {
    path: reader.path(),
    access: mode === O_RDONLY ? 'read' : 'read-write',
    nonBlocking: (flags & O_NONBLOCK) !== 0,
    isShared: (flags & OPEN_SHARED) !== 0,
  };
}

/** A payload that is one u32: a file, a result, a value. */
export function encodeWord(value: number): Uint8Array[] {
  return [words(value)];
}

export function decodeWord(payload: Uint8Array, field: string): number {
  const reader = new PayloadReader(payload);
  const value = reader.u32(field);
  reader.end();
  return value;
}

export function decodeEmpty(payload: Uint8Array): void {
  new PayloadReader(payload).end();
}

export interface IoctlRequest {
  readonly file: number;
  readonly request: number;
  readonly argument:
    | {
        readonly bytes: Uint8Array;
        readonly references: readonly { readonly offset: number; readonly buffer: Uint8Array }[];
      }
    | undefined;
}

/**
 * u32 file, u32 request, u32 has argument (0 or 1), u32 argument length, u32 reference count; the argument's bytes; for each
 * reference u32 offset, u32 length; then the referenced buffers in the same order. Answer: u32 result.
 */
export function encodeIoctl({ file, request, argument }: IoctlRequest): Uint8Array[] {
  if (argument === undefined) return [words(file, request >>> 0, 0, 0, 0)];
  const { bytes, references } = argument;
  return [
    words(file, request >>> 0, 1, bytes.length, references.length),
    bytes,
    words(...references.flatMap(({ offset, buffer }) => [offset, buffer.length])),
    ...references.map(({ buffer }) => buffer),
  ];
}

export function decodeIoctl(payload: Uint8Array): IoctlRequest {
  const reader = new PayloadReader(payload);
  const file = reader.u32('file');
  const request = reader.u32('request');
  const hasArgument = reader.u32('argument mark');
  const lengthBytes = reader.u32('argument length');
  const referenceCount = reader.u32('reference count');
  if (hasArgument > 1 || (hasArgument === 0 && (lengthBytes > 0 || referenceCount > 0))) {
    throw new WireError('an ioctl without argument has no bytes');
  }
  const bytes = reader.bytes(lengthBytes, 'argument');
  const table = new PayloadReader(reader.bytes(referenceCount * 8, 'references'));
  const places = Array.from({ length: referenceCount }, () => {
    const offset = table.u32('reference offset');
    if (offset + 8 > bytes.length) throw new WireError('a reference lies outside of the argument');
    return { offset, bufferBytes: table.u32('reference length') };
  });
  const references = places.map(({ offset, bufferBytes }) => ({ offset, buffer: reader.bytes(bufferBytes, 'buffer') }));
  reader.end();
  return { file, request, argument: hasArgument === 1 ? { bytes, references } : undefined };
}

/** u32 file, u32 length. Answer: the bytes read. */
export function encodeRead(file: number, lengthBytes: number): Uint8Array[] {
  return [words(file, lengthBytes)];
}

export function decodeRead(payload: Uint8Array): { readonly file: number; readonly lengthBytes: number } {
  const reader = new PayloadReader(payload);
  const request = { file: reader.u32('file'), lengthBytes: reader.u32('length') };
  reader.end();
  return request;
}

/** The path of a readFile, readDirectory or stat request is the whole payload. */
export function encodePath(path: string): Uint8Array[] {
  return [utf8(path)];
}

export function decodePath(payload: Uint8Array): string {
  return new PayloadReader(payload).path();
}

/** Answer of readDirectory: every name followed by a NUL. */
export function encodeNames(names: readonly string[]): Uint8Array[] {
  return [utf8(names.map((name) => `${name}\0`).join(''))];
}

export function decodeNames(payload: Uint8Array): string[] {
  const names = new PayloadReader(payload).text('names').split('\0');
  if (names.pop() !== '') throw new WireError('a list of names ends with a NUL');
  return names;
}

/** Request of readFiles: every path followed by a NUL. */
export function encodePaths(paths: readonly string[]): Uint8Array[] {
  return encodeNames(paths);
}

export function decodePaths(payload: Uint8Array): string[] {
  const paths = decodeNames(payload);
  if (paths.includes('')) throw new WireError('a path must be non-empty text');
  return paths;
}

/** The content of a file, or the errno that says why there is none. */
export type FileContent = Uint8Array | number;

/** Answer of readFiles: for each path u32 errno, u32 length, the bytes. */
export function encodeContents(contents: readonly FileContent[]): Uint8Array[] {
  return contents.flatMap((content) =>
    typeof content === 'number' ? [words(content, 0)] : [words(0, content.length), content],
  );
}

/** @param count how many files were asked for */
export function decodeContents(payload: Uint8Array, count: number): FileContent[] {
  const reader = new PayloadReader(payload);
  const contents: FileContent[] = [];
  while (contents.length < count) {
    const errno = reader.u32('errno');
    const bytes = reader.bytes(reader.u32('length'), 'content');
    if (errno !== 0 && bytes.length > 0) throw new WireError('a file that could not be read has no content');
    contents.push(errno === 0 ? bytes : errno);
  }
  reader.end();
  return contents;
}

const STATUS_KINDS = ['file', 'directory', 'device'] as const;

export interface FileStatus {
  readonly kind: (typeof STATUS_KINDS)[number];
  readonly sizeBytes: number;
}

/** Answer of stat: u32 kind (0 file, 1 directory, 2 device), u64 size. */
export function encodeFileStatus(status: FileStatus): Uint8Array[] {
  return [words(STATUS_KINDS.indexOf(status.kind), BigInt(status.sizeBytes))];
}

export function decodeFileStatus(payload: Uint8Array): FileStatus {
  const reader = new PayloadReader(payload);
  const kind = STATUS_KINDS[reader.u32('kind')];
  if (kind === undefined) throw new WireError('a file status has an unknown kind');
  const status = { kind, sizeBytes: reader.size('size') };
  reader.end();
  return status;
}

export interface MapRequest {
  readonly file: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly access: AccessMode;
}

/**
 * u32 file, u32 access (0 read, 1 read-write), u64 offset, u64 length. mapRegisters has the same payload with access 1, and
 * an empty answer.
 */
export function encodeMap({ file, offset, lengthBytes, access }: MapRequest): Uint8Array[] {
  return [words(file, access === 'read' ? 0 : 1, BigInt(offset), BigInt(lengthBytes))];
}

export function decodeMap(payload: Uint8Array): MapRequest {
  const reader = new PayloadReader(payload);
  const file = reader.u32('file');
  const access = reader.u32('access');
  if (access > 1) throw new WireError('access is 0 or 1');
  const offset = reader.size('offset');
  const lengthBytes = reader.size('length');
  reader.end();
  return { file, offset, lengthBytes, access: access === 0 ? 'read' : 'read-write' };
}

/** Where a client finds the pages: open `path`, map from `offset` bytes on. */
export interface SharedPages {
  readonly path: string;
  readonly offset: bigint;
}

/** Answer of mapMemory: u64 offset, path. */
export function encodePages(pages: SharedPages): Uint8Array[] {
  return [words(pages.offset), utf8(pages.path)];
}

export function decodePages(payload: Uint8Array): SharedPages {
  const reader = new PayloadReader(payload);
  return { offset: reader.u64('offset'), path: reader.path() };
}

export interface RegisterAccess {
  readonly file: number;
  /** Counted from the file's offset 0, like the offset of mapRegisters. */
  readonly offset: number;
}

/** u32 file, u32 offset. Answer: u32 value. */
export function encodeReadRegister({ file, offset }: RegisterAccess): Uint8Array[] {
  return [words(file, offset)];
}

export function decodeReadRegister(payload: Uint8Array): RegisterAccess {
  const reader = new PayloadReader(payload);
  const access = { file: reader.u32('file'), offset: reader.u32('offset') };
  reader.end();
  return access;
}

/** u32 file, u32 offset, u32 value. Answer: empty. */
export function encodeWriteRegister({ file, offset }: RegisterAccess, value: number): Uint8Array[] {
  return [words(file, offset, value >>> 0)];
}

export function decodeWriteRegister(payload: Uint8Array): RegisterAccess & { readonly value: number } {
  const reader = new PayloadReader(payload);
  const access = { file: reader.u32('file'), offset: reader.u32('offset'), value: reader.u32('value') };
  reader.end();
  return access;
}

/** u32 file, u32 0 or 1: what fcntl(2) does with F_SETFL and O_NONBLOCK. Answer: empty. */
export function encodeSetNonBlocking(file: number, nonBlocking: boolean): Uint8Array[] {
  return [words(file, nonBlocking ? 1 : 0)];
}

export function decodeSetNonBlocking(payload: Uint8Array): { readonly file: number; readonly nonBlocking: boolean } {
  const reader = new PayloadReader(payload);
  const file = reader.u32('file');
  const nonBlocking = reader.u32('non-blocking');
  if (nonBlocking > 1) throw new WireError('non-blocking is 0 or 1');
  reader.end();
  return { file, nonBlocking: nonBlocking === 1 };
}
