import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';

/** Long-lived use of the hardware backend leaves memory, mappings and descriptors where they were. */
const root = join(__dirname, '../../..');
/** A quarter of 100,000 lost objects of the smallest size that malloc has would be as much. */
const SLACK_BYTES = 25_000 * 32;
/** The engine's own growth comes now and then; a leak comes in every run. */
const RUNS = 3;

interface Report {
  readonly what: string;
  readonly growthBytes: number;
  readonly before: unknown;
  readonly after: unknown;
}

test('memory, mappings and descriptors', async () => {
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
    const faults: unknown[] = [];
    for (let run = 0; run < RUNS; run++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
      const reports = JSON.parse(stdout) as Report[];
      expect(reports).toHaveLength(4);
      const leaking = reports.filter(
        ({ growthBytes, before, after }) =>
          growthBytes >= SLACK_BYTES || JSON.stringify(before) !== JSON.stringify(after),
      );
      if (leaking.length === 0) return;
      faults.push(leaking);
    }
    expect(faults).toEqual([]);
  } finally {
    rmSync(program);
  }
}, 120_000);
