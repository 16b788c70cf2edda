/**
 * Boots the Xen board and puts our programs into its dom0, once a boot. `node test/xen/rig/install.mjs` says whether it did, and leaves the board running:
 * tests and benchmarks use one that runs already, and leave it.
 *
 * The board is a real Xen on an emulated Arm machine, with the C tools in its dom0. `XEN_BOARD` names the folder with its programs:
 * `run -- COMMAND` runs a shell command in dom0, with stdin and stdout passed through, and boots first where need be; `stop` ends it.
 * dom0 sees the folder that `XEN_BOARD_SHARE` names at the boot as /mnt/share.
 *
 * `CELLVISOR_XEN_ARCHIVE` names an archive of `npm run package` for arm64: its programs are installed in place of what the
 * sources say now.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { FLOOR, makeOldGlibc } from '../../../packaging/archive/old-glibc.mjs';
import { fetchNode, NODE_VERSION } from '../../../packaging/archive/node-runtime.mjs';

const root = resolve(import.meta.dirname, '../../..');
/** What dom0 sees as its share. */
const share = join(root, 'dist/xen-board');
/** Where dom0 has our files: also in places.ts, for TypeScript. */
const HOME = '/opt/cellvisor';

/** Why the board cannot be used here; undefined when it can. */
export function whyNot() {
  const board = process.env.XEN_BOARD;
  if (!board) return 'XEN_BOARD names no Xen board';
  if (!existsSync(join(board, 'run'))) return `there is no Xen board at ${board}`;
  const missing = ['qemu-system-aarch64', 'aarch64-linux-gnu-g++'].find((program) => !isInstalled(program));
  if (missing !== undefined) return `${missing} is not installed`;
  return existsSync(nodeHeaders()) ? undefined : 'no headers of Node.js';
}

/**
 * @returns whether the board was booted for this
 * @throws {Error} with what the program that failed has printed
 */
export async function install() {
  mkdirSync(share, { recursive: true });
  const [{ err }] = await Promise.all([dom0('true'), makePrograms(), makeRuntime()]);
  await dom0(`set -e; mkdir -p ${HOME}
    [ -e /mnt/share/programs.tar ] || { echo 'the board runs with another share: stop it first' >&2; exit 1; }
    [ -e ${HOME}/node/bin/node ] || tar -xf /mnt/share/node-${NODE_VERSION}.tar -C ${HOME}
    cmp -s /mnt/share/programs.tar ${HOME}/programs.tar || {
      cp /mnt/share/programs.tar ${HOME}
      rm -rf ${HOME}/dist ${HOME}/build
      tar -xf ${HOME}/programs.tar -C ${HOME}
    }`);
  return /\bbooted\b/.test(err);
}

/** Ends the board. */
export async function stop() {
  await run(join(process.env.XEN_BOARD, 'stop'), []);
}

/** Runs a shell command in dom0. @throws {Error} when it fails */
export function dom0(command) {
  return run(join(process.env.XEN_BOARD, 'run'), ['--', command], { ...process.env, XEN_BOARD_SHARE: share });
}

async function makePrograms() {
  const stage = join(share, 'programs');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'bin'), { recursive: true });
  const archive = process.env.CELLVISOR_XEN_ARCHIVE;
  if (archive) {
    await run('tar', ['-xzf', archive, '-C', stage, '--strip-components=1']);
    rmSync(join(stage, 'node'), { recursive: true, force: true });
  } else {
    await Promise.all([compileAddon(join(stage, 'build/Release/cellvisor.node')), addBundles(stage)]);
  }
  await addRigPrograms(stage);
  await run('tar', ['-cf', join(share, 'programs.tar'), '--sort=name', '--mtime=@0', '-C', stage, '.']);
}

/** Programs of tests and benchmarks, which use the library within dom0: they lie beside the commands. */
async function addRigPrograms(stage) {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/xen/programs/*.ts', 'bench/xen/programs/*.ts'],
    entryNames: '[name]',
    outdir: join(stage, 'dist/rig'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
}

async function addBundles(stage) {
  await run(process.execPath, [join(root, 'scripts/build.mjs'), '--bundles']);
  for (const part of ['dist/bin', 'dist/cellvisor', 'package.json']) {
    cpSync(join(root, part), join(stage, part), { recursive: true });
  }
  const launcher = readFileSync(join(root, 'packaging/bin/launcher.sh'), 'utf8');
  writeFileSync(join(stage, 'bin/xl'), launcher.replaceAll('@NAME@', 'xl'), { mode: 0o755 });
}

/** The system calls alone, for any dom0 that Node.js runs in. Compiled anew only when its sources are not those of the last time. */
async function compileAddon(target) {
  const sources = ['syscalls', 'napi'].flatMap((part) =>
    readdirSync(join(root, 'native', part)).map((name) => join(root, 'native', part, name)),
  );
  sources.push(join(root, 'native/addon.cc'), join(import.meta.dirname, 'without-machine.cc'));
  const hash = createHash('sha256').update(`glibc ${FLOOR}`);
  for (const source of sources) hash.update(readFileSync(source));
  const compiled = join(share, `addon-${hash.digest('hex').slice(0, 16)}.node`);
  if (!existsSync(compiled)) {
    const flags = ['-shared', '-fPIC', '-std=c++17', '-O1', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=cellvisor'];
    const include = [`-I${join(root, 'native')}`, `-I${nodeHeaders()}`, '-static-libstdc++', '-static-libgcc'];
    const code = sources.filter((name) => name.endsWith('.cc'));
    const libraries = join(share, 'old-glibc');
    makeOldGlibc('aarch64-linux-gnu', libraries);
    const link = [`-L${libraries}`, '-Wl,--exclude-libs,ALL', '-Wl,--no-as-needed'];
    await run('aarch64-linux-gnu-g++', [...flags, ...include, ...link, ...code, '-o', compiled]);
  }
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(compiled, target);
}

/** What archives carry. Debian's Node.js of dom0 is older than what we run with, and takes four times as long to start: it has no snapshot. */
async function makeRuntime() {
  const folder = join(root, 'node_modules/.cache/cellvisor-package/arm64/node');
  const node = join(fetchNode('arm64', folder), 'bin');
  const target = join(share, `node-${NODE_VERSION}.tar`);
  if (existsSync(target)) return;
  await run('tar', ['-cf', target, '--transform', 's,^,node/bin/,', '-C', node, 'node']);
}

function nodeHeaders() {
  return join(dirname(dirname(process.execPath)), 'include/node');
}

function isInstalled(program) {
  return process.env.PATH.split(':').some((folder) => existsSync(join(folder, program)));
}

/** @returns what it printed. @throws {Error} with it, when the program fails */
function run(program, args, env = process.env) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env, stdio: 'pipe' });
    child.stdin.end();
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done({ out, err });
      else fail(new Error(`${basename(program)} ${args.join(' ')} failed:\n${out}${err}`));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const reason = whyNot();
  if (reason === undefined) {
    if (await install()) console.log('booted');
  } else {
    console.error(`the Xen board: ${reason}`);
    process.exitCode = 1;
  }
}
