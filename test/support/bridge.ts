import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardPaths, bridgeLibrary } from '../../src/paths';
import { BoardProcesses } from './board-processes';
import type { ChildProcess } from 'node:child_process';
import type { Finished } from './board-processes';

const root = join(__dirname, '../..');

export interface BridgeOptions {
  readonly faults?: readonly string[];
  readonly trace?: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** An emulated board of its own, and programs that see it through `cellvisor run`. */
export class BridgedBoard {
  readonly processes = new BoardProcesses();
  private readonly programs = mkdtempSync(join(tmpdir(), 'cellvisor-programs-'));

  /** Runs any program under the bridge to its end. */
  run(command: readonly string[], options: BridgeOptions = {}): Promise<Finished> {
    return new Promise((resolve) => {
      const args = this.arguments(command, options);
      execFile(process.execPath, args, { env: this.environment(options), cwd: root }, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, out, err });
      });
    });
  }

  /**
   * Runs a command of dist/bin with the hardware backend. The board must run. What `cellvisor run` sets is set here: that is a
   * process less.
   */
  command(name: string, args: readonly string[], { faults, trace, env }: BridgeOptions = {}): Promise<Finished> {
    return new Promise((resolve) => {
      const environment = {
        ...this.environment({ env }),
        LD_PRELOAD: [bridgeLibrary(), process.env['LD_PRELOAD'] ?? []].flat().join(':'),
        CELLVISOR_BRIDGE_SOCKET: this.socket,
        CELLVISOR_FAULTS: faults?.join(';'),
        CELLVISOR_TRACE: trace,
        UV_USE_IO_URING: '0',
      };
      const words = [join(root, 'dist/bin', `${name}.js`), ...args];
      execFile(process.execPath, words, { env: environment, cwd: root }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
      });
    });
  }

  start(command: readonly string[], options: BridgeOptions = {}): ChildProcess {
    return spawn(process.execPath, this.arguments(command, options), {
      env: this.environment(options),
      cwd: root,
    });
  }

  /** Compiles a program of test/bridge/programs. */
  compile(name: string, ...flags: string[]): string {
    const program = join(this.programs, `${name}${flags.join('')}`);
    const source = join(root, 'test/bridge/programs', `${name}.c`);
    const warnings = ['-Wall', '-Wextra', '-Werror'];
    execFileSync('gcc', [...warnings, ...flags, '-o', program, source, '-lpthread', '-lrt']);
    return program;
  }

  /** What the kernel itself shows of the board, without the bridge. */
  cells(): Promise<string> {
    return this.processes.run('jailhouse', 'cell', 'list', '--json').then(({ out }) => out);
  }

  async remove(): Promise<void> {
    await this.processes.run('cellvisor', 'board', 'stop', 'imx8mm-evk');
    await this.processes.remove();
    rmSync(this.programs, { recursive: true });
  }

  get socket(): string {
    return boardPaths('imx8mm-evk', this.processes.env).socket;
  }

  private arguments(command: readonly string[], { faults = [], trace }: BridgeOptions): string[] {
    const options = [
      ...faults.flatMap((fault) => ['--fault', fault]),
      ...(trace === undefined ? [] : ['--trace', trace]),
    ];
    return [join(root, 'dist/bin/cellvisor.js'), 'run', ...options, '--', ...command];
  }

  private environment({ env }: BridgeOptions): NodeJS.ProcessEnv {
    return { ...this.processes.env, CELLVISOR_BACKEND: undefined, ...env };
  }
}

/** Why programs in C cannot be tried here; undefined where they can. */
export function whyNoCompiler(): string | undefined {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'gcc is not installed';
  }
}
