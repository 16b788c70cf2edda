/**
 * Puts the inmates where the commands of the README expect them: inmates/NAME.bin.
 *
 *   node scripts/build-inmates.mjs            builds them where the cross compiler is installed, else takes the prebuilt ones
 *   node scripts/build-inmates.mjs --check    rebuilds elsewhere and compares with the prebuilt ones, byte for byte
 *   node scripts/build-inmates.mjs --update   rebuilds and replaces the prebuilt ones
 *
 * --check says why when it cannot compare (no compiler, or another one than the prebuilt files were made with) and
 * fails only on a difference.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const crossCompile = process.env.CROSS_COMPILE ?? 'aarch64-linux-gnu-';
const compilerRecord = join(root, 'inmates/prebuilt/compiler.txt');

/** Where the Makefile leaves each group of files, below its build folder, and where their prebuilt copies are. */
const groups = [
  { built: '.', prebuilt: 'inmates/prebuilt' },
  { built: 'board-tests', prebuilt: 'test/board/inmates/prebuilt' },
  { built: 'benchmarks', prebuilt: 'bench/inmates/prebuilt' },
];

const say = (text) => process.stdout.write(`inmates: ${text}\n`);

/** First lines of the compiler and the linker, which decide the bytes; undefined without a compiler. */
function compilerVersion() {
  const firstLine = (tool) =>
    spawnSync(`${crossCompile}${tool}`, ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0];
  const compiler = firstLine('gcc');
  return compiler && `${compiler}\n${firstLine('ld')}\n`;
}

function make(buildFolder) {
  const args = ['-s', '-C', join(root, 'inmates'), `BUILD=${buildFolder}`, `CROSS_COMPILE=${crossCompile}`];
  const result = spawnSync('make', args, { encoding: 'utf8' });
  return result.status === 0 ? undefined : (result.error?.message ?? `${result.stdout}${result.stderr}`).trim();
}

const binaries = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bin')) : []);

function copyBinaries(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of binaries(from)) {
    copyFileSync(join(from, name), join(to, name));
    chmodSync(join(to, name), 0o644);
  }
}

function install() {
  const version = compilerVersion();
  const failure = version ? make('build') : `${crossCompile}gcc is not installed`;
  const source = failure === undefined ? 'inmates/build' : 'inmates/prebuilt';
  copyBinaries(join(root, source), join(root, 'inmates'));
  if (failure === undefined) say(`built ${binaries(join(root, source)).length} with ${version.split('\n')[0]}`);
  else say(`took ${binaries(join(root, source)).length} prebuilt ones: ${failure}`);
  return 0;
}

/** Names of the files that differ, or that only one side has. */
function differences(buildFolder) {
  return groups.flatMap((group) => {
    const built = join(buildFolder, group.built);
    const prebuilt = join(root, group.prebuilt);
    const names = new Set([...binaries(built), ...binaries(prebuilt)]);
    return [...names]
      .filter((name) => {
        const files = [join(built, name), join(prebuilt, name)];
        return !files.every(existsSync) || !readFileSync(files[0]).equals(readFileSync(files[1]));
      })
      .map((name) => join(group.prebuilt, name));
  });
}

function withBuildFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-inmates-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check() {
  const version = compilerVersion();
  const recorded = readFileSync(compilerRecord, 'utf8');
  if (!version) {
    say(`not checked: ${crossCompile}gcc is not installed`);
    return 0;
  }
  if (version !== recorded) {
    say(`not checked: the prebuilt files come from\n${recorded}and here is\n${version}`.trimEnd());
    return 0;
  }
  return withBuildFolder((folder) => {
    const failure = make(folder);
    const different = failure === undefined ? differences(folder) : [];
    if (failure !== undefined) say(`the build failed: ${failure}`);
    else if (different.length > 0) say(`a rebuild gives other bytes than ${different.join(', ')}: run with --update`);
    else say('a rebuild gives the same bytes');
    return failure === undefined && different.length === 0 ? 0 : 1;
  });
}

function update() {
  const version = compilerVersion();
  return withBuildFolder((folder) => {
    const failure = version ? make(folder) : `${crossCompile}gcc is not installed`;
    if (failure !== undefined) {
      say(`nothing updated: ${failure}`);
      return 1;
    }
    for (const group of groups) {
      rmSync(join(root, group.prebuilt), { recursive: true, force: true });
      copyBinaries(join(folder, group.built), join(root, group.prebuilt));
    }
    writeFileSync(compilerRecord, version);
    say('the prebuilt files are those of this tree now');
    return 0;
  });
}

const modes = { '--check': check, '--update': update };
const [mode, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (mode !== undefined && !(mode in modes))) {
  process.stderr.write('usage: node scripts/build-inmates.mjs [--check | --update]\n');
  process.exit(2);
}
process.exit((modes[mode] ?? install)());
