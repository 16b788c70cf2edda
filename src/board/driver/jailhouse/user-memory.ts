import { KernelError } from '../../../errors';
import type { UserArgument } from '../../syscalls';

/**
 * copy_from_user: `lengthBytes` bytes at `offset` of user memory.
 *
 * @throws KernelError EFAULT when there is no memory, or it ends before
 */
export function copyFromUser(
  memory: Uint8Array | undefined,
  offset: number,
  lengthBytes: number,
  operation: string,
): Uint8Array {
  if (lengthBytes === 0) {
    return new Uint8Array(0);
  }
  if (!memory || offset + lengthBytes > memory.length) {
    throw new KernelError(operation, 'EFAULT');
  }
  return memory.slice(offset, offset + lengthBytes);
}

/** What the pointer at an offset of the argument points to; undefined when that is no memory of the caller. */
export function pointedTo(argument: UserArgument | undefined, pointerOffset: number): Uint8Array | undefined {
  return argument?.references.find(({ offset }) => offset === pointerOffset)?.buffer;
}
