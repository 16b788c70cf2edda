import { KernelImageError } from './image-error';

const HEADER_BYTES = 64;
const MAGIC_OFFSET = 56;
const MAGIC = 0x644d5241;
const TEXT_OFFSET_OFFSET = 8;
const FLAGS_OFFSET = 24;
/** The kernel's text must be within what it can reach: the boot protocol's own limit is far below. */
const MAX_TEXT_OFFSET = 1n << 30n;

/** An uncompressed kernel for arm64. */
export interface Arm64Image {
  readonly bytes: Uint8Array;
  /** From a multiple of 2 MiB to where the image has to be (`text_offset`). */
  readonly loadOffset: bigint;
}

export function isArm64Image(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEADER_BYTES && new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC_OFFSET, true) === MAGIC
  );
}

/**
 * The arm64 boot protocol (Linux: arch/arm64/booting; xen-abi reference 9). Undefined when the magic number is missing.
 * @throws KernelImageError for a header that makes no sense, and for a file that was cut short
 */
export function parseArm64Image(bytes: Uint8Array, file: string): Arm64Image | undefined {
  if (!isArm64Image(bytes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const loadOffset = view.getBigUint64(TEXT_OFFSET_OFFSET, true);
  if (loadOffset % 0x1000n !== 0n || loadOffset > MAX_TEXT_OFFSET) {
    throw new KernelImageError(
      `${file}: the offset of the kernel's text, at byte ${TEXT_OFFSET_OFFSET}, is 0x${loadOffset.toString(16)}`,
    );
  }
  if ((view.getBigUint64(FLAGS_OFFSET, true) & 1n) === 1n) {
    throw new KernelImageError(`${file}: a big-endian kernel (byte ${FLAGS_OFFSET})`);
  }
  checkSections(view, file);
  return { bytes, loadOffset };
}

const PE_OFFSET_OFFSET = 60;
const PE_MAGIC = 0x0000_4550;
const SECTION_BYTES = 40;
const MAX_SECTIONS = 96;

/**
 * The header's own size includes memory that the file has not. Kernels with an EFI stub are PE files as well, and their
 * section table says how long the file must be (PE format, COFF file header and section table).
 */
function checkSections(view: DataView, file: string): void {
  if (view.getUint16(0, true) !== 0x5a4d) return;
  const pe = view.getUint32(PE_OFFSET_OFFSET, true);
  if (pe + 24 > view.byteLength) throw cut(file, view.byteLength, `its PE header is at byte ${pe}`);
  if (view.getUint32(pe, true) !== PE_MAGIC) return;
  const sectionCount = Math.min(view.getUint16(pe + 6, true), MAX_SECTIONS);
  const table = pe + 24 + view.getUint16(pe + 20, true);
  for (let index = 0; index < sectionCount; index++) {
    const section = table + index * SECTION_BYTES;
    if (section + SECTION_BYTES > view.byteLength) {
      throw cut(file, view.byteLength, `its section table goes on at byte ${section}`);
    }
    const end = view.getUint32(section + 16, true) + view.getUint32(section + 20, true);
    if (end > view.byteLength) throw cut(file, view.byteLength, `section ${index} ends at byte ${end}`);
  }
}

function cut(file: string, lengthBytes: number, where: string): KernelImageError {
  return new KernelImageError(`${file}: cut short: the file ends at byte ${lengthBytes}, ${where}`);
}
