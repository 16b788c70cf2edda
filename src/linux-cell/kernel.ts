import { parseArm64Image } from '../abi/linux-image/arm64-image';
import { gunzipImage, isGzip } from '../abi/linux-image/gzip';
import { KernelImageError, whatItIs } from '../abi/linux-image/image-error';
import type { Arm64Image } from '../abi/linux-image/arm64-image';

/**
 * The kernel in a file: an arm64 Image, or one gzipped.
 * @param file names it in errors
 * @throws KernelImageError
 */
export async function readArm64Kernel(content: Uint8Array, file: string): Promise<Arm64Image> {
  const bytes = isGzip(content) ? await gunzipImage(content, file) : content;
  const image = parseArm64Image(bytes, file);
  if (image) return image;
  throw new KernelImageError(
    `${file}: not a kernel for arm64: there is no magic number at byte 56${bytes === content ? '' : ' when unpacked'}`,
    whatItIs(bytes) ?? 'a kernel is an Image, or an Image that was gzipped',
  );
}
