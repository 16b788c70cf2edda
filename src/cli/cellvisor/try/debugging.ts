import { BoardTarget } from '../../../gdb/board-target';
import { GdbServer } from '../../../gdb/server';
import type { GdbAddress } from '../../../gdb/server';
import type { SessionEnd } from '../../../gdb/session';
import type { Connection } from '../../../kernel/emulated/connection';

/** GDB at the cell of a trial. While it is there, or awaited, nobody judges the inmate, and no time is over. */
export class Debugging {
  /** Absent while GDB is there, or awaited. */
  end: SessionEnd | undefined;
  readonly ended: Promise<void>;

  private constructor(
    private readonly server: GdbServer,
    private readonly connection: Connection,
  ) {
    this.ended = server.ended.then((end) => {
      this.end = end;
    });
  }

  /**
   * To be called before the cell is started, so that it is held at its entry.
   * @throws CellvisorError `E_LISTEN`
   */
  static async start(connection: Connection, cell: string, address: GdbAddress): Promise<Debugging> {
    const target = await BoardTarget.attach(connection, cell);
    return new Debugging(await GdbServer.listen(address, target), connection);
  }

  get address(): string {
    return this.server.address;
  }

  async close(): Promise<void> {
    await this.server.close();
    this.connection.close();
  }
}
