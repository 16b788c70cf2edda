import { KeptConfigs } from '../../kept-configs/kept-configs';
import { chosenBoard } from '../../kernel/choose';
import { keptConfigsDirectory } from '../../paths';
import type { Kernel } from '../../kernel/kernel';
import type { Environment } from '../command';

/** The copies of the backend that was asked for; undefined for users who may not have any: on a board only root has. */
export function openKeptConfigs(kernel: Kernel, env: Environment): KeptConfigs | undefined {
  const isEmulated = env['CELLVISOR_BACKEND'] === 'emulated';
  if (!isEmulated && process.getuid?.() !== 0) {
    return undefined;
  }
  const board = isEmulated ? chosenBoard(env['CELLVISOR_BOARD'] || undefined) : undefined;
  return new KeptConfigs(kernel, keptConfigsDirectory(board, env as NodeJS.ProcessEnv));
}
