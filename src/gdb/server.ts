import { createServer } from 'node:net';
import { CellvisorError } from '../errors';
import { GdbSession } from './session';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SessionEnd } from './session';
import type { DebugTarget } from './target';

export interface GdbAddress {
  /** Name or address. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Waits on a TCP port for one GDB, and serves it: others are turned away, for a cell has one debugger. */
export class GdbServer {
  private client: Socket | undefined;
  private session: GdbSession | undefined;
  private resolveEnd: (end: SessionEnd) => void = () => undefined;

  /** Resolves when GDB is done with the cell, and its connection is over. */
  readonly ended = new Promise<SessionEnd>((resolve) => {
    this.resolveEnd = resolve;
  });

  private constructor(
    private readonly server: Server,
    private readonly target: DebugTarget,
  ) {
    server.on('connection', (socket) => this.accept(socket));
  }

  /** @throws CellvisorError `E_LISTEN` when the address is in use, or is none of this machine */
  static async listen(address: GdbAddress, target: DebugTarget): Promise<GdbServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(address, cause)));
      server.listen({ ...address }, resolve);
    });
    return new GdbServer(server, target);
  }

  /** What GDB's `target remote` takes: `127.0.0.1:1234`. */
  get address(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Hangs up, and lets the cell go on. */
  async close(): Promise<void> {
    this.server.close();
    this.client?.destroy();
    await this.session?.close();
  }

  /** Once all that was said to GDB is on its way. */
  private finish(socket: Socket, end: SessionEnd): void {
    this.server.close();
    socket.once('close', () => this.resolveEnd(end));
    if (socket.closed) this.resolveEnd(end);
    else socket.end(() => socket.destroy());
  }

  private accept(socket: Socket): void {
    if (this.client) {
      socket.destroy();
      return;
    }
    this.client = socket;
    // Packets are small, and each one is waited for.
    socket.setNoDelay(true);
    const session = new GdbSession(
      this.target,
      (bytes) => {
        if (socket.writable) socket.write(bytes);
      },
      (end) => this.finish(socket, end),
    );
    this.session = session;
    socket.on('data', (chunk) => session.receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => void session.close());
  }
}

function listenError({ host, port }: GdbAddress, cause: NodeJS.ErrnoException): CellvisorError {
  const texts: Readonly<Record<string, string>> = {
    EADDRINUSE: 'the address is in use',
    EADDRNOTAVAIL: 'this machine does not have the address',
    EACCES: 'permission denied',
    ENOTFOUND: 'no such host',
  };
  return new CellvisorError(`cannot listen on ${host}:${port}: ${texts[cause.code ?? ''] ?? cause.message}`, {
    code: 'E_LISTEN',
    operation: 'listen',
    hint: 'another port, such as 127.0.0.1:0 for any that is free',
    cause,
  });
}
