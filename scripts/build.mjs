// npm run build:js: everything below dist/, and the cells and inmates that are compiled. With --bundles: only the programs.
//   dist/bin/*.js          one file a command: it loads what follows, compiled in an earlier run where it can
//   dist/cellvisor/*.js    the commands themselves, programs that they start, and parts that they load, only when needed
//   dist/lib               the library: index.js, and with --types its types
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
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
const programs = {
  'board-daemon': 'src/board/daemon/main.ts',
};
/** What commands reach by import(): files of their own, so that a command that needs none of it starts without reading it. */
const parts = {
  'jailhouse-config': 'src/cli/jailhouse/config/index.ts',
  'cell-linux': 'src/cli/jailhouse/cell/linux/index.ts',
  'explain-refusal': 'src/jailhouse/explain/explain.ts',
  'config-yaml': 'src/config/show/yaml.ts',
  'emulated-kernel': 'src/kernel/emulated/index.ts',
  'remote-kernel': 'src/kernel/remote/over-ssh.ts',
  agent: 'src/cli/cellvisor/agent/index.ts',
  try: 'src/cli/cellvisor/try/index.ts',
  gdb: 'src/cli/cellvisor/gdb/serve.ts',
  exporter: 'src/cli/cellvisor/exporter/index.ts',
  'dashboard-xen': 'src/dashboard/xen/index.ts',
  'xl-create': 'src/cli/xl/create/create.ts',
  'xl-config-update': 'src/cli/xl/config-update/config-update.ts',
  'xl-monitor': 'src/cli/xl/monitor-domain.ts',
  'xl-top': 'src/cli/xl/top/top.ts',
  'xl-devices': 'src/cli/xl/device-commands.ts',
  'xl-console': 'src/cli/xl/console.ts',
};
/** Parts with a whole screen, in folders of their own: beside these lie descriptions of terminals. */
const screens = {
  dashboard: 'src/cli/cellvisor/top/program.ts',
  'xl-top-screen': 'src/cli/xl/top/interactive.ts',
};
/** In one copy: what a part throws, the command catches by its class. */
const shared = {
  errors: 'src/errors.ts',
  arguments: 'src/cli/cellvisor/arguments.ts',
  'xl-arguments': 'src/cli/xl/arguments.ts',
  'xl-config': 'src/xen/config/index.ts',
};
/** Blessed looks for terminals that the system does not describe in ../usr, seen from the program that it is part of. */
const terminals = ['linux', 'xterm', 'xterm-256color'];
/**
 * One of blessed's files needs all of blessed for the width of a tab, and blessed loads every widget by its name. No tab gets
 * there, so none of that is loaded, or bundled.
 */
const withoutUnusedWidgets = {
  name: 'without-unused-widgets',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/$/ }, ({ path, importer }) =>
      importer.endsWith('blessed/lib/unicode.js') ? { path, external: true } : undefined,
    );
  },
};
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
    ...Object.keys(commands).map((name) =>
      bundle({
        entryPoints: ['src/cli/start/start.ts'],
        outfile: `dist/bin/${name}.js`,
        banner: { js: '#!/usr/bin/env node' },
        define: { COMMAND: JSON.stringify(name) },
        minifyIdentifiers: true,
      }),
    ),
    ...Object.entries({ ...commands, ...parts, ...shared }).map(([name, source]) =>
      ifPresent(source, () => bundle({ entryPoints: [source], outfile: `dist/cellvisor/${name}.js`, ...part('.') })),
    ),
    ...Object.entries(programs).map(([name, source]) =>
      ifPresent(source, () => bundle({ entryPoints: [source], outfile: `dist/cellvisor/${name}.js` })),
    ),
    ...Object.entries(screens).map(([name, source]) =>
      ifPresent(source, () => {
        const { plugins, ...options } = part('..');
        const outfile = `dist/cellvisor/${name}/${name}.js`;
        return bundle({ ...options, entryPoints: [source], outfile, plugins: [...plugins, withoutUnusedWidgets] });
      }),
    ),
    ...terminals.map((name) => copyTerminal(name)),
    ifPresent(library, () => bundle({ entryPoints: [library], outfile: 'dist/lib/index.js' })),
  ];
}

/**
 * What src/cli/start loads. Leaves other parts and what is shared to their own files, which lie in that folder as seen from the
 * bundle.
 */
function part(folder) {
  const inFolders = Object.entries(screens).map(([name, source]) => [`${name}/${name}`, source]);
  const names = [...Object.entries({ ...parts, ...shared }), ...inFolders];
  const files = new Map(names.map(([name, source]) => [join(root, source), name]));
  const plugin = {
    name: 'parts',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^\./ }, async ({ path, pluginData, ...where }) => {
        if (where.kind === 'entry-point' || pluginData === plugin) return undefined;
        const name = files.get((await resolve(path, { ...where, pluginData: plugin })).path);
        return name && { path: `${folder}/${name}.js`, external: true };
      });
    },
  };
  // require() instead of import(): the loader of ES modules would cost more than the file.
  return {
    plugins: [plugin],
    supported: { 'dynamic-import': false },
    // Here and not when it is loaded: to make one string of three would copy it.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
  };
}

async function bundle(options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Names stay: what a stack shows can be found in the sources. The rest is read at every start.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
    write: false,
    ...options,
  });
  for (const { path, text } of outputFiles) {
    // src/cli/start tells by the first line whether it has this very text compiled already.
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    replaceFile(path, Buffer.from(path.startsWith(join(root, 'dist/cellvisor/')) ? `// ${hash}\n${text}` : text));
  }
}

async function copyTerminal(name) {
  replaceFile(join(root, 'dist/cellvisor/usr', name), readFileSync(join(root, 'node_modules/blessed/usr', name)));
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
    // What was written is gone when dist/lib is: nothing may be left out as unchanged.
    '--incremental',
    'false',
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
