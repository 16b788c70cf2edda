// Builds the addon with node-gyp. Node's own headers are used where the installation has them, so that no download is needed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
const prefix = dirname(dirname(process.execPath));
const args = [nodeGyp, 'rebuild', `--jobs=${availableParallelism()}`, '--loglevel=error'];
if (existsSync(join(prefix, 'include/node/node_api.h'))) args.push(`--nodedir=${prefix}`);
const sanitize = process.argv.find((argument) => argument.startsWith('--sanitize='));
if (sanitize) args.push('--', `-Dsanitize=${sanitize.slice('--sanitize='.length)}`);

const result = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exit(result.status ?? 1);
