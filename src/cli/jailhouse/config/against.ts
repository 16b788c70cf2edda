import { revisionsOfDriver } from '../../../abi/jailhouse/driver-releases';
import { BOARDS } from '../../../boards';
import { hardwareOfBoard } from '../../../config/check/hardware';
import { CellvisorError } from '../../../errors';
import { parseCpuList } from '../../../jailhouse/sysfs';
import { ArgumentError } from '../argparse';
import { readConfigFile } from './check-files';
import type { Hardware } from '../../../config/check/hardware';
import type { Kernel } from '../../../kernel/kernel';
import type { CommandIo } from '../../command';

/** Device trees of boards have some 50 KiB. */
const TREE_LIMIT_BYTES = 16 * 1024 * 1024;

/** What `--against` names: a board, a device tree, or `board`: the one that commands speak to. */
export async function findHardware(name: string, io: CommandIo): Promise<Hardware> {
  if (name === 'board') {
    return hardwareOfKernel(await io.openKernel(io.env));
  }
  const board = BOARDS.find((one) => one.name === name);
  if (board) {
    return hardwareOfBoard(board);
  }
  if (!name.endsWith('.dtb')) {
    const names = BOARDS.map((one) => one.name).join(', ');
    throw new ArgumentError(`argument --against: '${name}' is no board (${names}, board) and no .dtb file`);
  }
  return hardwareOfBlob(readConfigFile('--against', name, TREE_LIMIT_BYTES).bytes, name);
}

async function hardwareOfBlob(bytes: Uint8Array, name: string): Promise<Hardware> {
  const { parse } = await import('../../../fdt');
  const { hardwareOfTree } = await import('../../../config/check/hardware-of-tree');
  return hardwareOfTree(parse(bytes), name);
}

/** The boot loader's device tree, and what the running kernel says of itself; what it does not show is not checked. */
async function hardwareOfKernel(kernel: Kernel): Promise<Hardware> {
  const name = 'this board';
  const tree = await readIfThere(kernel, '/sys/firmware/fdt');
  const version = text(await readIfThere(kernel, '/sys/module/jailhouse/version'));
  const revisions = version === undefined ? undefined : revisionsOfDriver(version);
  const present = text(await readIfThere(kernel, '/sys/devices/system/cpu/present'));
  return {
    ...(tree && tree.length > 0 ? await hardwareOfBlob(tree, name) : { name }),
    ...(present !== undefined && { cpus: parseCpuList(present) }),
    ...(version !== undefined && revisions && { driver: { version, revisions } }),
  };
}

async function readIfThere(kernel: Kernel, path: string): Promise<Uint8Array | undefined> {
  try {
    return await kernel.readFile(path);
  } catch (error) {
    if (error instanceof CellvisorError) return undefined;
    throw error;
  }
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes).trim();
}
