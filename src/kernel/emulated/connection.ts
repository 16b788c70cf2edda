import { KernelError } from '../../errors';
import { encodeFrame, FrameDecoder, MAX_PAYLOAD_BYTES } from '../../wire/frame';
import { decodeHello, encodeHello, PROTOCOL_VERSION } from '../../wire/hello';
import { Operation } from '../../wire/operations';
import { words } from '../../wire/payload';
import { WireError } from '../../wire/wire-error';
import type { ErrnoName } from '../../errno';
import type { Frame } from '../../wire/frame';
import type { OperationName } from '../../wire/operations';
import type { Transport } from '../../wire/transport';

const HELLO_ID = 0;

interface PendingRequest {
  /** What the request does, for its error. */
  readonly description: string;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly stopListening: () => void;
}

export interface RequestOptions {
  /** Aborting asks the board to interrupt the call, which then fails with EINTR. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the operation's name. */
  readonly description?: string;
}

/** The client's end of the board protocol: any number of requests in flight, answers in any order. */
export class Connection {
  private readonly pending = new Map<number, PendingRequest>();
  private readonly decoder = new FrameDecoder();
  private nextId = HELLO_ID + 1;
  private endReason: ErrnoName | undefined;
  private readonly greeted: Promise<Uint8Array>;
  private resolveEnded: () => void = () => undefined;

  /** Resolves when the connection is over. An idle connection does not keep the process alive until then. */
  readonly ended = new Promise<void>((resolve) => {
    this.resolveEnded = resolve;
  });

  constructor(
    private readonly transport: Transport,
    /** The instance's name, for messages. */
    readonly boardName: string,
  ) {
    this.greeted = this.exchange(HELLO_ID, 'hello', encodeHello(), {
      description: `connecting to the emulated board ${boardName}`,
    });
    this.greeted.catch(() => undefined); // `greeting` reports it to whoever asks
    transport.start({ onBytes: (chunk) => this.receive(chunk), onClose: () => this.end('ECONNRESET') });
  }

  get isOpen(): boolean {
    return this.endReason === undefined;
  }

  /**
   * Resolves when the board has accepted this client.
   * @throws KernelError EPROTONOSUPPORT when the board's process is of another version, ECONNRESET when it went away
   */
  async greeting(): Promise<void> {
    decodeHello(await this.greeted);
  }

  /**
   * Sends a request and waits for its answer.
   * @throws KernelError with the board's errno; ECONNRESET when the board went away; EINTR when `signal` aborts
   */
  request(operation: OperationName, payload: readonly Uint8Array[], options: RequestOptions = {}): Promise<Uint8Array> {
    const description = options.description ?? operation;
    if (this.endReason) return Promise.reject(this.lossOf(description, this.endReason));
    if (options.signal?.aborted) return Promise.reject(new KernelError(description, 'EINTR'));
    return this.exchange(this.takeId(), operation, payload, options);
  }

  /** Waits for the other side to end the connection. */
  waitForEnd(): Promise<void> {
    this.transport.setKeepsProcess(true);
    return this.ended;
  }

  close(): void {
    this.end('EBADF');
    this.transport.close();
  }

  private exchange(
    id: number,
    operation: OperationName,
    payload: readonly Uint8Array[],
    { signal, description = operation }: RequestOptions,
  ): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const frame = requestFrame(id, operation, payload, description);
      const cancel = () => this.transport.send(encodeFrame(this.takeId(), Operation.cancel, 0, [words(id)]));
      signal?.addEventListener('abort', cancel, { once: true });
      const stopListening = () => signal?.removeEventListener('abort', cancel);
      this.pending.set(id, { description, resolve, reject, stopListening });
      this.transport.setKeepsProcess(true);
      this.transport.send(frame);
    });
  }

  private takeId(): number {
    do {
      this.nextId = this.nextId === 0xffffffff ? HELLO_ID + 1 : this.nextId + 1;
    } while (this.pending.has(this.nextId));
    return this.nextId;
  }

  private receive(chunk: Uint8Array): void {
    try {
      for (const frame of this.decoder.push(chunk)) this.answer(frame);
    } catch {
      this.end('EPROTO');
      this.transport.close();
    }
  }

  private answer(frame: Frame): void {
    const request = this.pending.get(frame.requestId);
    if (request === undefined) throw new Error(`an answer to request ${frame.requestId}, which nobody sent`);
    this.pending.delete(frame.requestId);
    if (this.pending.size === 0) this.transport.setKeepsProcess(false);
    request.stopListening();
    if (frame.errno === 0) request.resolve(frame.payload);
    else if (frame.requestId === HELLO_ID) request.reject(this.refusalOf(request.description, frame));
    else request.reject(new KernelError(request.description, frame.errno));
  }

  private refusalOf(description: string, frame: Frame): KernelError {
    const theirs = decodeHello(frame.payload);
    return new KernelError(description, frame.errno, {
      hint:
        `the running board speaks protocol version ${theirs}, this program ${PROTOCOL_VERSION}: ` +
        `end it with the cellvisor that started it, or kill its process`,
    });
  }

  private end(errno: ErrnoName): void {
    if (this.endReason) return;
    this.endReason = errno;
    this.resolveEnded();
    const requests = [...this.pending.values()];
    this.pending.clear();
    for (const request of requests) {
      request.stopListening();
      request.reject(this.lossOf(request.description, errno));
    }
  }

  private lossOf(description: string, errno: ErrnoName): KernelError {
    const hint =
      errno === 'ECONNRESET'
        ? `the emulated board ${this.boardName} went away; the next command starts it afresh`
        : undefined;
    return new KernelError(description, errno, { hint });
  }
}

function requestFrame(
  id: number,
  operation: OperationName,
  payload: readonly Uint8Array[],
  description: string,
): Uint8Array[] {
  try {
    return encodeFrame(id, Operation[operation], 0, payload);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    const hint = `an emulated board takes at most ${MAX_PAYLOAD_BYTES / (1024 * 1024)} MiB in one call`;
    throw new KernelError(description, 'EMSGSIZE', { hint, cause });
  }
}
