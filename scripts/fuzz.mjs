// npm run fuzz -- [--seconds N] [--seed N] [FOLDER...]
//   --seconds N  for how long passes are started; default: 600
//   --seed N     of the first pass, each later one has the next; default: another one each time
//   FOLDER       of test/fuzz; default: those that read configs, device trees, overlays, crash logs, kernels, frames and
//                GDB's packets
// Fuzzers again and again, each pass with numbers of its own. Ends at the first pass that finds something, and says how to
// repeat it. Memory without end and a pass without end are findings too.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const root = dirname(import.meta.dirname);
const USAGE = 'usage: npm run fuzz -- [--seconds N] [--seed N] [FOLDER...]';
const READERS = ['abi', 'config', 'crash', 'fdt', 'gdb', 'kernel-image', 'wire'];
/** Many times what the fuzzers need. */
const HEAP_MIB = 512;
/** Many times what a pass takes. */
const HANG_MS = 10 * 60_000;
const SEEDS = 2 ** 31;

const options = readOptions();
if (options) await fuzz(options);
else {
  console.error(USAGE);
  process.exitCode = 2;
}

function readOptions() {
  try {
    const strings = {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: `${randomInt(1, SEEDS)}` },
    };
    const { values, positionals } = parseArgs({ options: strings, allowPositionals: true });
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
    return seconds > 0 && Number.isInteger(seed) && seed > 0 && seed < SEEDS
      ? { seconds, seed, folders: positionals.length > 0 ? positionals : READERS }
      : undefined;
  } catch {
    return undefined;
  }
}

async function fuzz({ seconds, seed: firstSeed, folders }) {
  const paths = folders.map((folder) => `test/fuzz/${folder}/`);
  const endMs = performance.now() + seconds * 1000;
  let passes = 0;
  for (let seed = firstSeed; passes === 0 || performance.now() < endMs; seed = (seed % (SEEDS - 1)) + 1) {
    const startedMs = performance.now();
    const { problem, output } = await pass(paths, seed);
    const tookSeconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    passes++;
    if (problem) {
      console.error(`${output}\nfuzz: pass ${passes}, seed ${seed}: ${problem}`);
      console.error(`fuzz: to repeat it: CELLVISOR_FUZZ_SEED=${seed} npx jest ${paths.join(' ')}`);
      process.exitCode = 1;
      return;
    }
    console.log(`pass ${passes}, seed ${seed}: ${/\d+ passed, 0 failed/.exec(output)?.[0]} in ${tookSeconds} s`);
  }
}

/** One run of the fuzzers; what went wrong, in words. */
async function pass(paths, seed) {
  const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...paths], {
    cwd: root,
    // A group of its own, so that workers end with it.
    detached: true,
    env: { ...process.env, CELLVISOR_FUZZ_SEED: `${seed}`, NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  let hangs = false;
  const stop = () => process.kill(-child.pid, 'SIGKILL');
  const timer = setTimeout(() => {
    hangs = true;
    stop();
  }, HANG_MS);
  process.once('SIGINT', stop);
  const [code, signal] = await new Promise((done) => child.once('close', (...end) => done(end)));
  clearTimeout(timer);
  process.removeListener('SIGINT', stop);
  if (hangs) return { output, problem: `no end after ${HANG_MS / 1000} s` };
  return { output, problem: code === 0 ? undefined : `jest ended with ${signal ?? code}` };
}
