import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';

/** Long-lived use of the hardware backend leaves memory, mappings, descriptors and threads where they were. */
const root = join(__dirname, '../../..');
/** V8's account of its heap varies by up to 160,000 bytes in a fifth of the uses, whether they are many or few. */
const HEAP_SLACK_BYTES = 200_000;
/** malloc's smallest object takes 32. Node 24 itself was seen to hold 51,000 bytes more after 2,000 mappings, once. */
const MALLOC_SLACK_BYTES_PER_USE = 30;

interface Report {
  readonly what: string;
  /** Of the hardware backend, within which the heaps have grown. */
  readonly uses: number;
  readonly growth: { readonly heapBytes: number; readonly mallocBytes: number };
  readonly before: unknown;
  readonly after: unknown;
}

test('memory, mappings, descriptors and threads', async () => {
  const program = join(root, `dist/leaks-${process.pid}.js`);
  buildSync({
    entryPoints: [join(__dirname, 'programs/leaks.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--no-flush-bytecode', program]);
    const { isMallocCounted, reports } = JSON.parse(stdout) as { isMallocCounted: boolean; reports: Report[] };
    if (!isMallocCounted) process.stderr.write('skipped: what malloc has given out: ffi-napi does not load\n');
    expect(reports).toHaveLength(4);
    const leaking = reports.filter(
      ({ uses, growth }) =>
        growth.heapBytes > HEAP_SLACK_BYTES || growth.mallocBytes > uses * MALLOC_SLACK_BYTES_PER_USE,
    );
    expect(leaking).toEqual([]);
    for (const { what, before, after } of reports) expect([what, after]).toEqual([what, before]);
  } finally {
    rmSync(program);
  }
}, 300_000);
