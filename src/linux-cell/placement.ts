import { MEM_COMM_REGION, MEM_DMA, MEM_EXECUTE, MEM_IO, MEM_READ, MEM_ROOTSHARED, MEM_WRITE } from '../abi/jailhouse';
import { alignUp } from '../config/create/ranges';
import { LinuxCellError } from './linux-error';
import type { CellConfig, MemoryRegion } from '../abi/jailhouse';
import type { Arm64Image } from '../abi/linux-image/arm64-image';

/** What Linux needs in memory, in bytes. */
export interface LinuxImages {
  readonly kernel: Arm64Image;
  /** Of the device tree before it was fitted to the cell. */
  readonly treeBytes: number;
  readonly initrdBytes?: number | undefined;
  /** Room behind the kernel, in front of an initrd, in sizes of the kernel. */
  readonly decompressionFactor: number;
}

/** Guest addresses. */
export interface Placement {
  readonly tree: bigint;
  readonly kernel: bigint;
  /** Absent without an initrd. */
  readonly initrd?: bigint;
  readonly loader: bigint;
  readonly parameters: bigint;
  /** What the loader reads. */
  readonly parameterText: string;
}

const PAGE_BYTES = 0x1000n;
/** arm64 kernels are placed from a multiple of this on. */
const KERNEL_ALIGNMENT = 0x20_0000n;
/** Room for what is written into the tree. */
const TREE_GROWTH_BYTES = 0x1000n;
const SPARE_BYTES = 0x2000n;
/** Where the tree goes in RAM that begins at 0, where the loader is. */
const TREE_ADDRESS_BEHIND_LOADER = 0x2000n;
const PARAMETERS_OFFSET = 0x1000n;

const KIND = MEM_READ | MEM_WRITE | MEM_EXECUTE | MEM_DMA | MEM_IO | MEM_COMM_REGION | MEM_ROOTSHARED;
const RAM = MEM_READ | MEM_WRITE | MEM_EXECUTE | MEM_DMA;

/** RAM for Linux: a loader's few pages are none. */
export function isLinuxRam({ flags }: MemoryRegion): boolean {
  return (flags & KIND) === RAM;
}

/**
 * Where everything goes, as the C tool's script puts it (jailhouse-tools reference 11.2).
 * @throws LinuxCellError `E_LINUX_SPACE`
 */
export function placeLinux(cell: CellConfig, images: LinuxImages): Placement {
  const { kernel, treeBytes, initrdBytes, decompressionFactor } = images;
  const kernelBytes = alignUp(BigInt(kernel.bytes.length), PAGE_BYTES);
  const treeRoom = alignUp(BigInt(treeBytes), PAGE_BYTES) + TREE_GROWTH_BYTES;
  const decompressionRoom = initrdBytes === undefined ? 0n : BigInt(decompressionFactor) * kernelBytes;
  const kernelRoom = kernelBytes + decompressionRoom;
  const needed = kernel.loadOffset + kernelRoom + KERNEL_ALIGNMENT + treeRoom + SPARE_BYTES;
  const regions = cell.memoryRegions.filter(isLinuxRam);
  const region = regions.find(({ size }) => size >= needed);
  if (!region) throw noSpace(cell.name, needed, regions);

  const tree = region.virtStart || TREE_ADDRESS_BEHIND_LOADER;
  const kernelAddress = alignUp(tree + treeRoom, KERNEL_ALIGNMENT) + kernel.loadOffset;
  const end = kernelAddress + kernelRoom + BigInt(initrdBytes ?? 0);
  if (end > region.virtStart + region.size) throw noSpace(cell.name, end - region.virtStart, regions);
  return {
    tree,
    kernel: kernelAddress,
    ...(initrdBytes === undefined ? {} : { initrd: kernelAddress + kernelRoom }),
    loader: cell.cpuResetAddress,
    parameters: cell.cpuResetAddress + PARAMETERS_OFFSET,
    parameterText: `kernel=0x${kernelAddress.toString(16)} dtb=0x${tree.toString(16)}`,
  };
}

function noSpace(name: string, needed: bigint, regions: readonly MemoryRegion[]): LinuxCellError {
  const largest = regions.map(({ size }) => size).reduce((a, b) => (a > b ? a : b), 0n);
  return new LinuxCellError(
    'E_LINUX_SPACE',
    'No space found to load all images',
    largest === 0n
      ? `cell "${name}" has no RAM for Linux: a region with READ, WRITE, EXECUTE, DMA and LOADABLE, and without ROOTSHARED`
      : `they need 0x${needed.toString(16)} bytes in one region; the largest of cell "${name}" has 0x${largest.toString(16)}`,
  );
}
