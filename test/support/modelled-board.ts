import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeConfig } from '../../src/abi/jailhouse';
import { Board } from '../../src/board/board';
import { main } from '../../src/cli/jailhouse/main';
import { addIvshmemV1 } from '../unit/board/fake-ivshmem';
import { BoardKernel } from './board-kernel';
import { run } from './command';
import { fakeMachine } from './fake-machine';
import type { CellConfig, Dialect, SystemConfig } from '../../src/abi/jailhouse';
import type { FakeMachine } from './fake-machine';

/** An i.MX 8M Mini in this process, its driver and hypervisor models without a CPU, with a folder for a test's files. */
export class ModelledBoard {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-modelled-'));
  readonly kernel: BoardKernel;
  private readonly board: Board;

  /** @param system what Jailhouse will be enabled with: its first PCI device is there */
  constructor(system: SystemConfig) {
    const { Machine, made } = fakeMachine();
    this.board = new Board({ board: 'imx8mm-evk', Machine });
    this.kernel = new BoardKernel(this.board);
    addIvshmemV1(made[0] as FakeMachine, system, 0);
  }

  /** @returns its path */
  file(name: string, content: Uint8Array | string): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  config(name: string, what: CellConfig | SystemConfig, dialect: Dialect = 'nxp-10'): string {
    return this.file(`${name}.cell`, encodeConfig(what, dialect));
  }

  jailhouse(...args: string[]) {
    const env = { CELLVISOR_BACKEND: 'emulated', CELLVISOR_BOARD: 'board', CELLVISOR_RUNTIME_DIR: this.folder };
    return run(main, args, { kernel: this.kernel, env });
  }

  close(): void {
    this.board.close();
    rmSync(this.folder, { recursive: true });
  }
}
