import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export const root = join(__dirname, '../..');
export type Arch = 'arm64' | 'x64';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. A program that cannot be started at all is an error. */
export function run(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program));
      return true;
    } catch {
      return false;
    }
  });
}

/** `describe`, or a skipped one whose reason is printed. */
export function describeIf(missing: string | undefined, name: string, body: () => void): void {
  if (missing === undefined) describe(name, body);
  else {
    process.stderr.write(`skipped: ${name}: ${missing}\n`);
    describe.skip(name, body);
  }
}

/** Why no archive can be made for a target here. */
export function whyNotBuilt(arch: Arch): string | undefined {
  const compiler = arch === 'arm64' ? 'aarch64-linux-gnu-g++' : 'x86_64-linux-gnu-g++';
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'archives are made on x86-64';
  return isInstalled(compiler) ? undefined : `${compiler} is not installed`;
}

/** A folder of one test file with an archive in it, unpacked. */
export class Unpacked {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-package-'));
  readonly archive: string;
  /** What the archive contains. */
  readonly home: string;

  constructor(arch: Arch, ...options: string[]) {
    this.archive = make(arch, this.folder, ...options);
    execFileSync('tar', ['-xzf', this.archive, '-C', this.folder]);
    const [name] = readdirSync(this.folder).filter((one) => !one.endsWith('.gz'));
    this.home = join(this.folder, name as string);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @returns path of the archive */
function make(arch: Arch, folder: string, ...options: string[]): string {
  const program = join(root, 'scripts/package.mjs');
  const { code, err } = run(process.execPath, [program, '--arch', arch, '--out', folder, ...options], { cwd: root });
  if (code !== 0) throw new Error(err);
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.tar.gz'));
  return join(folder, name as string);
}

export function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
