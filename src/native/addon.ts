import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CellvisorError } from '../errors';

let addon: unknown;

/**
 * The native addon, loaded on first use. `Part` is the set of functions the caller needs of it.
 * @throws CellvisorError `E_ADDON` when it is not built, or does not load on this machine
 */
export function loadAddon<Part>(): Part {
  addon ??= load(join(packageFolder(), 'build', 'Release', 'cellvisor.node'));
  return addon as Part;
}

export function isAddonLoaded(): boolean {
  return addon !== undefined;
}

function load(path: string): unknown {
  try {
    return createRequire(__filename)(path) as unknown;
  } catch (cause) {
    const reason = existsSync(path) ? ((cause as Error).message.split('\n')[0] ?? '') : 'it is not built';
    throw new CellvisorError(`cannot load ${path}: ${reason}`, {
      code: 'E_ADDON',
      operation: 'load addon',
      hint: 'npm run build:native builds it; that needs python3, make and g++',
      cause,
    });
  }
}

/** The folder with package.json, from the sources as well as from a bundle. */
function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
