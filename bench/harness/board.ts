import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeConfig } from '../../src/abi/jailhouse/config/decode';
import { findBoard } from '../../src/boards';
import { Jailhouse } from '../../src/jailhouse/jailhouse';
import { EmulatedKernel } from '../../src/kernel/emulated/kernel';
import { startBoard } from '../../src/kernel/emulated/start';
import { decodeLogPart, encodeLogRequest } from '../../src/wire/control';
import type { Connection } from '../../src/kernel/emulated/connection';
import type { Kernel } from '../../src/kernel/kernel';

export interface BoardChoice {
  readonly type: string;
  /** Default: the guide's. */
  readonly release?: string;
}

/** An emulated board of our own, in a folder of its own, as the commands would find it. */
export class BenchBoard {
  readonly jailhouse: Jailhouse;

  private constructor(
    readonly kernel: Kernel,
    private readonly connection: Connection,
  ) {
    this.jailhouse = new Jailhouse(kernel);
  }

  /** Powers a board on for the time that `use` takes. Commands that are run meanwhile talk to it. */
  static async with<T>({ type, release }: BoardChoice, use: (board: BenchBoard) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const saved = { ...process.env };
    Object.assign(process.env, {
      CELLVISOR_RUNTIME_DIR: folder,
      CELLVISOR_BACKEND: 'emulated',
      CELLVISOR_BOARD: type,
    });
    try {
      const { connection } = await startBoard(type, { release }, (line) => console.error(line));
      try {
        return await use(new BenchBoard(new EmulatedKernel(() => Promise.resolve(connection)), connection));
      } finally {
        await connection.request('boardStop', []);
        connection.close();
      }
    } finally {
      process.env = saved;
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Where the log of a UART ends now. */
  async logEnd(uart: string): Promise<number> {
    return (await this.readLog(uart, 0, false)).end;
  }

  /** Waits for bytes of a UART's log behind `from`. */
  async readLog(uart: string, from: number, isFollowing = true) {
    const payload = encodeLogRequest({ log: uart, from, isFollowing, sinceMs: 0 });
    return decodeLogPart(await this.connection.request('log', payload));
  }

  /** Reads a UART's log from `from` until it contains the text. */
  async readLogUntil(uart: string, from: number, text: string | RegExp): Promise<string> {
    let log = '';
    const isThere = () => (typeof text === 'string' ? log.includes(text) : text.test(log));
    for (let at = from; !isThere();) {
      const part = await this.readLog(uart, at);
      log += Buffer.from(part.bytes).toString('latin1');
      at = part.end;
    }
    return log;
  }
}

/** Name of the UART that a cell's config gives it as console. */
export function consoleUart({ type }: BoardChoice, config: Uint8Array): string {
  const decoded = decodeConfig(config);
  const address = decoded.kind === 'cell' ? decoded.config.console?.address : undefined;
  const uart = findBoard(type).uarts.find(({ physStart }) => physStart === address);
  if (!uart) throw new Error(`the console of the cell is no UART of ${type}`);
  return uart.name;
}
