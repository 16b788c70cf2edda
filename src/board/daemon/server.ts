import { chmodSync, lstatSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { SocketTransport } from '../../wire/socket-transport';
import { SharedFiles } from './file-table';
import { Session } from './session';
import type { FSWatcher } from 'node:fs';
import type { BoardPaths } from '../../paths';
import type { Journal } from './journal';
import type { ServedBoard } from './served-board';

/** The board's socket, and a session for each client that connects to it. */
export class BoardServer {
  private readonly sessions = new Set<Session>();
  private readonly sharedFiles = new SharedFiles();
  private readonly server = createServer((socket) => this.accept(new SocketTransport(socket, true)));
  private watcher: FSWatcher | undefined;
  private socketInode: number | undefined;

  constructor(
    private readonly board: ServedBoard,
    private readonly paths: BoardPaths,
    private readonly journal: Journal,
  ) {}

  /** To be called under the start lock: whatever lies in the board's folder was left by a board that was killed. */
  listen(): Promise<void> {
    rmSync(this.paths.socket, { force: true });
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.paths.socket, () => {
        chmodSync(this.paths.socket, 0o600);
        this.socketInode = this.inodeOfSocket();
        writeFileSync(this.paths.state, `${JSON.stringify({ processId: process.pid })}\n`, { mode: 0o600 });
        this.watchSocket();
        resolve();
      });
    });
  }

  /** Removes the board's files and ends all sessions. */
  close(): void {
    this.watcher?.close();
    if (this.ownsSocket()) {
      // First the state, whose presence without a socket means a killed board. Closing removes the socket.
      rmSync(this.paths.state, { force: true });
      this.server.close();
    }
    this.closeSessions();
  }

  closeSessions(): void {
    for (const session of this.sessions) session.close();
  }

  private accept(transport: SocketTransport): void {
    const onEnd = () => this.sessions.delete(session);
    const session = new Session(this.board, transport, this.journal, onEnd, this.sharedFiles);
    this.sessions.add(session);
  }

  /** A board that nobody can reach any more, because its socket was removed, must not run on. */
  private watchSocket(): void {
    try {
      this.watcher = watch(this.paths.socket, () => {
        if (this.ownsSocket()) return;
        this.watcher?.close();
        this.journal('the socket is gone: switching off');
        this.board.stop();
      });
      this.watcher.on('error', () => this.watcher?.close());
    } catch (error) {
      this.journal(`cannot watch ${this.paths.socket}: ${(error as Error).message}`);
    }
  }

  private ownsSocket(): boolean {
    return this.socketInode !== undefined && this.inodeOfSocket() === this.socketInode;
  }

  private inodeOfSocket(): number | undefined {
    return lstatSync(this.paths.socket, { throwIfNoEntry: false })?.ino;
  }
}
