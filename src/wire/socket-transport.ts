import type { Socket } from 'node:net';
import type { Transport, TransportHandlers } from './transport';

/** A connected stream socket as a Transport. */
export class SocketTransport implements Transport {
  /**
   * @param pausesWhenFull stop reading while the other side does not take what was sent. For the side that answers; if both
   *   sides did it, they could wait for each other.
   */
  constructor(
    private readonly socket: Socket,
    private readonly pausesWhenFull: boolean,
  ) {}

  start(handlers: TransportHandlers): void {
    this.socket.on('data', handlers.onBytes);
    this.socket.on('drain', () => this.socket.resume());
    // An error is always followed by 'close', which is all that users of the stream need to know.
    this.socket.on('error', () => undefined);
    this.socket.on('close', handlers.onClose);
  }

  send(pieces: readonly Uint8Array[]): void {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    this.socket.cork();
    let isTaken = true;
    for (const piece of pieces) isTaken = this.socket.write(piece);
    this.socket.uncork();
    if (!isTaken && this.pausesWhenFull) this.socket.pause();
  }

  close(): void {
    this.socket.end(() => this.socket.destroy());
  }

  setKeepsProcess(keeps: boolean): void {
    if (keeps) this.socket.ref();
    else this.socket.unref();
  }
}
