import {
  decodeErrno,
  decodeWatchEvent,
  encodeMessage,
  MAX_PAYLOAD_BYTES,
  MessageDecoder,
  MessageType,
} from '../../abi/xenstore';
import { xenstoreError } from './errors';
import type { ErrnoName } from '../../errno';
import type { KernelError } from '../../errors';
import type { Message, RequestName } from '../../abi/xenstore';
import type { Transport } from '../../wire/transport';

export interface RequestOptions {
  /** What the request does, for its error: `reading /local/domain/3/name`. */
  readonly what: string;
  readonly transactionId?: number;
  /** Aborting makes the request fail with EINTR. xenstored may have carried it out, or may still do so. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the answer to a request that was aborted and succeeded all the same: to take back what it did. */
  readonly takeBack?: (payload: Uint8Array) => void;
}

interface PendingRequest {
  readonly type: number;
  readonly what: string;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly stopListening: () => void;
}

export interface WatchListener {
  onEvent(path: string): void;
  /** The connection is over. */
  onEnd(error: KernelError): void;
}

/**
 * One connection to xenstored: any number of requests in flight, each told apart by its number, and watch events between
 * their answers. When it is over, everything that waits fails with one reason. While nothing waits, it does not keep the
 * process alive.
 */
export class Connection {
  private readonly pending = new Map<number, PendingRequest>();
  private readonly listeners = new Map<string, WatchListener>();
  private readonly decoder = new MessageDecoder();
  /** Requests for a shared connection, behind the one that is under way there. */
  private readonly unsent: Uint8Array[] = [];
  private nextId = 0;
  private nextToken = 0;
  private waiting = 0;
  private endReason: ErrnoName | undefined;

  /**
   * @param isShared the kernel answers on behalf of all programs of this domain, as /dev/xen/xenbus does. It gets one request
   *   at a time: Linux keeps a request where the next write to the same file puts another (seen with 6.1: a burst of them comes
   *   out garbled, and is refused with EINVAL)
   */
  constructor(
    private readonly transport: Transport,
    readonly isShared: boolean,
  ) {
    transport.start({ onBytes: (chunk) => this.receive(chunk), onClose: () => this.end('ECONNRESET') });
    transport.setKeepsProcess(false);
  }

  get isOpen(): boolean {
    return this.endReason === undefined;
  }

  /**
   * Sends a request and waits for its answer.
   * @returns the answer's payload
   * @throws KernelError `E_XENSTORE` with xenstored's errno; E2BIG, before anything is sent, for a payload over 4096 bytes;
   *   EINTR when `signal` aborts; ECONNRESET when the connection ends
   */
  request(name: RequestName, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    const { what, transactionId = 0, signal } = options;
    if (this.endReason !== undefined) return Promise.reject(lossOf(what, this.endReason));
    if (signal?.aborted) return Promise.reject(xenstoreError(what, 'EINTR'));
    if (payload.length > MAX_PAYLOAD_BYTES) {
      const hint = `a request carries at most ${MAX_PAYLOAD_BYTES} bytes, path and value together; this one has ${payload.length}`;
      return Promise.reject(xenstoreError(what, 'E2BIG', hint));
    }
    const type = MessageType[name];
    const requestId = this.takeId();
    return new Promise((resolve, reject) => {
      const abandon = () => this.abandon(requestId, options);
      signal?.addEventListener('abort', abandon, { once: true });
      const stopListening = () => signal?.removeEventListener('abort', abandon);
      this.pending.set(requestId, { type, what, resolve, reject, stopListening });
      this.hold();
      this.send(encodeMessage({ type, requestId, transactionId, payload }));
    });
  }

  /** A new token; its events go to the listener until {@link forget}. */
  listen(listener: WatchListener): string {
    const token = `cellvisor-${++this.nextToken}`;
    this.listeners.set(token, listener);
    return token;
  }

  forget(token: string): void {
    this.listeners.delete(token);
  }

  /** Keeps the process alive until as many calls of {@link letGo}. */
  hold(): void {
    if (++this.waiting === 1) this.transport.setKeepsProcess(true);
  }

  letGo(): void {
    if (--this.waiting === 0) this.transport.setKeepsProcess(false);
  }

  close(): void {
    this.end('EBADF');
    this.transport.close();
  }

  private send(message: Uint8Array): void {
    if (this.isShared && this.pending.size > 1) this.unsent.push(message);
    else this.transport.send([message]);
  }

  /** The request's number stays taken until its answer has come. */
  private abandon(requestId: number, { what, takeBack }: RequestOptions): void {
    const request = this.pending.get(requestId);
    if (request === undefined) return;
    this.pending.set(requestId, { ...request, resolve: (payload) => takeBack?.(payload), reject: () => undefined });
    request.reject(xenstoreError(what, 'EINTR'));
  }

  private takeId(): number {
    do {
      this.nextId = (this.nextId + 1) >>> 0;
    } while (this.pending.has(this.nextId));
    return this.nextId;
  }

  private receive(chunk: Uint8Array): void {
    try {
      for (const message of this.decoder.push(chunk)) this.dispatch(message);
    } catch (error) {
      this.end('EPROTO', error);
      this.transport.close();
    }
  }

  private dispatch(message: Message): void {
    if (message.type === MessageType.watchEvent) {
      const { path, token } = decodeWatchEvent(message.payload);
      // An event may have been under way when its watch was removed.
      this.listeners.get(token)?.onEvent(path);
      return;
    }
    const request = this.pending.get(message.requestId);
    if (request === undefined) throw new Error(`an answer to request ${message.requestId}, which nobody sent`);
    if (message.type !== request.type && message.type !== MessageType.error) {
      throw new Error(`an answer of type ${message.type} to a request of type ${request.type}`);
    }
    this.pending.delete(message.requestId);
    const next = this.unsent.shift();
    if (next) this.transport.send([next]);
    request.stopListening();
    this.letGo();
    if (message.type === MessageType.error) {
      request.reject(xenstoreError(request.what, decodeErrno(message.payload)));
    } else {
      request.resolve(message.payload);
    }
  }

  private end(errno: ErrnoName, cause?: unknown): void {
    if (this.endReason !== undefined) return;
    this.endReason = errno;
    const requests = [...this.pending.values()];
    const listeners = [...this.listeners.values()];
    this.pending.clear();
    this.listeners.clear();
    for (const { stopListening, reject, what } of requests) {
      stopListening();
      reject(lossOf(what, errno, cause));
    }
    for (const listener of listeners) listener.onEnd(lossOf('watching', errno, cause));
  }
}

function lossOf(what: string, errno: ErrnoName, cause?: unknown): KernelError {
  return xenstoreError(what, errno, HINTS[errno], cause);
}

const HINTS: Partial<Record<ErrnoName, string>> = {
  ECONNRESET: 'xenstored ended the connection: does it still run?',
  EPROTO: 'what answers is not xenstored',
  EBADF: 'the connection to xenstored was closed',
};
