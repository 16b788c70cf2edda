import { isAddonLoaded } from '../../native/addon';
import { loadSyscalls } from '../../native/syscalls';
import { loadIoctl, loadRef } from './packages';
import type { IoctlArgument, IoctlReference } from '../kernel';
import type { IoctlPackage, RefPackage } from './packages';

const POINTER_BYTES = 8;
const MAX_DESCRIPTOR = 0x7fff_ffff;
const MAX_REQUEST = 0xffff_ffff;

/**
 * ioctl(2). A quick one is made on this thread: by the addon where that is loaded already, else by the packages `ioctl` and
 * `ref-napi`. All others, and where a package does not load, are made by the addon, on another thread.
 *
 * @returns the system call's result, or a negative errno
 * @throws TypeError for arguments that no call can be made of, before anything is called
 */
export async function ioctl(
  fd: number,
  request: number,
  argument: IoctlArgument | undefined,
  isQuick: boolean,
): Promise<number> {
  checkArguments(fd, request, argument);
  const references = argument?.references ?? [];
  if (isQuick && isAddonLoaded()) return loadSyscalls().ioctlNow(fd, request, argument?.bytes, references);
  const [call, ref] = isQuick ? [loadIoctl(), loadRef()] : [];
  if (call && ref) return ioctlNow(call, ref, fd, request, argument);
  return loadSyscalls().ioctl(fd, request, argument?.bytes, references);
}

/** What the packages and the addon need to be true. None of them sees anything else. */
function checkArguments(fd: number, request: number, argument: IoctlArgument | undefined): void {
  if (!Number.isInteger(fd) || fd < 0 || fd > MAX_DESCRIPTOR) throw new TypeError(`${fd} is no file descriptor`);
  if (!Number.isInteger(request) || request < 0 || request > MAX_REQUEST) {
    throw new TypeError(`${request} is no ioctl request`);
  }
  if (argument === undefined) return;
  if (!(argument.bytes instanceof Uint8Array)) throw new TypeError('an ioctl argument must be a Uint8Array');
  checkReferences(argument.bytes, argument.references);
}

function checkReferences(bytes: Uint8Array, references: readonly IoctlReference[]): void {
  for (const { offset, buffer, references: inner = [] } of references) {
    if (!(buffer instanceof Uint8Array)) throw new TypeError('a reference must be to a Uint8Array');
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length - POINTER_BYTES) {
      throw new TypeError('a reference lies outside of the argument');
    }
    checkReferences(buffer, inner);
  }
}

function storeAddresses(ref: RefPackage, bytes: Buffer, references: readonly IoctlReference[]): void {
  for (const { offset, buffer, references: inner = [] } of references) {
    const target = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length);
    storeAddresses(ref, target, inner);
    bytes.writeBigUInt64LE(BigInt(ref.address(target)), offset);
  }
}

function ioctlNow(
  call: IoctlPackage,
  ref: RefPackage,
  fd: number,
  request: number,
  argument: IoctlArgument | undefined,
): number {
  try {
    if (argument === undefined) return call(fd, request);
    const bytes = Buffer.from(argument.bytes);
    // The argument holds the buffers until this call, which waits for the system call, is over.
    storeAddresses(ref, bytes, argument.references);
    return call(fd, request, bytes);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    return -Math.abs(errno);
  }
}
