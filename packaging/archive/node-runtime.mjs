import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { targets } from './targets.mjs';

/** What `--with-node` puts into an archive. Each version is the same bytes for ever, and so the archive is. */
export const NODE_VERSION = '24.21.0';

/**
 * Node.js for a target, from its npm package, once: it stays in the folder.
 *
 * @returns folder with bin/node and LICENSE
 */
export function fetchNode(arch, folder) {
  const place = join(folder, NODE_VERSION);
  if (existsSync(place)) return place;
  const draft = join(folder, `${NODE_VERSION}.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    const name = `${targets[arch].node}@${NODE_VERSION}`;
    // npm compares the archive with the checksum of its registry.
    const printed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', draft, name]);
    const [{ filename }] = Object.values(JSON.parse(printed));
    run('tar', ['-xzf', join(draft, filename), '-C', draft]);
    renameSync(join(draft, 'package'), place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return place;
}
