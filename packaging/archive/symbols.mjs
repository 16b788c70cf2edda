import { run } from './run.mjs';

const ROW = /^ *\d+: \S+ +(\S+) +(\S+) +(\S+) +\S+ +(?:\[.*\] +)?(\S+) +([^\s@]+)(?:@@?(\S+))?/;

/**
 * Dynamic symbols of an ELF file of any machine.
 *
 * @returns per symbol: name, version (undefined where it has none), whether the file defines it, whether it is weak, its type
 * (FUNC, OBJECT, ...) and size in bytes
 */
export function symbolsOf(file) {
  return run('readelf', ['-W', '--dyn-syms', file])
    .split('\n')
    .map((line) => ROW.exec(line))
    .filter((row) => row !== null)
    .map(([, size, type, binding, section, name, version]) => ({
      name,
      version,
      isDefined: section !== 'UND',
      isWeak: binding === 'WEAK',
      type,
      sizeBytes: Number(size),
    }));
}
