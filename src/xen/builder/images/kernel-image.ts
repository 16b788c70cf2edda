import { BuildError } from '../build-error';
import { parseArm64Image } from './arm64-image';
import { gunzipImage, isGzip } from './gzip';
import { isZImage, parseZImage } from './zimage';
import type { KernelImage } from './image';

/**
 * Finds out what a kernel's file is (xen-abi reference 9).
 * @param file names it in errors
 * @throws BuildError `E_XEN_IMAGE`, with the offset of what is wrong
 */
export async function readKernelImage(content: Uint8Array, file: string): Promise<KernelImage> {
  const bytes = isGzip(content) ? await gunzipImage(content, file) : content;
  const image = parseArm64Image(bytes, file) ?? (isZImage(bytes) ? parseZImage(bytes, file) : undefined);
  if (image) return image;
  const what =
    bytes.length < 64 ? `it has ${bytes.length} bytes` : `there is no magic number at byte 56, nor at byte 36`;
  throw new BuildError(
    'E_XEN_IMAGE',
    `${file}: not a kernel: ${what}${bytes === content ? '' : ' when unpacked'}`,
    guess(bytes),
  );
}

function guess(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (start.startsWith('\x7fELF')) return "an ELF file is not loaded: give the kernel's Image or zImage";
  if (start.startsWith('\x27\x05\x19\x56')) return 'this is an image for U-Boot: give the Image that it was made of';
  if (start.startsWith('MZ') && start.slice(4) === 'zimg')
    return 'this is a compressed EFI image: give the Image within it';
  return 'a kernel is an arm64 Image, a zImage, or one of these gzipped';
}
