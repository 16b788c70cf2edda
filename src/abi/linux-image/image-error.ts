import { CellvisorError } from '../../errors';

/** A file is not the kernel image that it should be. The code is `E_KERNEL_IMAGE`; the message names the file and the byte. */
export class KernelImageError extends CellvisorError {
  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, { code: 'E_KERNEL_IMAGE', operation: 'read kernel image', hint, cause });
  }
}

/** A hint for files that people take for a kernel's Image. */
export function whatItIs(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (start.startsWith('\x7fELF')) return "an ELF file is not loaded: give the kernel's Image or zImage";
  if (start.startsWith('\x27\x05\x19\x56')) return 'this is an image for U-Boot: give the Image that it was made of';
  if (start.startsWith('MZ') && start.slice(4) === 'zimg') {
    return 'this is a compressed EFI image: give the Image within it';
  }
  return undefined;
}
