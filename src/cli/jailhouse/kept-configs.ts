import { RemoteKeptConfigs } from '../../kept-configs/remote';
import { KeptConfigs } from '../../kept-configs/kept-configs';
import { chosenBoard } from '../../kernel/choose';
import { keptConfigsDirectory } from '../../paths';
import type { Kernel } from '../../kernel/kernel';
import type { ConfigCopies } from '../../kept-configs/kept-configs';
import type { Environment } from '../command';

/**
 * The copies of the backend that was asked for, on the machine whose kernel it is; undefined for users who may not have any:
 * on a board only root has.
 */
export function openKeptConfigs(kernel: Kernel, env: Environment): ConfigCopies | undefined {
  if (kernel.agent) return new RemoteKeptConfigs(kernel.agent);
  const isEmulated = env['CELLVISOR_BACKEND'] === 'emulated';
  if (!isEmulated && process.getuid?.() !== 0) {
    return undefined;
  }
  const board = isEmulated ? chosenBoard(env['CELLVISOR_BOARD'] || undefined) : undefined;
  return new KeptConfigs(kernel, keptConfigsDirectory(board, env as NodeJS.ProcessEnv));
}
