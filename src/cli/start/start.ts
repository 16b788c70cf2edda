import { join } from 'node:path';
import { CodeCache } from './code-cache';
import { load } from './load';

/** Set when this is bundled: the command whose bundle is to be run. */
declare const COMMAND: string;

const dist = join(__dirname, '..');
const cache = new CodeCache(dist, purposeOf(process.argv[2]));

// What a run that failed has compiled is of no use to the next ones; they may be any words.
process.on('exit', (code) => {
  if (code === 0) cache.save();
});
load(join(dist, 'cellvisor', `${COMMAND}.js`), require, cache);

/** Each sub-command compiles other functions: it has a folder of its own. */
function purposeOf(word = ''): string {
  return /^[a-z][a-z0-9-]*$/.test(word) ? `${COMMAND} ${word}` : COMMAND;
}
