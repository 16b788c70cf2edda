import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { glibcOf, isLibrary, requireOldBoards } from './native.mjs';

const root = dirname(dirname(import.meta.dirname));
/** What src/kernel/hardware/packages.ts loads, but for ioctl: that one is built for one major version of Node.js. */
const ADDONS = ['ffi-napi', 'ref-napi'];
/** Dependencies of addons that are headers: nothing of them runs. */
const HEADERS = new Set(['node-addon-api', 'get-symbol-from-current-process-h', 'get-uv-event-loop-napi-h']);
const NOT_RUN = new Set(['build', 'docs', 'example', 'node_modules', 'prebuilds', 'test', 'testsuite']);

/**
 * Puts the npm packages with native code into the archive, compiled for its target, and what they depend on. A package that is
 * not installed, being optional, is left out.
 *
 * @param folder keeps what has been compiled
 * @param say called with a line about each
 */
export function addNpmAddons(build, folder, stage, say) {
  const packages = new Set();
  for (const name of ADDONS) {
    const found = findPackage(name, root);
    if (found === undefined) say(`${name} is not installed, and so not in the archive`);
    else addWithDependencies(found, packages);
  }
  for (const source of packages) {
    const path = relative(root, source);
    copyScripts(source, join(stage, path));
    if (existsSync(join(source, 'binding.gyp'))) addCompiled(build, source, join(folder, path), join(stage, path), say);
  }
  say('ioctl is not in the archive: it would load in one major version of Node.js, and the addon’s own ioctl answers');
}

function addWithDependencies(source, packages) {
  if (packages.has(source)) return;
  packages.add(source);
  for (const name of Object.keys(JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).dependencies ?? {})) {
    if (HEADERS.has(name)) continue;
    const found = findPackage(name, source);
    if (found === undefined) throw new Error(`${relative(root, source)} needs ${name}, which is not installed`);
    addWithDependencies(found, packages);
  }
}

/** As require() looks for it; undefined when it is nowhere. */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === root) return undefined;
  }
}

/** JavaScript, package.json, and licenses. */
function copyScripts(source, stage) {
  for (const path of scriptsOf(source)) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    copyFileSync(join(source, path), join(stage, path));
  }
}

/** @returns paths, relative to the folder */
function scriptsOf(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory())
      return NOT_RUN.has(entry.name) || entry.name.startsWith('.') ? [] : scriptsOf(folder, path);
    return /\.(js|json)$|^licen[cs]e(\.\w+)?$/i.test(entry.name) ? [path] : [];
  });
}

function addCompiled(build, source, work, target, say) {
  // What the machine that makes the archive compiled for itself stays where it is.
  const own = new Set(['build', 'prebuilds'].map((name) => join(source, name)));
  cpSync(source, work, { recursive: true, preserveTimestamps: true, filter: (path) => !own.has(path) });
  const built = build.build(work);
  for (const file of readdirSync(built).filter(isLibrary)) {
    const library = join(built, file);
    requireOldBoards(library);
    say(`${relative(root, source)}: ${file} needs glibc ${glibcOf(library)}`);
    mkdirSync(join(target, 'build/Release'), { recursive: true });
    copyFileSync(library, join(target, 'build/Release', file));
  }
}
