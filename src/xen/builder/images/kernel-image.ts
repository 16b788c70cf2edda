import { parseArm64Image } from '../../../abi/linux-image/arm64-image';
import { gunzipImage, isGzip } from '../../../abi/linux-image/gzip';
import { KernelImageError, whatItIs } from '../../../abi/linux-image/image-error';
import { isZImage, parseZImage } from './zimage';
import type { KernelImage } from './image';

/**
 * Finds out what a kernel's file is (xen-abi reference 9).
 * @param file names it in errors
 * @throws KernelImageError with the offset of what is wrong
 */
export async function readKernelImage(content: Uint8Array, file: string): Promise<KernelImage> {
  const bytes = isGzip(content) ? await gunzipImage(content, file) : content;
  const arm64 = parseArm64Image(bytes, file);
  if (arm64) return { kind: 'arm64 Image', bits: 64, ...arm64 };
  if (isZImage(bytes)) return parseZImage(bytes, file);
  const what =
    bytes.length < 64 ? `it has ${bytes.length} bytes` : `there is no magic number at byte 56, nor at byte 36`;
  throw new KernelImageError(
    `${file}: not a kernel: ${what}${bytes === content ? '' : ' when unpacked'}`,
    whatItIs(bytes) ?? 'a kernel is an arm64 Image, a zImage, or one of these gzipped',
  );
}
