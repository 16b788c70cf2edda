import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { FLOOR, isNewer, makeOldGlibc } from './old-glibc.mjs';
import { run } from './run.mjs';
import { symbolsOf } from './symbols.mjs';
import { targets } from './targets.mjs';

const root = dirname(dirname(import.meta.dirname));
const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
/** What Node.js itself has for addons. */
const OF_NODE = /^(napi_|node_api_|uv_)/;

/** Compiles native code for one target, with node-gyp and the target's cross compiler. */
export class NativeBuild {
  /** Node's name of the target. */
  arch;
  #triplet;
  #work;
  #libraries;

  /** @param work folder that keeps what has been compiled */
  constructor(arch, work) {
    this.arch = arch;
    this.#triplet = targets[arch].triplet;
    this.#work = work;
    this.#libraries = join(work, 'old-glibc');
    makeOldGlibc(this.#triplet, this.#libraries);
  }

  /** @returns folder with cellvisor.node and cellvisor-bridge.so */
  buildOwn() {
    const folder = join(this.#work, 'own');
    for (const path of ['binding.gyp', 'native', 'scripts/native-sources.mjs']) {
      copyAnew(join(root, path), join(folder, path));
    }
    return this.build(folder);
  }

  /**
   * Compiles what the binding.gyp of a folder says, as far as it has changed.
   *
   * @returns folder with the libraries
   */
  build(folder) {
    const prefix = dirname(dirname(process.execPath));
    const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
    const built = join(folder, 'build/Release');
    // Linked every time: make does not know when the C library has become another one.
    for (const file of existsSync(built) ? readdirSync(built, { recursive: true }) : []) {
      if (isLibrary(file)) rmSync(join(built, file));
    }
    this.#nodeGyp(folder, ['configure', `--arch=${this.arch}`, ...headers]);
    this.#nodeGyp(folder, ['build', `--jobs=${availableParallelism()}`]);
    return built;
  }

  #nodeGyp(folder, args) {
    // Debug information, build ids and paths of this machine would differ between machines.
    const samePaths = `-ffile-prefix-map=${resolve(folder)}=.`;
    const compilers = { CC: `${this.#triplet}-gcc`, CXX: `${this.#triplet}-g++`, AR: `${this.#triplet}-ar` };
    const env = {
      ...process.env,
      ...compilers,
      LINK: compilers.CXX,
      CFLAGS: samePaths,
      CXXFLAGS: samePaths,
      LDFLAGS: [
        `-L${resolve(this.#libraries)}`,
        '-static-libstdc++',
        '-Wl,--exclude-libs,ALL',
        '-Wl,--no-as-needed',
        '-Wl,--build-id=none',
        '-Wl,--strip-all',
      ].join(' '),
    };
    run(process.execPath, [nodeGyp, ...args, '--loglevel=error'], { cwd: folder, env });
  }
}

/** Whether a file's name is that of a shared library that node-gyp makes. */
export function isLibrary(file) {
  return /\.(node|so)$/.test(file);
}

/** Copies with times, so that make sees what changed; what is gone in the source is gone in the copy. */
export function copyAnew(source, target, options = {}) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target, { recursive: true, preserveTimestamps: true, ...options });
}

/** @returns the newest version of glibc's symbols that a library needs, such as "2.17" */
export function glibcOf(library) {
  const versions = symbolsOf(library)
    .filter(({ isDefined }) => !isDefined)
    .flatMap(({ version }) => /^GLIBC_([\d.]+)$/.exec(version ?? '')?.[1] ?? []);
  return versions.reduce((newest, version) => (isNewer(version, newest) ? version : newest), '0');
}

/** @throws {Error} when a library needs something that a board with glibc 2.28 does not have */
export function requireOldBoards(library) {
  const version = glibcOf(library);
  if (isNewer(version, FLOOR)) {
    throw new Error(`${basename(library)} needs glibc ${version}, and boards may have ${FLOOR}`);
  }
  // A name without a version is one that the linker found nowhere.
  const lost = symbolsOf(library)
    .filter(({ isDefined, isWeak, version, name }) => !isDefined && !isWeak && !version && !OF_NODE.test(name))
    .map(({ name }) => name);
  if (lost.length > 0) {
    throw new Error(
      `${basename(library)} needs ${lost.join(', ')}, which glibc ${FLOOR} does not have: packaging/glibc is the place for a stand-in`,
    );
  }
}
