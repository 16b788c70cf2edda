import { posix } from 'node:path';
import { KernelError } from '../../errors';
import { Operation } from '../../wire/operations';
import {
  decodeIoctl,
  decodeMap,
  decodeOpen,
  decodePath,
  decodePaths,
  decodeRead,
  decodeReadRegister,
  decodeSetNonBlocking,
  decodeWord,
  decodeWriteRegister,
  encodeContents,
  encodeFileStatus,
  encodeNames,
  encodePages,
  encodeWord,
} from '../../wire/system-calls';
import type { FileContent } from '../../wire/system-calls';
import type { SystemCalls } from '../syscalls';
import type { FileTable } from './file-table';
import type { Handler } from './handler';
import type { ServedBoard } from './served-board';

/** A read gives at most this much: more than any file of a board holds. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** What answers a system call; undefined for other operations. */
export function systemCallHandler(operation: number, board: ServedBoard, files: FileTable): Handler | undefined {
  const calls = board.systemCalls;
  switch (operation) {
    case Operation.open:
      return (payload) => {
        const { path, access, nonBlocking, isShared = false } = decodeOpen(payload);
        return encodeWord(files.add(() => calls.open(normalPath(path), { access, nonBlocking }), isShared));
      };
    case Operation.close:
      return (payload) => {
        files.close(decodeWord(payload, 'file'));
        return [];
      };
    case Operation.ioctl:
      return async (payload, signal) => {
        const { file, request, argument } = decodeIoctl(payload);
        return encodeWord(await files.get(file).ioctl(request, argument, signal));
      };
    case Operation.read:
      return async (payload, signal) => {
        const { file, lengthBytes } = decodeRead(payload);
        return [await files.get(file).read(Math.min(lengthBytes, MAX_READ_BYTES), signal)];
      };
    case Operation.readFile:
      return (payload) => [calls.readFile(normalPath(decodePath(payload)))];
    case Operation.readFiles:
      return (payload) => encodeContents(decodePaths(payload).map((path) => contentOf(calls, path)));
    case Operation.readDirectory:
      return (payload) => encodeNames(calls.readDirectory(normalPath(decodePath(payload))));
    case Operation.stat:
      return (payload) => encodeFileStatus(calls.stat(normalPath(decodePath(payload))));
    case Operation.poll:
      return async (payload, signal) => encodeWord(await files.get(decodeWord(payload, 'file')).poll(signal));
    case Operation.setNonBlocking:
      return (payload) => {
        const { file, nonBlocking } = decodeSetNonBlocking(payload);
        files.get(file).setNonBlocking(nonBlocking);
        return [];
      };
    case Operation.mapMemory:
      return (payload) => {
        const { file, offset, lengthBytes, access } = decodeMap(payload);
        return encodePages(files.get(file).mapMemory(offset, lengthBytes, access));
      };
    case Operation.mapRegisters:
      return (payload) => {
        const { file, offset, lengthBytes } = decodeMap(payload);
        files.get(file).mapRegisters(offset, lengthBytes);
        return [];
      };
    case Operation.readRegister:
      return (payload) => {
        const { file, offset } = decodeReadRegister(payload);
        return encodeWord(files.get(file).readRegister32(offset));
      };
    case Operation.writeRegister:
      return (payload) => {
        const { file, offset, value } = decodeWriteRegister(payload);
        files.get(file).writeRegister32(offset, value);
        return [];
      };
    default:
      return undefined;
  }
}

/** One file's failure is no failure of the others. */
function contentOf(calls: SystemCalls, path: string): FileContent {
  try {
    return calls.readFile(normalPath(path));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return error.errnoNumber;
  }
}

/** @throws KernelError ENOENT for a relative path: a board has no working directory */
function normalPath(path: string): string {
  if (!path.startsWith('/')) throw new KernelError('path', 'ENOENT');
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
