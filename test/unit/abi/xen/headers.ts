/** Sizes and offsets as the C compiler for arm64 sees them in Xen's public headers (Debian's libxen-dev). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianFiles } from '../../../support/debian-files';

/** Headers of several releases, a folder each: `CELLVISOR_XEN_HEADERS`, or the cache that scripts/fetch-debian-files.mjs fills. */
const cache = debianFiles('xen-headers', 'CELLVISOR_XEN_HEADERS');
const INSTALLED = '/usr/include';
const COMPILER = 'aarch64-linux-gnu-gcc';

export interface Headers {
  /** The folder that has `xen/domctl.h`. */
  readonly folder: string;
  readonly domctlVersion: number;
  readonly sysctlVersion: number;
}

/** The fetched headers, and those that are installed. */
export function findHeaders(): Headers[] {
  const fetched = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : [];
  return [...fetched, INSTALLED]
    .filter((folder) => existsSync(join(folder, 'xen/domctl.h')))
    .map((folder) => ({
      folder,
      domctlVersion: interfaceVersion(folder, 'domctl'),
      sysctlVersion: interfaceVersion(folder, 'sysctl'),
    }));
}

function interfaceVersion(folder: string, name: 'domctl' | 'sysctl'): number {
  const text = readFileSync(join(folder, `xen/${name}.h`), 'latin1');
  const found = /^#define XEN_\w+_INTERFACE_VERSION (0x[0-9a-f]+)$/m.exec(text)?.[1];
  if (found === undefined) throw new Error(`${folder}/xen/${name}.h has no interface version`);
  return Number(found);
}

/** Why there is nothing to compare with; undefined when there is. */
export function whyNot(): string | undefined {
  if (findHeaders().length === 0) {
    return "there are no headers of Xen: scripts/fetch-debian-files.mjs fetches them, or libxen-dev installs one release's";
  }
  if (spawnSync(COMPILER, ['--version']).error) return `${COMPILER} is not installed`;
  return undefined;
}

/** Values of constant C expressions. Nothing is run: they are read from the object file. */
export function evaluate({ folder }: Headers, expressions: readonly string[]): number[] {
  const work = mkdtempSync(join(tmpdir(), 'cellvisor-headers-'));
  try {
    const source = [
      '#define __XEN_TOOLS__ 1',
      ...['stddef.h', 'stdint.h', 'xen/xen.h', 'xen/domctl.h', 'xen/sysctl.h', 'xen/memory.h', 'xen/version.h'],
      ...['xen/event_channel.h', 'xen/grant_table.h', 'xen/sched.h', 'xen/hvm/hvm_op.h', 'xen/hvm/params.h'],
    ].map((line) => (line.startsWith('#') ? line : `#include <${line}>`));
    source.push(`const uint64_t values[] __attribute__((section(".values"))) = { ${expressions.join(',\n')} };`);
    writeFileSync(join(work, 'values.c'), source.join('\n'));
    run(COMPILER, ['-I', folder, '-c', join(work, 'values.c'), '-o', join(work, 'values.o')]);
    const binary = join(work, 'values.bin');
    run('aarch64-linux-gnu-objcopy', [
      '-O',
      'binary',
      '-j',
      '.values',
      '--set-section-flags',
      '.values=alloc',
      join(work, 'values.o'),
      binary,
    ]);
    const bytes = readFileSync(binary);
    return expressions.map((_, index) => Number(bytes.readBigUInt64LE(8 * index)));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
}
