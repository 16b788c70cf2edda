import { HardwareKernel } from '../../../src/kernel/hardware/kernel';
import { KernelError } from '../../../src/errors';
import type { IoctlArgument, IoctlReference, Kernel, KernelFile, SharedMemory } from '../../../src/kernel/kernel';

/** One hypercall as Xen would see it: its number, its words, and what the words that are addresses lead to. */
export interface SeenCall {
  readonly op: number;
  readonly words: readonly bigint[];
  argument(index: number): IoctlReference | undefined;
}

/** A kernel with privcmd, and with files that are there, such as a xenstored's socket, but without /dev/xen/hypercall; hypercalls are answered by the test: a result, or a negative errno. */
export function fakeXen(answer: (call: SeenCall) => number): Kernel {
  const unused = () => Promise.reject(new KernelError('not here', 'ENOSYS'));
  const file: KernelFile = {
    ioctl: async (_request, argument) => {
      const result = answer(seen(argument as IoctlArgument));
      if (result < 0) throw new KernelError('ioctl', result);
      return result;
    },
    read: unused,
    write: unused,
    mapMemory: unused,
    mapRegisters: unused,
    close: async () => undefined,
  };
  const files = new HardwareKernel();
  return {
    backend: 'hardware',
    open: async (path, flags) => (path === '/dev/xen/privcmd' ? file : files.open(path, flags)),
    allocateLocked: async (lengthBytes): Promise<SharedMemory> => ({
      bytes: new Uint8Array(lengthBytes),
      unmap: () => undefined,
    }),
    readFile: unused,
    readFiles: unused,
    readDirectory: unused,
    stat: unused,
    close: () => files.close(),
  };
}

function seen({ bytes, references }: IoctlArgument): SeenCall {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    op: Number(view.getBigUint64(0, true)),
    words: Array.from({ length: 5 }, (_, index) => view.getBigUint64(8 + 8 * index, true)),
    argument: (index) => references.find(({ offset }) => offset === 8 + 8 * index),
  };
}
