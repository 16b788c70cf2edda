import { KernelImageError } from '../../../abi/linux-image/image-error';
import type { KernelImage } from './image';

const MAGIC_OFFSET = 0x24;
const MAGIC = 0x016f_2818;
const START_OFFSET = 0x28;
const END_OFFSET = 0x2c;
const HEADER_BYTES = 0x30;
/** Where a 32-bit kernel expects to be. */
const LOAD_OFFSET = 0x8000n;

export function isZImage(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEADER_BYTES && new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC_OFFSET, true) === MAGIC
  );
}

/** A 32-bit kernel (Linux: arch/arm/booting; xen-abi reference 9). Throws KernelImageError. */
export function parseZImage(bytes: Uint8Array, file: string): KernelImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(START_OFFSET, true);
  const end = view.getUint32(END_OFFSET, true);
  if (end < start) {
    throw new KernelImageError(
      `${file}: the kernel ends before it starts (bytes ${START_OFFSET} to ${END_OFFSET + 4})`,
    );
  }
  if (end - start > bytes.length) {
    const message = `${file}: cut short: the file ends at byte ${bytes.length}, the kernel at byte ${end - start}`;
    throw new KernelImageError(message);
  }
  return { kind: 'zImage', bits: 32, bytes, loadOffset: LOAD_OFFSET, entry: start === 0 ? undefined : BigInt(start) };
}
