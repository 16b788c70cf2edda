// Builds the addon with node-gyp, what changed since the last time. Node's own headers are used where the installation has them, so that no download is needed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
const prefix = dirname(dirname(process.execPath));
const configure = ['configure', '--loglevel=error'];
if (existsSync(join(prefix, 'include/node/node_api.h'))) configure.push(`--nodedir=${prefix}`);
const sanitize = process.argv.find((argument) => argument.startsWith('--sanitize='));
if (sanitize) configure.push('--', `-Dsanitize=${sanitize.slice('--sanitize='.length)}`);

nodeGypRun(configure);
nodeGypRun(['build', `--jobs=${availableParallelism()}`, '--loglevel=error']);

function nodeGypRun(args) {
  const { status } = spawnSync(process.execPath, [nodeGyp, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
