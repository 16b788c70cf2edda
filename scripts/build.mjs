// npm run build:js: everything below dist/, and the cells and inmates that are compiled. With --bundles: only the programs.
//   dist/bin/*.js          one file a command
//   dist/cellvisor/*.js    programs that a command starts, and subcommands that it loads, only when needed
//   dist/lib               the library: index.js, and with --types its types
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = dirname(import.meta.dirname);

const commands = {
  jailhouse: 'src/cli/jailhouse/bin.ts',
  uio_send: 'src/cli/uio-send/bin.ts',
  uio_read: 'src/cli/uio-read/bin.ts',
  cellvisor: 'src/cli/cellvisor/bin.ts',
  xl: 'src/cli/xl/bin.ts',
};
const programs = { 'board-daemon': 'src/board/daemon/main.ts' };
const library = 'src/index.ts';
/** Steps of their own: the folders say what they make. */
const steps = ['scripts/build-cells.ts', 'scripts/build-inmates.mjs'];

try {
  await buildAll();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

async function buildAll() {
  await Promise.all(bundles());
  if (process.argv.includes('--bundles')) return;
  for (const step of steps) await ifPresent(step, () => runStep(step));
  if (process.argv.includes('--types')) await ifPresent(library, declareTypes);
}

function bundles() {
  return [
    ...Object.entries(commands).map(([name, source]) =>
      ifPresent(source, () =>
        bundle({ entryPoints: [source], outfile: `dist/bin/${name}.js`, banner: { js: '#!/usr/bin/env node' } }),
      ),
    ),
    ...Object.entries(programs).map(([name, source]) =>
      ifPresent(source, () => bundle({ entryPoints: [source], outfile: `dist/cellvisor/${name}.js` })),
    ),
    ifPresent(library, () => bundle({ entryPoints: [library], outfile: 'dist/lib/index.js' })),
  ];
}

async function bundle(options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    write: false,
    ...options,
  });
  for (const file of outputFiles) replaceFile(file.path, file.contents);
}

/** At once, and only when it changes: commands that start meanwhile see the old file or the new one. */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents, { mode: dirname(path) === join(root, 'dist/bin') ? 0o755 : 0o644 });
  renameSync(draft, path);
}

async function ifPresent(path, step) {
  if (existsSync(join(root, path))) await step();
  else console.log(`build: ${path} does not exist, nothing made of it`);
}

/** A script in TypeScript is bundled first: Node 20 runs none. */
async function runStep(path) {
  let program = path;
  if (path.endsWith('.ts')) {
    program = `dist/scripts/${path.slice('scripts/'.length, -'.ts'.length)}.js`;
    await bundle({ entryPoints: [path], outfile: program, sourcemap: 'inline' });
  }
  await run(['--enable-source-maps', program]);
}

/** The types of the library: some seconds, so only when asked for. */
async function declareTypes() {
  const flags = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    'src',
    '--outDir',
    'dist/lib',
  ];
  const project = join(root, 'dist/lib/tsconfig.json');
  writeFileSync(project, JSON.stringify({ extends: '../../tsconfig.json', include: [], files: [`../../${library}`] }));
  await run(['node_modules/typescript/bin/tsc', '-p', project, ...flags]);
  rmSync(project);
}

async function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`${args[0]} failed`);
}
