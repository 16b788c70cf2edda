import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBoardFacts } from '../../../config/create/board-facts';
import { ramOfIomem } from '../../../config/create/iomem';
import { cpuCountOf, readLiveTree, requireArm64, textOf } from '../../../live/device-tree';
import { readInputFile } from '../input-file';
import { parseTreeFile } from '../../tree-file';
import type { BoardFacts, Corrections } from '../../../config/create/board-facts';
import type { DeviceTree } from '../../../fdt';
import type { CommandIo } from '../../command';
import type { CreateArguments } from './create-arguments';

/** Where `jailhouse config collect` puts the device tree. */
const COLLECTED_TREE = 'device-tree.dtb';

/** Where the board's facts come from: a device tree, a collection, or the running board. */
export async function readFacts(parsed: CreateArguments, io: CommandIo): Promise<BoardFacts> {
  const { dtb, root, ram, console } = parsed;
  if (dtb !== undefined) {
    return readBoardFacts(parseFile(dtb), { ram, console });
  }
  if (root !== undefined) {
    const tree = parseFile(join(root, COLLECTED_TREE));
    const text = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
    return factsOfRunning(tree, { cpuinfo: text('proc/cpuinfo'), iomem: text('proc/iomem') }, { ram, console });
  }
  const kernel = await io.openKernel(io.env);
  await requireArm64(kernel);
  const files = { cpuinfo: await textOf(kernel, '/proc/cpuinfo'), iomem: await textOf(kernel, '/proc/iomem') };
  return factsOfRunning(await readLiveTree(kernel), files, { ram, console });
}

interface RunningFiles {
  readonly cpuinfo: string | undefined;
  readonly iomem: string | undefined;
}

function factsOfRunning(tree: DeviceTree, { cpuinfo, iomem }: RunningFiles, corrections: Corrections): BoardFacts {
  const hasMemory = [...tree.root.children].some((node) => node.string('device_type') === 'memory');
  return readBoardFacts(tree, {
    ...corrections,
    isLive: true,
    ram: corrections.ram ?? (hasMemory || iomem === undefined ? undefined : ramOfIomem(iomem)),
    cpuCount: cpuinfo === undefined ? undefined : cpuCountOf(cpuinfo),
  });
}

function parseFile(path: string): DeviceTree {
  return parseTreeFile(readInputFile(path), path, 'a device tree is a file that ends with .dtb');
}
