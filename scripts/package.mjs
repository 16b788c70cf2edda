/**
 * npm run package -- --arch arm64|x64 [--with-node] [--out DIR]
 *
 * Makes cellvisor-VERSION-linux-ARCH.tar.gz: everything that a board needs, compiled here. The same sources give the same
 * bytes.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from '../packaging/archive/archive.mjs';
import { manPages } from '../packaging/archive/man.mjs';
import { glibcOf, NativeBuild, requireOldBoards } from '../packaging/archive/native.mjs';
import { fetchNode, NODE_VERSION } from '../packaging/archive/node-runtime.mjs';
import { addNpmAddons } from '../packaging/archive/npm-addons.mjs';
import { run } from '../packaging/archive/run.mjs';
import { targets } from '../packaging/archive/targets.mjs';

const root = dirname(import.meta.dirname);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const programs = Object.keys(manifest.bin);
const USAGE = `usage: npm run package -- --arch ${Object.keys(targets).join('|')} [--with-node] [--out DIR]`;

const say = (text) => console.log(`package: ${text}`);

try {
  const options = readOptions();
  if (options === undefined) {
    console.error(USAGE);
    process.exitCode = 2;
  } else {
    await makePackage(options);
  }
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
}

function readOptions() {
  try {
    const options = { arch: { type: 'string' }, 'with-node': { type: 'boolean' }, out: { type: 'string' } };
    const { values } = parseArgs({ options });
    return Object.hasOwn(targets, values.arch ?? '') ? values : undefined;
  } catch {
    return undefined;
  }
}

async function makePackage({ arch, 'with-node': withNode, out = root }) {
  // Types of files that are gone would stay otherwise.
  rmSync(join(root, 'dist/lib'), { recursive: true, force: true });
  run(process.execPath, [join(root, 'scripts/build.mjs'), '--types']);
  // What has been compiled is kept: out of the reach of git, npm pack and `npm run build:native`.
  const work = join(root, 'node_modules/.cache/cellvisor-package', arch);
  const name = `cellvisor-${manifest.version}-linux-${arch}`;
  const stage = join(work, 'stage', name);
  rmSync(dirname(stage), { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });

  addPrograms(stage);
  addNative(stage, arch, work);
  addCellsAndInmates(stage);
  await addManPages(stage, work);
  addCompletion(stage);
  addUnits(stage);
  if (withNode) addNode(stage, arch, work);

  mkdirSync(resolve(out), { recursive: true });
  const archive = join(resolve(out), `${name}.tar.gz`);
  await pack(stage, archive);
  say(`${archive}${withNode ? `, with Node.js ${NODE_VERSION}` : ''}`);
}

/** Bundles, the library, launchers, and what says who made this. */
function addPrograms(stage) {
  for (const folder of ['dist/bin', 'dist/cellvisor', 'dist/lib']) copyTree(folder, stage);
  const launcher = readFileSync(join(root, 'packaging/bin/launcher.sh'), 'utf8');
  for (const program of programs) write(stage, `bin/${program}`, launcher.replaceAll('@NAME@', program), 0o755);
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) copyFileSync(join(root, file), join(stage, file));
  copyTree('docs', stage);
  const { name, version, description, license, type, engines, os, bin, main, types, exports } = manifest;
  const own = { name, version, description, license, type, engines, os, bin, main, types, exports };
  write(stage, 'package.json', `${JSON.stringify(own, undefined, 2)}\n`);
}

function addNative(stage, arch, work) {
  const build = new NativeBuild(arch, work);
  const built = build.buildOwn();
  for (const file of ['cellvisor.node', 'cellvisor-bridge.so']) {
    requireOldBoards(join(built, file));
    say(`${file} needs glibc ${glibcOf(join(built, file))}`);
    copy(join(built, file), stage, `build/Release/${file}`, 0o755);
  }
  addNpmAddons(build, join(work, 'npm'), stage, say);
}

/** The sources say which compiled files there are: others may be left from earlier. */
function addCellsAndInmates(stage) {
  const names = (folder, ending) =>
    readdirSync(join(root, folder)).flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : []));
  for (const name of names('cells', '.ts').filter((one) => one !== 'index')) {
    copy(join(root, 'cells', `${name}.cell`), stage, `cells/${name}.cell`);
  }
  for (const name of names('inmates/prebuilt', '.bin')) {
    copy(join(root, 'inmates', `${name}.bin`), stage, `inmates/${name}.bin`);
  }
}

async function addManPages(stage, work) {
  for (const [page, text] of await manPages(manifest.version, work)) {
    write(stage, `share/man/man${page.at(-1)}/${page}`, text);
  }
}

/** Each shell looks for a file with the name of the command that is typed. */
function addCompletion(stage) {
  const script = (shell) => run(process.execPath, [join(root, 'dist/bin/cellvisor.js'), 'completion', shell]);
  write(stage, 'share/zsh/site-functions/_jailhouse', script('zsh'));
  for (const [folder, shell, ending] of [
    ['share/bash-completion/completions', 'bash', ''],
    ['share/fish/vendor_completions.d', 'fish', '.fish'],
  ]) {
    const [first, ...others] = ['jailhouse', ...programs.filter((program) => program !== 'jailhouse')];
    write(stage, `${folder}/${first}${ending}`, script(shell));
    for (const program of others) symlinkSync(`${first}${ending}`, join(stage, folder, `${program}${ending}`));
  }
}

function addUnits(stage) {
  const folder = join(root, 'packaging/systemd');
  for (const file of readdirSync(folder)) {
    const place = file.endsWith('.service')
      ? `lib/systemd/system/${file}`
      : file.endsWith('-generator')
        ? `lib/systemd/system-generators/${file}`
        : `lib/cellvisor/${file}`;
    copy(join(folder, file), stage, place, file.endsWith('.service') ? 0o644 : 0o755);
  }
}

function addNode(stage, arch, work) {
  const node = fetchNode(arch, join(work, 'node'));
  copy(join(node, 'bin/node'), stage, 'node/bin/node', 0o755);
  copy(join(node, 'LICENSE'), stage, 'node/LICENSE');
}

function copyTree(folder, stage) {
  cpSync(join(root, folder), join(stage, folder), { recursive: true });
}

function copy(source, stage, path, mode = 0o644) {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  copyFileSync(source, join(stage, path));
  chmodSync(join(stage, path), mode);
}

function write(stage, path, text, mode = 0o644) {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  writeFileSync(join(stage, path), text, { mode });
  chmodSync(join(stage, path), mode);
}
