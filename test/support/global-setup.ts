import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Tests that start processes start what the sources say now, not what was built some time ago. */
export default function buildPrograms(): void {
  execFileSync(process.execPath, [join(__dirname, '../../scripts/build.mjs'), '--bundles'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
