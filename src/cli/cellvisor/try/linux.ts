import { irqchipsHold } from '../../../abi/jailhouse';
import { isGzip } from '../../../abi/linux-image/gzip';
import { isArm64Image } from '../../../abi/linux-image/arm64-image';
import { imagesOf, makeLinuxTree, planLinux } from '../../../linux-cell';
import { ownsRegisters } from '../../../linux-cell/owned-device';
import { readLiveTree } from '../../../live/device-tree';
import type { CellConfig, PreloadImage, SystemConfig } from '../../../abi/jailhouse';
import type { Arm64Image } from '../../../abi/linux-image/arm64-image';
import type { DeviceTree } from '../../../fdt';
import type { BoardDescription, UartDescription } from '../../../boards';
import type { Kernel } from '../../../kernel/kernel';

/** Linux in place of an inmate. */
export interface LinuxTrial {
  readonly kernel: Arm64Image;
  readonly loader: Uint8Array;
  readonly initrd: Uint8Array | undefined;
  /** Absent: one is made of the board's own. */
  readonly deviceTree: { readonly tree: DeviceTree; readonly sizeBytes: number } | undefined;
  readonly commandLine: string | undefined;
}

/** Whether a file is a kernel, and no inmate. */
export function isLinux(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isArm64Image(bytes);
}

/**
 * What is to be loaded into the cell.
 * @param kernel of a board on which Jailhouse is enabled
 */
export async function linuxImages(
  kernel: Kernel,
  { cell, system }: { readonly cell: CellConfig; readonly system: SystemConfig },
  linux: LinuxTrial,
): Promise<PreloadImage[]> {
  const { deviceTree, commandLine, initrd } = linux;
  const tree = deviceTree?.tree ?? makeLinuxTree(await readLiveTree(kernel), cell, system).tree;
  const request = { cell, kernel: linux.kernel, tree, treeBytes: deviceTree?.sizeBytes, initrd, commandLine };
  return imagesOf(planLinux(request), request, linux.loader);
}

/** The UART that Linux will print to: one that the cell has with its interrupt. */
export function linuxUart({ uarts }: BoardDescription, cell: CellConfig): UartDescription | undefined {
  return uarts.find(({ physStart, intid }) => irqchipsHold(cell.irqchips, intid) && ownsRegisters(cell, physStart));
}
