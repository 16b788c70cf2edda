/** Kernels' files, which anybody may hand to a board: headers, gzip, and the trees that go along. */
import { gzipSync } from 'node:zlib';
import { config as linuxDemo } from '../../../cells/imx8mm-linux-demo';
import { KernelImageError } from '../../../src/abi/linux-image/image-error';
import { CellvisorError } from '../../../src/errors';
import { DeviceTree, FdtError, parse, write } from '../../../src/fdt';
import { LinuxCellError, planLinux, readArm64Kernel } from '../../../src/linux-cell';
import { readKernelImage } from '../../../src/xen/builder/images/kernel-image';
import { randomNumbers } from '../../support/random-numbers';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 2_000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);

const INTERESTING = [0, 1, 7, 40, 0x1000, 0x8_0000, 0x20_0000, 0x7fff_ffff, 0xffff_ffff];

function arm64(): Buffer {
  const image = Buffer.alloc(0x2000);
  image.write('MZ');
  image.writeBigUInt64LE(0x8_0000n, 8);
  image.write('ARMd', 56);
  image.writeUInt32LE(0x80, 60);
  // An EFI stub's PE header with two sections.
  image.write('PE\0\0', 0x80);
  image.writeUInt16LE(2, 0x86);
  image.writeUInt32LE(0x1000, 0x80 + 24 + 16);
  image.writeUInt32LE(0x1000, 0x80 + 24 + 20);
  return image;
}

function zImage(): Buffer {
  const image = Buffer.alloc(0x1000);
  image.writeUInt32LE(0x016f2818, 0x24);
  image.writeUInt32LE(0x1000, 0x2c);
  return image;
}

const corpus = [arm64(), zImage(), gzipSync(arm64()), gzipSync(zImage())];

function mutant(random: (below: number) => number): Buffer {
  const source = corpus[random(corpus.length)] as Buffer;
  const bytes = Buffer.from(source.subarray(0, random(3) === 0 ? random(source.length + 1) : source.length));
  for (let changes = random(4); changes > 0 && bytes.length >= 4; changes--) {
    const at = random(Math.min(bytes.length - 3, 0x100));
    if (random(2) === 0) bytes[at] = random(256);
    else bytes.writeUInt32LE(INTERESTING[random(INTERESTING.length)] as number, at);
  }
  return bytes;
}

test('a kernel is read or refused, and what is read can be placed or refused', async () => {
  const random = randomNumbers(SEED);
  const tree = new DeviceTree();
  tree.root.set('#address-cells', 2).set('#size-cells', 2);
  const treeBytes = write(tree).length;
  const seen = { read: 0, refused: 0, planned: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutant(random);
    try {
      await readKernelImage(bytes, '/k');
      const kernel = await readArm64Kernel(bytes, '/k');
      seen.read++;
      const initrd = random(2) === 0 ? undefined : Buffer.alloc(random(5000));
      const decompressionFactor = random(3) * 1_000_000;
      const plan = planLinux({ cell: linuxDemo, kernel, tree, treeBytes, initrd, decompressionFactor });
      seen.planned++;
      expect(parse(plan.tree).find('/memory')).toBeDefined();
    } catch (error) {
      const isExpected = [KernelImageError, LinuxCellError, FdtError].some((kind) => error instanceof kind);
      if (!isExpected) throw new Error(`seed ${SEED}, round ${round}: ${bytes.toString('hex')}`, { cause: error });
      expect(error).toBeInstanceOf(CellvisorError);
      seen.refused++;
    }
  }
  expect(Math.min(seen.read, seen.refused, seen.planned)).toBeGreaterThan(ROUNDS / 20);
});
