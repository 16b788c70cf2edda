import { gzipSync } from 'node:zlib';
import { readKernelImage } from '../../../../src/xen/builder/images/kernel-image';

function arm64({ sizeBytes = 0x1000, textOffset = 0n, flags = 10n, sections = [] as [number, number][] } = {}): Buffer {
  const image = Buffer.alloc(sizeBytes, 0xaa);
  image.fill(0, 0, Math.min(sizeBytes, 0x400));
  image.write('MZ', 0, 'latin1');
  image.writeBigUInt64LE(textOffset, 8);
  image.writeBigUInt64LE(0x2000n, 16);
  image.writeBigUInt64LE(flags, 24);
  image.write('ARM\x64', 56, 'latin1');
  image.writeUInt32LE(0x40, 60);
  image.write('PE\0\0', 0x40, 'latin1');
  image.writeUInt16LE(sections.length, 0x46);
  image.writeUInt16LE(0xa0, 0x40 + 20);
  sections.forEach(([sectionBytes, offset], index) => {
    image.writeUInt32LE(sectionBytes, 0x40 + 24 + 0xa0 + 40 * index + 16);
    image.writeUInt32LE(offset, 0x40 + 24 + 0xa0 + 40 * index + 20);
  });
  return image;
}

function zImage({ sizeBytes = 0x200, start = 0, end = 0x200 } = {}): Buffer {
  const image = Buffer.alloc(sizeBytes);
  image.writeUInt32LE(0x016f2818, 0x24);
  image.writeUInt32LE(start, 0x28);
  image.writeUInt32LE(end, 0x2c);
  return image;
}

const problem = async (bytes: Uint8Array): Promise<string> =>
  readKernelImage(bytes, '/k').then(
    () => 'accepted',
    (error: Error) => `${error.name} ${error.message}`,
  );

test('an arm64 Image is loaded as it is', async () => {
  const bytes = arm64({ textOffset: 0x80000n, sections: [[0xc00, 0x400]] });
  expect(await readKernelImage(bytes, '/k')).toEqual({ kind: 'arm64 Image', bits: 64, bytes, loadOffset: 0x80000n });
});

test('a gzipped Image is unpacked', async () => {
  const { kind, bytes } = await readKernelImage(gzipSync(arm64()), '/k');
  expect(kind).toBe('arm64 Image');
  expect(Buffer.compare(bytes, arm64())).toBe(0);
});

test('a zImage has a place and an entry of its own', async () => {
  expect(await readKernelImage(zImage(), '/k')).toMatchObject({
    kind: 'zImage',
    bits: 32,
    loadOffset: 0x8000n,
    entry: undefined,
  });
  expect(await readKernelImage(zImage({ start: 0x4000_8000, end: 0x4000_8100 }), '/k')).toMatchObject({
    entry: 0x4000_8000n,
  });
});

test.each([
  ['an empty file', Buffer.alloc(0), 'KernelImageError /k: not a kernel: it has 0 bytes'],
  ['a header cut short', arm64().subarray(0, 63), 'KernelImageError /k: not a kernel: it has 63 bytes'],
  [
    'no magic number',
    Buffer.alloc(100),
    'KernelImageError /k: not a kernel: there is no magic number at byte 56, nor at byte 36',
  ],
  [
    'an Image cut short',
    arm64({ sections: [[0xc00, 0x400]] }).subarray(0, 0xf00),
    'KernelImageError /k: cut short: the file ends at byte 3840, section 0 ends at byte 4096',
  ],
  [
    'an Image cut within its PE header',
    arm64().subarray(0, 70),
    'KernelImageError /k: cut short: the file ends at byte 70, its PE header is at byte 64',
  ],
  [
    'an Image cut within its section table',
    arm64({ sections: [[0, 0]] }).subarray(0, 0x40 + 24 + 0xa0 + 20),
    'KernelImageError /k: cut short: the file ends at byte 268, its section table goes on at byte 248',
  ],
  [
    'a text offset that is none',
    arm64({ textOffset: 3n }),
    "KernelImageError /k: the offset of the kernel's text, at byte 8, is 0x3",
  ],
  ['a big-endian Image', arm64({ flags: 1n }), 'KernelImageError /k: a big-endian kernel (byte 24)'],
  [
    'a zImage cut short',
    zImage({ end: 0x201 }),
    'KernelImageError /k: cut short: the file ends at byte 512, the kernel at byte 513',
  ],
  [
    'a zImage turned around',
    zImage({ start: 9, end: 8 }),
    'KernelImageError /k: the kernel ends before it starts (bytes 40 to 48)',
  ],
  [
    'gzip data cut short',
    gzipSync(arm64()).subarray(0, 40),
    'KernelImageError /k: cut short: the gzip data go on behind byte 40',
  ],
  [
    'gzip of something else',
    gzipSync(Buffer.alloc(80)),
    'KernelImageError /k: not a kernel: there is no magic number at byte 56, nor at byte 36 when unpacked',
  ],
])('%s', async (_, bytes, message) => {
  expect(await problem(bytes)).toBe(message);
});

test('damaged gzip data', async () => {
  const bytes = gzipSync(arm64());
  bytes.fill(0xff, 20, 40);
  expect(await problem(bytes)).toMatch(/^KernelImageError \/k: damaged gzip data: /);
});

test.each([
  ['an ELF file', '\x7fELF', /ELF/],
  ['an image for U-Boot', '\x27\x05\x19\x56', /U-Boot/],
  ['a compressed EFI image', 'MZ\0\0zimg', /EFI/],
])('%s is named in the hint', async (_, start, hint) => {
  const bytes = Buffer.alloc(100);
  bytes.write(start, 'latin1');
  await expect(readKernelImage(bytes, '/k')).rejects.toMatchObject({
    code: 'E_KERNEL_IMAGE',
    hint: expect.stringMatching(hint),
  });
});
