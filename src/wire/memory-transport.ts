import type { Transport, TransportHandlers } from './transport';

/** One end of a stream within the process. Bytes are copied, as a socket would, so that no object is ever shared. */
class MemoryEnd implements Transport {
  peer: MemoryEnd | undefined;
  private handlers: TransportHandlers | undefined;
  private readonly inbox: Uint8Array[] = [];
  private isDelivering = false;
  private isClosed = false;
  private isEnding = false;

  start(handlers: TransportHandlers): void {
    this.handlers = handlers;
    this.deliverSoon();
  }

  send(pieces: readonly Uint8Array[]): void {
    if (this.isClosed || this.peer === undefined) return;
    for (const piece of pieces) this.peer.inbox.push(Uint8Array.from(piece));
    this.peer.deliverSoon();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.handlers?.onClose();
    if (this.peer !== undefined) {
      this.peer.isEnding = true;
      this.peer.deliverSoon();
    }
  }

  setKeepsProcess(): void {
    // Nothing to do: a stream within the process has no handle that the event loop waits for.
  }

  private deliverSoon(): void {
    if (this.isDelivering || this.handlers === undefined) return;
    this.isDelivering = true;
    setImmediate(() => {
      this.isDelivering = false;
      for (const chunk of this.inbox.splice(0)) {
        if (!this.isClosed) this.handlers?.onBytes(chunk);
      }
      if (this.isEnding) this.close();
    });
  }
}

/** Two ends: what one sends, the other receives, later and in order. */
export function memoryTransportPair(): [Transport, Transport] {
  const first = new MemoryEnd();
  const second = new MemoryEnd();
  first.peer = second;
  second.peer = first;
  return [first, second];
}
