import { cpusOf } from '../../abi/jailhouse/bitmap';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { MEM_LOADABLE, MEM_WRITE } from '../../abi/jailhouse/config/memory';
import { explainWhichCell } from './which-cell';
import { listWords } from './words';
import type { CellConfig } from '../../abi/jailhouse/config/cell';
import type { MemoryRegion } from '../../abi/jailhouse/config/memory';
import type { Cell } from '../cell';
import type { Evidence } from './evidence';
import type { ConfigFile, FindCellConfigs, LoadRefusal, RefusedImage } from './refusal';

export async function explainLoad(
  refusal: LoadRefusal,
  evidence: Evidence,
  findCellConfigs: FindCellConfigs,
): Promise<string | undefined> {
  const { errno, selector, images } = refusal;
  const reason = await explainWhichCell(errno, selector, evidence);
  if (reason !== undefined || errno !== 'EINVAL' || images.length === 0) {
    return reason;
  }
  const cells = await evidence.cells();
  const cell = cells.find((one) => ('id' in selector ? one.id === selector.id : one.name === selector.name));
  if (!cell) {
    return undefined;
  }
  const files = await findCellConfigs(cell.name);
  return explainImages(cell, images, ofThisBoardFirst(files, cells.find(({ id }) => id === 0)?.name));
}

/** Boards have demos of the same name; their files begin with the name that the root cell has, too. */
function ofThisBoardFirst(files: readonly ConfigFile[], root = ''): ConfigFile[] {
  const isOurs = ({ path }: ConfigFile) => path.includes(root);
  return [...files.filter(isOurs), ...files.filter((file) => !isOurs(file))];
}

/** An image must lie within one region that is loadable and writable (jailhouse-abi reference 1.6, step 4). */
function explainImages(cell: Cell, images: readonly RefusedImage[], files: readonly ConfigFile[]): string {
  for (const { path, bytes } of files) {
    const config = configOf(bytes);
    if (config && fits(config, cell)) {
      for (const image of images) {
        const reason = misplaced(image, config.memoryRegions);
        if (reason !== undefined) {
          return `${reason} (by ${path})`;
        }
      }
    }
  }
  const where = images.map(showImage);
  return `${eachImage(where)} must lie in one memory region of cell ${JSON.stringify(cell.name)} that is loadable: see its config`;
}

function eachImage(images: readonly string[]): string {
  return images.length === 1 ? `the image (${images[0]})` : `each image (${listWords(images)})`;
}

function misplaced(image: RefusedImage, regions: readonly MemoryRegion[]): string | undefined {
  const { address, sizeBytes } = image;
  if (sizeBytes === 0) {
    return undefined;
  }
  const index = regions.findIndex(({ virtStart, size }) => address >= virtStart && address < virtStart + size);
  const region = regions[index];
  if (!region) {
    const loadable = regions.filter(isLoadable).map(showRange);
    return `the image (${showImage(image)}) is in none of the cell's memory regions; loadable: ${listWords(loadable) || 'none'}`;
  }
  if (!isLoadable(region)) {
    return `the image (${showImage(image)}) is in memory region ${index} (${showRange(region)}), which is not loadable`;
  }
  const over = address + BigInt(sizeBytes) - (region.virtStart + region.size);
  return over > 0n
    ? `the image (${showImage(image)}) ends ${over} bytes behind memory region ${index} (${showRange(region)})`
    : undefined;
}

function isLoadable({ flags }: MemoryRegion): boolean {
  return (flags & (MEM_LOADABLE | MEM_WRITE)) === (MEM_LOADABLE | MEM_WRITE);
}

function showImage({ address, sizeBytes }: RefusedImage): string {
  return `${sizeBytes} bytes at 0x${address.toString(16)}`;
}

function showRange({ virtStart, size }: MemoryRegion): string {
  return `0x${virtStart.toString(16)}-0x${(virtStart + size - 1n).toString(16)}`;
}

/** Files of other boards have cells of the same name; their CPUs tell them apart. */
function fits(config: CellConfig, cell: Cell): boolean {
  return config.name === cell.name && cpusOf(config.cpuSet).join() === cell.assignedCpus.join();
}

function configOf(bytes: Uint8Array): CellConfig | undefined {
  try {
    const decoded = decodeConfig(bytes);
    return decoded.kind === 'cell' ? decoded.config : undefined;
  } catch {
    return undefined; // Somebody's file, of which nobody said that it is a config.
  }
}
