import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmulatedKernel } from '../../src/kernel/emulated/kernel';
import { connectOrStart, connectToBoard } from '../../src/kernel/emulated/start';
import type { StartOptions } from '../../src/kernel/emulated/start';
import type { Kernel } from '../../src/kernel/kernel';

/** A board in a process of its own, in a folder of its own, for one test file. `npm run build` must have been run. */
export class EmulatedBoard {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-board-'));
  /** What commands need in order to find the board. */
  readonly env = {
    CELLVISOR_BACKEND: 'emulated',
    CELLVISOR_BOARD: 'board',
    CELLVISOR_RUNTIME_DIR: join(this.folder, 'run'),
  };

  constructor(private readonly options: StartOptions = { type: 'imx8mm-evk' }) {
    process.env['CELLVISOR_RUNTIME_DIR'] = this.env.CELLVISOR_RUNTIME_DIR;
  }

  /** A kernel with a connection of its own. The first one powers the board on. */
  async openKernel(): Promise<Kernel> {
    const notices: string[] = [];
    const connection = await connectOrStart('board', this.options, (line) => notices.push(line));
    expect(notices).toEqual([]);
    return new EmulatedKernel(() => Promise.resolve(connection));
  }

  async stop(): Promise<void> {
    const connection = await connectToBoard('board');
    await connection?.request('boardStop', []);
    await connection?.ended;
    rmSync(this.folder, { recursive: true });
  }
}
