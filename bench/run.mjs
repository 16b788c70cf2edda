// npm run bench [-- NAME...] [--json] [--write]
//   NAME     core, linux, start, doorbell, startup, uio, codec, checker, sampling, dashboard, xen; default: all of them
//   --json   the figures as JSON instead of a table
//   --write  all of them, into docs/performance.md
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = dirname(import.meta.dirname);
const needed = ['dist/bin/jailhouse.js', 'build/Release/cellvisor.node', 'cells/imx8mm.cell', 'inmates/gic-demo.bin'];
const missing = needed.filter((path) => !existsSync(join(root, path)));
if (missing.length > 0) {
  console.error(`bench: ${missing.join(', ')} missing; npm run build makes them`);
  process.exit(1);
}

await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts', 'bench/programs/*.ts'],
  outdir: 'dist/bench',
  outbase: 'bench',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
const child = spawn(process.execPath, [join(root, 'dist/bench/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
