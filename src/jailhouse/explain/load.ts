import { cpusOf } from '../../abi/jailhouse/bitmap';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { checkConfigs } from '../../config/check/check';
import { explainWhichCell } from './which-cell';
import { listWords } from './words';
import type { CellConfig } from '../../abi/jailhouse/config/cell';
import type { DecodedConfig } from '../../abi/jailhouse/config/decode';
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
    const decoded = cellOf(bytes);
    if (decoded && fits(decoded.config, cell)) {
      for (const image of images) {
        const reason = misplaced(image, decoded);
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

function misplaced({ address, sizeBytes }: RefusedImage, { dialect, config }: DecodedCell): string | undefined {
  const image = { cell: config.name, file: 'the image', address, sizeBytes };
  const findings = checkConfigs({ cells: [{ dialect, config, isRoot: false }], images: [image] });
  return findings.find(({ code }) => code.startsWith('IMAGE-'))?.message;
}

function showImage({ address, sizeBytes }: RefusedImage): string {
  return `${sizeBytes} bytes at 0x${address.toString(16)}`;
}

/** Files of other boards have cells of the same name; their CPUs tell them apart. */
function fits(config: CellConfig, cell: Cell): boolean {
  return config.name === cell.name && cpusOf(config.cpuSet).join() === cell.assignedCpus.join();
}

type DecodedCell = Extract<DecodedConfig, { kind: 'cell' }>;

function cellOf(bytes: Uint8Array): DecodedCell | undefined {
  try {
    const decoded = decodeConfig(bytes);
    return decoded.kind === 'cell' ? decoded : undefined;
  } catch {
    return undefined; // Somebody's file, of which nobody said that it is a config.
  }
}
