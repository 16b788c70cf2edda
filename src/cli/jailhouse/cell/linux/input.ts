import { readFileSync } from 'node:fs';
import { decodeConfig } from '../../../../abi/jailhouse';
import { CellvisorError, KernelError } from '../../../../errors';
import { makeLinuxTree } from '../../../../linux-cell';
import { readLiveTree } from '../../../../live/device-tree';
import { withArgumentFile } from '../../argparse';
import { openKeptConfigs } from '../../kept-configs';
import type { CellConfig, SystemConfig } from '../../../../abi/jailhouse';
import type { DeviceTree } from '../../../../fdt';
import type { Kernel } from '../../../../kernel/kernel';
import type { CommandIo } from '../../../command';

export function readArgument(argument: string, path: string): Uint8Array {
  return withArgumentFile(argument, path, () => readFileSync(path));
}

/** @throws CellvisorError `E_LINUX_CONFIG` for the config of a system; ConfigError */
export function decodeCell(bytes: Uint8Array, path: string): CellConfig {
  const decoded = decodeConfig(bytes);
  if (decoded.kind === 'cell') return decoded.config;
  throw new CellvisorError(`Not a cell configuration: ${path}`, {
    code: 'E_LINUX_CONFIG',
    operation: 'boot Linux in a cell',
    hint: 'this is the config of a system, which is for: jailhouse enable',
  });
}

/**
 * A tree that is made of the board's own.
 * @throws CellvisorError `E_LINUX_TREE` where Linux has no device tree
 */
export async function treeOfBoard(kernel: Kernel, cell: CellConfig, io: CommandIo): Promise<DeviceTree> {
  const board = await readLiveTree(kernel).catch((error: unknown) => {
    if (!(error instanceof KernelError)) throw error;
    throw new CellvisorError('No device tree specified', {
      code: 'E_LINUX_TREE',
      operation: 'boot Linux in a cell',
      hint: 'and this machine has none of its own to make one of: give one with -d',
      cause: error,
    });
  });
  const { tree, notes } = makeLinuxTree(board, cell, await systemOf(kernel, io));
  for (const note of notes) io.err(`note: ${note}\n`);
  return tree;
}

/** What Jailhouse was enabled with; undefined where nobody kept it. */
async function systemOf(kernel: Kernel, io: CommandIo): Promise<SystemConfig | undefined> {
  const kept = (await openKeptConfigs(kernel, io.env)?.all()) ?? [];
  for (const { bytes } of kept) {
    const decoded = decodeConfig(bytes, { trailing: 'ignore' });
    if (decoded.kind === 'system') return decoded.config;
  }
  return undefined;
}
