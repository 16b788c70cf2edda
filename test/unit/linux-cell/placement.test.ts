import { config as imx8mqLinux } from '../../../cells/imx8mq-linux-demo';
import { config as gicDemo } from '../../../cells/imx8mm-gic-demo';
import { isLinuxRam, placeLinux } from '../../../src/linux-cell/placement';
import type { CellConfig } from '../../../src/abi/jailhouse';

const kernel = (lengthBytes: number, loadOffset = 0x80000n) => ({ bytes: new Uint8Array(lengthBytes), loadOffset });
const place = (
  cell: CellConfig,
  what: { initrdBytes?: number; treeBytes?: number; factor?: number; kernelBytes?: number } = {},
) =>
  placeLinux(cell, {
    kernel: kernel(what.kernelBytes ?? 0x123456),
    treeBytes: what.treeBytes ?? 1000,
    initrdBytes: what.initrdBytes,
    decompressionFactor: what.factor ?? 1,
  });

/** The cell with one region of RAM for Linux, of that size, at that guest address. */
function withRam(size: bigint, virtStart: bigint): CellConfig {
  return {
    ...imx8mqLinux,
    memoryRegions: imx8mqLinux.memoryRegions.map((region) =>
      isLinuxRam(region) ? { ...region, size, virtStart } : region,
    ),
  };
}

test('everything lies where the script of the C tool puts it (jailhouse-tools reference 11.2)', () => {
  expect(place(imx8mqLinux, { initrdBytes: 5000 })).toEqual({
    tree: 0xc0000000n,
    kernel: 0xc0280000n,
    initrd: 0xc04c8000n,
    loader: 0n,
    parameters: 0x1000n,
    parameterText: 'kernel=0xc0280000 dtb=0xc0000000',
  });
});

test('without an initrd no room is kept for unpacking', () => {
  const placement = place(imx8mqLinux);
  expect(placement).toMatchObject({ kernel: 0xc0280000n });
  expect(placement).not.toHaveProperty('initrd');
});

test('the decompression factor moves the initrd', () => {
  expect(place(imx8mqLinux, { initrdBytes: 5000, factor: 4 }).initrd).toBe(0xc0280000n + 5n * 0x124000n);
});

test('RAM at 0: the tree stays behind the loader', () => {
  expect(place(withRam(0x1000_0000n, 0n))).toMatchObject({ tree: 0x2000n, kernel: 0x280000n });
});

test('a cell that begins elsewhere has its loader there', () => {
  const cell = { ...imx8mqLinux, cpuResetAddress: 0xbb70_0000n };
  expect(place(cell)).toMatchObject({ loader: 0xbb70_0000n, parameters: 0xbb70_1000n });
});

describe('no room', () => {
  const refused = (work: () => unknown, hint: RegExp) =>
    expect(work).toThrow(
      expect.objectContaining({
        code: 'E_LINUX_SPACE',
        message: 'No space found to load all images',
        hint: expect.stringMatching(hint),
      }),
    );

  // Text offset, kernel, alignment, tree with room to grow, and what is spare.
  const needed = 0x80000n + 0x124000n + 0x200000n + 0x2000n + 0x2000n;

  test('exactly enough, and one page less', () => {
    expect(place(withRam(needed, 0xc000_0000n)).tree).toBe(0xc000_0000n);
    refused(
      () => place(withRam(needed - 0x1000n, 0xc000_0000n)),
      /^they need 0x3a8000 bytes in one region; the largest of cell "linux-inmate-demo" has 0x3a7000$/,
    );
  });

  test('an initrd that is longer than the room behind the kernel', () => {
    refused(
      () => place(withRam(0x100_0000n, 0xc000_0000n), { initrdBytes: 0x100_0000 }),
      /the largest of cell .* has 0x1000000$/,
    );
  });

  test('a cell for an inmate has no RAM for Linux', () => {
    refused(
      () => place(gicDemo),
      /^cell "gic-demo" has no RAM for Linux: a region with READ, WRITE, EXECUTE, DMA and LOADABLE/,
    );
  });
});
