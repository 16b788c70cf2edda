/**
 * A C library to link against that offers what glibc 2.28 had, made of the one that the compiler came with. A program gets the
 * versions of symbols that were the default when it was linked; glibc keeps the older ones for programs of that time, but no
 * linker chooses them. So the linker sees libraries that contain the old names alone, and no code.
 */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './run.mjs';
import { symbolsOf } from './symbols.mjs';

/** Of glibc: Node 20's own floor. */
export const FLOOR = '2.28';

const STAND_INS = join(dirname(import.meta.dirname), 'glibc');
/** glibc 2.34 merged the threads and dl libraries into libc. Older ones have to be asked for them. */
const LIBRARIES = ['libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2'];

/** Whether a version such as "2.3.4" is newer than another one. */
export function isNewer(version, other) {
  const [one, two] = [version, other].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(one.length, two.length); i++) {
    const difference = (one[i] ?? 0) - (two[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Makes the folder: with -L before its name, a linker takes its libraries in place of the compiler's. */
export function makeOldGlibc(triplet, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compiler = `${triplet}-gcc`;
  const own = (name) => run(compiler, [`-print-file-name=${name}`]).trim();
  // The dynamic linker has symbols of its own, such as __tls_get_addr.
  const [, linker] = /\(NEEDED\).*\[(ld-.*)\]/.exec(run('readelf', ['-W', '-d', own('libc.so.6')])) ?? [];
  for (const name of [...LIBRARIES, linker]) makeStub(compiler, own(name), folder);
  for (const name of LIBRARIES.slice(1)) symlinkSync(name, join(folder, name.replace(/\.\d+$/, '')));
  const standIns = makeStandIns(triplet, folder);
  const [libc, , threads, dl] = LIBRARIES.map((name) => join(folder, name));
  // -lc finds this: what is in no glibc of that time comes from the stand-ins, and atexit from a static part of glibc.
  const script = `GROUP ( ${standIns} ${libc} ${own('libc_nonshared.a')} AS_NEEDED ( ${join(folder, linker)} ) )\nINPUT ( ${threads} ${dl} )\n`;
  writeFileSync(join(folder, 'libc.so'), script);
}

/** A shared library with the names and versions of another one, as far as they are old enough. */
function makeStub(compiler, library, folder) {
  const name = basename(library);
  const chosen = new Map();
  for (const symbol of symbolsOf(library)) {
    const [, version] = /^GLIBC_([\d.]+)$/.exec(symbol.version ?? '') ?? [];
    if (!symbol.isDefined || version === undefined || isNewer(version, FLOOR)) continue;
    if (symbol.name === symbol.version) continue; // the version itself
    const other = chosen.get(symbol.name);
    if (other === undefined || isNewer(version, other.version)) chosen.set(symbol.name, { ...symbol, version });
  }
  const source = join(folder, `${name}.s`);
  writeFileSync(source, [...chosen.values()].map(assembly).join(''));
  const map = join(folder, `${name}.map`);
  writeFileSync(map, versionScript([...chosen.values()]));
  const flags = ['-shared', '-nostdlib', `-Wl,-soname,${name}`, `-Wl,--version-script,${map}`];
  run(compiler, [...flags, source, '-o', join(folder, name)]);
}

function assembly({ name, type, sizeBytes }) {
  const isData = type === 'OBJECT';
  return [
    isData ? '.data' : '.text',
    `.globl "${name}"`,
    `.type "${name}", ${isData ? '%object' : '%function'}`,
    `"${name}": .zero ${isData ? sizeBytes : 4}`,
    `.size "${name}", .-"${name}"\n`,
  ].join('\n');
}

function versionScript(symbols) {
  const versions = new Map();
  for (const { name, version } of symbols) versions.set(version, [...(versions.get(version) ?? []), `"${name}";`]);
  return [...versions].map(([version, names]) => `GLIBC_${version} { ${names.join(' ')} };\n`).join('');
}

/** @returns path of a static library, from which a linker takes what it misses elsewhere */
function makeStandIns(triplet, folder) {
  const objects = readdirSync(STAND_INS).map((file) => {
    const object = join(folder, file.replace(/\.c$/, '.o'));
    const flags = ['-std=gnu11', '-O2', '-fPIC', '-fno-builtin', '-Wall', '-Wextra', '-Werror'];
    run(`${triplet}-gcc`, [...flags, '-c', join(STAND_INS, file), '-o', object]);
    return object;
  });
  const library = join(folder, 'libstandins.a');
  run(`${triplet}-ar`, ['rcsD', library, ...objects]);
  return library;
}
