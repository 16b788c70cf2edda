import { write } from '../fdt';
import { LinuxCellError } from './linux-error';
import { placeLinux } from './placement';
import { fitTree } from './tree/fit';
import type { CellConfig } from '../abi/jailhouse';
import type { PreloadImage } from '../abi/jailhouse/ioctls';
import type { Arm64Image } from '../abi/linux-image/arm64-image';
import type { DeviceTree } from '../fdt';
import type { Placement } from './placement';

export interface LinuxRequest {
  readonly cell: CellConfig;
  readonly kernel: Arm64Image;
  /** For the kernel; it is fitted to the cell. */
  readonly tree: DeviceTree;
  /** Of the tree's file, which decides what lies where. Default: what the tree takes when it is written. */
  readonly treeBytes?: number | undefined;
  readonly initrd?: Uint8Array | undefined;
  readonly commandLine?: string | undefined;
  /** Default: 1. */
  readonly decompressionFactor?: number | undefined;
}

export interface LinuxPlan {
  readonly placement: Placement;
  /** As the kernel will see it. */
  readonly tree: Uint8Array;
}

/**
 * What Linux in a cell needs in memory, and where.
 * @throws LinuxCellError `E_LINUX_SPACE`
 */
export function planLinux(request: LinuxRequest): LinuxPlan {
  const { cell, kernel, initrd, commandLine } = request;
  const placement = placeLinux(cell, {
    kernel,
    treeBytes: request.treeBytes ?? write(request.tree).length,
    initrdBytes: initrd?.length,
    decompressionFactor: request.decompressionFactor || 1,
  });
  const tree = request.tree.clone();
  fitTree(tree, cell, {
    commandLine,
    initrd: initrd && { start: placement.initrd as bigint, sizeBytes: initrd.length },
  });
  const bytes = write(tree);
  if (placement.tree + BigInt(bytes.length) > placement.kernel) {
    throw new LinuxCellError('E_LINUX_SPACE', 'No space found to load all images', 'the command line is too long');
  }
  return { placement, tree: bytes };
}

/** In the order in which the C tool's script loads them. */
export function imagesOf(
  { placement, tree }: LinuxPlan,
  { kernel, initrd }: Pick<LinuxRequest, 'kernel' | 'initrd'>,
  loader: Uint8Array,
): PreloadImage[] {
  return [
    { source: loader, targetAddress: placement.loader },
    { source: kernel.bytes, targetAddress: placement.kernel },
    { source: tree, targetAddress: placement.tree },
    ...(initrd && placement.initrd !== undefined ? [{ source: initrd, targetAddress: placement.initrd }] : []),
    { source: Buffer.from(`${placement.parameterText}\0`), targetAddress: placement.parameters },
  ];
}
