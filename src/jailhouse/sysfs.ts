import { KernelError } from '../errors';
import type { Kernel } from '../kernel/kernel';

/** Where the driver shows its state (jailhouse-abi reference 2). */
export const SYSFS_ROOT = '/sys/devices/jailhouse';
export const SYSFS_CELLS = `${SYSFS_ROOT}/cells`;

/**
 * The text of a one-line file, without its closing newline.
 *
 * @throws KernelError with operation `opening PATH`, or `reading PATH` when that fails, or nothing is in it
 */
export async function readLine(kernel: Kernel, path: string): Promise<string> {
  const bytes = await kernel.readFile(path).catch((error: unknown) => {
    const isReading = error instanceof KernelError && error.operation === `reading ${path}`;
    throw isReading ? error : renamed(error, `opening ${path}`);
  });
  if (bytes.length === 0) {
    throw new KernelError(`reading ${path}`, 'ENODATA');
  }
  return lineOf(bytes);
}

const decoder = new TextDecoder();

/** The content of a one-line file without its closing newline. */
export function lineOf(content: Uint8Array): string {
  const text = decoder.decode(content);
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** Awaits a system call and gives its failure the name that the user's tools use for it. */
export async function named<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw renamed(error, operation);
  }
}

function renamed(error: unknown, operation: string): unknown {
  return error instanceof KernelError
    ? new KernelError(operation, error.errnoNumber, { hint: error.hint, cause: error })
    : error;
}

/** A list of CPUs as the kernel writes it: `0-2,5` is 0, 1, 2, 5, and an empty line none. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first, last] = part.split('-').map(Number) as [number, number?];
      return Array.from({ length: (last ?? first) - first + 1 }, (_, index) => first + index);
    });
}
