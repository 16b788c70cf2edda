import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Socket } from 'node:net';

const root = join(__dirname, '../..');

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Emulated boards as processes, with a runtime folder of their own. */
export class BoardProcesses {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-boards-'));
  readonly env: NodeJS.ProcessEnv = {
    ...process.env,
    CELLVISOR_RUNTIME_DIR: join(this.folder, 'run'),
    CELLVISOR_BACKEND: 'emulated',
    CELLVISOR_BOARD: 'imx8mm-evk',
  };
  private readonly processIds = new Set<number>();

  /** Runs a command of dist/bin to its end. */
  run(command: string, ...args: string[]): Promise<Finished> {
    return new Promise((resolve) => {
      const program = join(root, 'dist/bin', `${command}.js`);
      execFile(process.execPath, [program, ...args], { env: this.env, cwd: root }, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, out, err });
      });
    });
  }

  /** Starts a command of dist/bin that runs on. */
  start(command: string, args: readonly string[], stdio: StdioOptions = 'pipe'): ChildProcess {
    const program = join(root, 'dist/bin', `${command}.js`);
    return spawn(process.execPath, [program, ...args], { env: this.env, cwd: root, stdio });
  }

  path(...names: string[]): string {
    return join(this.folder, 'run', ...names);
  }

  /** The process of a board that runs, or that was killed. */
  processIdOf(name: string): number {
    const { processId } = JSON.parse(readFileSync(this.path(name, 'state.json'), 'utf8')) as { processId: number };
    this.processIds.add(processId);
    return processId;
  }

  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    const processId = this.processIdOf(name);
    process.kill(processId, signal);
    await untilGone(processId);
  }

  /** A connection to the board's socket that can say anything. */
  connectTo(name: string): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.path(name, 'socket'), () => resolve(socket));
      socket.once('error', reject);
    });
  }

  /** Ends what the test left running, and removes the folder. Boards whose socket is gone end by themselves. */
  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await Promise.all([...this.processIds].map(untilGone));
  }
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch {
    return false;
  }
  // A process that has ended but was not waited for still takes signals; one that is waited for just now has no status.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export async function untilGone(processId: number): Promise<void> {
  while (isAlive(processId)) await new Promise((resolve) => setTimeout(resolve, 2));
}
