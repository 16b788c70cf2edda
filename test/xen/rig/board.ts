/**
 * The board of test:xen: a real Xen on an emulated Arm machine, with the C tools in its dom0. `XEN_BOARD` names the folder with
 * its programs `run` and `cp`; without it, nothing here can run.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = join(__dirname, '../../..');
const folder = resolve(root, process.env['XEN_BOARD'] ?? '../shared/xen-board');
/** Runs a shell command in dom0, with stdin and stdout passed through. */
export const DOM0_PROGRAM = join(folder, 'run');
/** Where dom0 has our files, and its C xl without Debian's wrapper. */
const HOME = '/opt/cellvisor';
const C_XL = '/usr/lib/xen-4.17/bin/xl';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Why the tests cannot run here; undefined when they can. */
export function whyNot(): string | undefined {
  if (!existsSync(DOM0_PROGRAM)) return `no Xen board at ${process.env['XEN_BOARD'] ?? '../shared/xen-board'}`;
  for (const program of ['qemu-system-aarch64', 'aarch64-linux-gnu-g++']) {
    if (spawnSync(program, ['--version']).error) return `${program} is not installed`;
  }
  if (!existsSync(nodeHeaders())) return 'no headers of Node.js';
  return undefined;
}

/** A command in dom0's shell. */
export function dom0(command: string): Outcome {
  const { status, stdout, stderr } = spawnSync(DOM0_PROGRAM, ['--', command], {
    encoding: 'utf8',
    input: '',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

export const ourXl = (args: string) => dom0(`${HOME}/bin/xl ${args}`);
export const cXl = (args: string) => dom0(`${C_XL} ${args}`);

/** What both tools answer to each of many lines of arguments, one after the other; two lines at a time, in one call. */
export function bothXl(lines: readonly string[]): Map<string, { readonly ours: Outcome; readonly c: Outcome }> {
  const run = (xl: string, args: string, file: string) =>
    `${xl} ${args} >${file}.out 2>${file}.err; echo $? >${file}.code`;
  const pairs = lines.map(
    (args, index) => `${run(C_XL, args, `${index}.c`)}; ${run(`${HOME}/bin/xl`, args, `${index}.ours`)}`,
  );
  const script = [
    'rm -rf /tmp/both; mkdir /tmp/both; cd /tmp/both',
    `tr '\\n' '\\0' <<'END' | xargs -0 -n 1 -P 2 sh -c\n${pairs.join('\n')}\nEND`,
    // One line a file: its name, and its bytes as base64.
    'for file in *; do echo "$file $(base64 -w 0 $file)"; done',
  ].join('\n');
  const answer = dom0(script);
  const files = new Map(answer.out.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line]));
  const outcome = (name: string): Outcome => {
    const [code = '', out = '', err = ''] = ['code', 'out', 'err'].map((kind) =>
      Buffer.from(files.get(`${name}.${kind}`)?.split(' ')[1] ?? '', 'base64').toString(),
    );
    if (code === '') throw new Error(`dom0 did not run ${name}: ${answer.err}`);
    return { code: Number(code), out, err };
  };
  return new Map(lines.map((args, index) => [args, { ours: outcome(`${index}.ours`), c: outcome(`${index}.c`) }]));
}

/** Compiles, boots, and puts our programs into dom0, once a boot. */
export function install(): void {
  const stage = mkdtempSync(join(tmpdir(), 'cellvisor-xen-'));
  try {
    mkdirSync(join(stage, 'build/Release'), { recursive: true });
    compileAddon(join(stage, 'build/Release/cellvisor.node'));
    must(spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--bundles'], { encoding: 'utf8' }));
    mkdirSync(join(stage, 'bin'));
    mkdirSync(join(stage, 'dist'));
    for (const part of ['bin', 'cellvisor']) {
      cpSync(join(root, 'dist', part), join(stage, 'dist', part), { recursive: true });
    }
    copyFileSync(join(root, 'package.json'), join(stage, 'package.json'));
    const launcher = `#!/bin/sh\nexec node ${HOME}/dist/bin/xl.js "$@"\n`;
    writeFileSync(join(stage, 'bin/xl'), launcher, { mode: 0o755 });
    must(spawnSync(DOM0_PROGRAM, ['--', `mkdir -p ${HOME}`], { encoding: 'utf8' }));
    const files = readdirSync(stage).map((name) => join(stage, name));
    must(spawnSync(join(folder, 'cp'), [...files, `:${HOME}/`], { encoding: 'utf8' }));
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** The system calls alone: the machine takes minutes to compile, and no command of dom0 needs it. */
function compileAddon(target: string): void {
  const sources = ['syscalls', 'napi'].flatMap((part) =>
    readdirSync(join(root, 'native', part))
      .filter((name) => name.endsWith('.cc'))
      .map((name) => join(root, 'native', part, name)),
  );
  const flags = ['-shared', '-fPIC', '-std=c++17', '-O1', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=cellvisor'];
  const include = [`-I${join(root, 'native')}`, `-I${nodeHeaders()}`];
  const all = [...flags, ...include, ...sources, join(__dirname, 'addon.cc'), '-static-libstdc++', '-static-libgcc'];
  must(spawnSync('aarch64-linux-gnu-g++', [...all, '-o', target], { encoding: 'utf8' }));
}

function nodeHeaders(): string {
  return join(dirname(dirname(process.execPath)), 'include/node');
}

function must({ status, stderr, error }: ReturnType<typeof spawnSync>): void {
  if (error) throw error;
  if (status !== 0) throw new Error(String(stderr));
}
