import { KernelError } from '../../../../errors';
import {
  cellLoadLayout,
  decodeCellLoad,
  decodePreloadImage,
  MEM_LOADABLE,
  MEM_WRITE,
  preloadImageLayout,
  preloadImageOffset,
} from '../../../../abi/jailhouse';
import { findCell, requireEnabled } from '../find-cell';
import { copyFromUser, pointedTo } from '../user-memory';
import type { PreloadImageEntry } from '../../../../abi/jailhouse';
import type { UserArgument } from '../../../syscalls';
import type { Linux } from '../../linux/linux';
import type { CellObject } from '../cell-object';
import type { JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_CELL_LOAD';

/**
 * JAILHOUSE_CELL_LOAD: shuts the cell down, then copies images into its memory (jailhouse-abi reference 1.6). An image
 * that fails ends the call; those before it stay.
 */
export async function cellLoad(
  module: JailhouseModule,
  argument: UserArgument | undefined,
  signal: AbortSignal,
): Promise<number> {
  const request = decodeCellLoad(copyFromUser(argument?.bytes, 0, cellLoadLayout.sizeBytes, OPERATION));
  return await module.mutex.hold(signal, OPERATION, async () => {
    const { hypervisor } = requireEnabled(module, OPERATION);
    const { linux } = module;
    const cell = findCell(module, request, OPERATION);
    await hypervisor.setLoadable(cell.id, linux.cpus.current, signal);
    for (let index = 0; index < request.numPreloadImages; index++) {
      const offset = preloadImageOffset(index);
      copyFromUser(argument?.bytes, offset, preloadImageLayout.sizeBytes, OPERATION);
      const image = decodePreloadImage(argument?.bytes as Uint8Array, index);
      loadImage(linux, cell, image, pointedTo(argument, offset + preloadImageLayout.offsetOf('sourceAddress')));
    }
    return 0;
  });
}

function loadImage(linux: Linux, cell: CellObject, image: PreloadImageEntry, source: Uint8Array | undefined): void {
  const { size, targetAddress } = image;
  if (size === 0n) {
    return;
  }
  const region = cell.memoryRegions.find(
    (one) => targetAddress >= one.virtStart && targetAddress < one.virtStart + one.size,
  );
  const required = MEM_WRITE | MEM_LOADABLE;
  if (!region || (region.flags & required) !== required || size > region.size - (targetAddress - region.virtStart)) {
    throw new KernelError(OPERATION, 'EINVAL');
  }
  const physical = region.physStart + targetAddress - region.virtStart;
  if (!isRam(linux, physical, size)) {
    const address = physical.toString(16).padStart(8, '0');
    linux.log.print(`jailhouse: Unable to map cell RAM at ${address} for image loading`, 'err');
    throw new KernelError(OPERATION, 'EBUSY');
  }
  linux.machine.writePhysical(physical, copyFromUser(source, 0, Number(size), OPERATION));
}

function isRam({ board }: Linux, start: bigint, size: bigint): boolean {
  return board.ram.some(({ physStart, sizeBytes }) => start >= physStart && start + size <= physStart + sizeBytes);
}
