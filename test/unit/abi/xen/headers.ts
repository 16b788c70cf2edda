/** Sizes and offsets as the C compiler for arm64 sees them in Xen's public headers (Debian's libxen-dev, 4.17). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder that has `xen/domctl.h`. */
const folder = process.env['XEN_HEADERS'] ?? '/usr/include';
const COMPILER = 'aarch64-linux-gnu-gcc';

export function whyNot(): string | undefined {
  if (!existsSync(join(folder, 'xen/domctl.h'))) return "Xen's headers are not installed (libxen-dev)";
  if (spawnSync(COMPILER, ['--version']).error) return `${COMPILER} is not installed`;
  return undefined;
}

/** Values of constant C expressions. Nothing is run: they are read from the object file. */
export function evaluate(expressions: readonly string[]): number[] {
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
