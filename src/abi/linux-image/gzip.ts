import { promisify } from 'node:util';
import { KernelImageError } from './image-error';

/** More than any kernel has: a small file must not fill the memory. */
const MAX_KERNEL_BYTES = 512 * 1024 * 1024;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Throws KernelImageError when the data are damaged, cut short, or unpack to more than a kernel has. */
export async function gunzipImage(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const { gunzip } = await import('node:zlib');
  try {
    return await promisify<Uint8Array, object, Uint8Array>(gunzip)(bytes, { maxOutputLength: MAX_KERNEL_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what =
      code === 'Z_BUF_ERROR'
        ? `cut short: the gzip data go on behind byte ${bytes.length}`
        : code === 'ERR_BUFFER_TOO_LARGE'
          ? `the gzip data unpack to more than ${MAX_KERNEL_BYTES} bytes`
          : `damaged gzip data: ${message}`;
    throw new KernelImageError(`${file}: ${what}`, undefined, error);
  }
}
