import { errnoNumber } from '../../errno';
import { KernelError } from '../../errors';
import { encodeFrame, FrameDecoder } from '../../wire/frame';
import { decodeHello, encodeHello, PROTOCOL_VERSION } from '../../wire/hello';
import { Operation } from '../../wire/operations';
import { decodeWord } from '../../wire/system-calls';
import { WireError } from '../../wire/wire-error';
import { controlHandler } from './control-calls';
import { debugHandler, DebuggerSeat } from './debug-calls';
import { FileTable, SharedFiles } from './file-table';
import { systemCallHandler } from './system-calls';
import type { Frame } from '../../wire/frame';
import type { Transport } from '../../wire/transport';
import type { Handler } from './handler';
import type { Journal } from './journal';
import type { ServedBoard } from './served-board';

/** More requests than this waiting at a time are refused with EAGAIN. */
const MAX_REQUESTS_IN_FLIGHT = 1024;

/**
 * One client of the board: requests in, answers out, in the order in which they are ready. What breaks the protocol ends
 * this session and nothing else. The client's open files, and its debugger, end with it.
 */
export class Session {
  private readonly decoder = new FrameDecoder();
  private readonly files: FileTable;
  private readonly seat: DebuggerSeat;
  private readonly inFlight = new Map<number, AbortController>();
  private hasGreeted = false;
  private hasEnded = false;

  constructor(
    private readonly board: ServedBoard,
    private readonly transport: Transport,
    private readonly journal: Journal,
    private readonly onEnd: () => void = () => undefined,
    sharedFiles = new SharedFiles(),
  ) {
    this.files = new FileTable(sharedFiles);
    this.seat = new DebuggerSeat(board);
    transport.start({ onBytes: (chunk) => this.receive(chunk), onClose: () => this.end() });
  }

  /** Ends the session from the board's side, after what was answered so far is delivered. */
  close(): void {
    this.transport.close();
    this.end();
  }

  private receive(chunk: Uint8Array): void {
    if (this.hasEnded) return;
    try {
      for (const frame of this.decoder.push(chunk)) {
        this.accept(frame);
        if (this.hasEnded) return;
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private accept(frame: Frame): void {
    if (frame.errno !== 0) throw new WireError('a request has no errno');
    if (!this.hasGreeted) return this.greet(frame);
    if (frame.operation === Operation.cancel) {
      this.inFlight.get(decodeWord(frame.payload, 'request id'))?.abort();
      return;
    }
    const handler =
      systemCallHandler(frame.operation, this.board, this.files) ??
      controlHandler(frame.operation, this.board) ??
      debugHandler(frame.operation, this.seat);
    if (handler === undefined) throw new WireError(`operation 0x${frame.operation.toString(16)} does not exist`);
    if (this.inFlight.has(frame.requestId)) throw new WireError(`request id ${frame.requestId} is still in use`);
    if (this.inFlight.size >= MAX_REQUESTS_IN_FLIGHT) return this.send(frame, errnoNumber('EAGAIN'), []);
    this.perform(frame, handler);
  }

  private greet(frame: Frame): void {
    if (frame.operation !== Operation.hello) throw new WireError('the first message must be a hello');
    if (decodeHello(frame.payload) !== PROTOCOL_VERSION) {
      this.send(frame, errnoNumber('EPROTONOSUPPORT'), encodeHello());
      this.close();
      return;
    }
    this.hasGreeted = true;
    this.send(frame, 0, encodeHello());
  }

  /** A call that need not wait is answered at once, and never counts as one in flight. */
  private perform(frame: Frame, handler: Handler): void {
    const controller = new AbortController();
    try {
      const payload = handler(frame.payload, controller.signal);
      if (!(payload instanceof Promise)) return this.send(frame, 0, payload);
      this.inFlight.set(frame.requestId, controller);
      payload.then(
        (pieces) => this.finish(frame, 0, pieces),
        (error: unknown) => this.finishFailed(frame, error),
      );
    } catch (error) {
      this.finishFailed(frame, error);
    }
  }

  private finishFailed(frame: Frame, error: unknown): void {
    if (error instanceof WireError) return this.fail(error);
    if (!(error instanceof KernelError))
      this.journal(`operation 0x${frame.operation.toString(16)}: ${describe(error)}`);
    this.finish(frame, error instanceof KernelError ? error.errnoNumber : errnoNumber('EIO'), []);
  }

  private finish(frame: Frame, errno: number, payload: readonly Uint8Array[]): void {
    this.inFlight.delete(frame.requestId);
    if (!this.hasEnded) this.send(frame, errno, payload);
  }

  private send({ requestId, operation }: Frame, errno: number, payload: readonly Uint8Array[]): void {
    this.transport.send(encodeFrame(requestId, operation, errno, payload));
  }

  private fail(error: unknown): void {
    if (this.hasEnded) return;
    this.journal(`connection closed: ${error instanceof WireError ? error.message : describe(error)}`);
    this.close();
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    for (const controller of this.inFlight.values()) controller.abort();
    this.inFlight.clear();
    this.files.closeAll();
    this.seat.detach();
    this.onEnd();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
