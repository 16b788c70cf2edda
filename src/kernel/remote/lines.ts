import { AbstractMessageReader, AbstractMessageWriter, Disposable, Message } from 'vscode-jsonrpc/node';
import { MAX_LINE_BYTES } from './protocol';
import type { DataCallback, MessageReader, MessageWriter } from 'vscode-jsonrpc/node';
import type { Readable, Writable } from 'node:stream';

const NEWLINE = 0x0a;
/** Written one after the other, so that a slow link shows that it moves. */
const PART_BYTES = 64 * 1024;
/** What a login script of the other side may print before the agent says hello. */
const MAX_NOISE_BYTES = 64 * 1024;

export interface LineReaderOptions {
  /** Lines before the first message are not an error: shells' start files print things. */
  readonly skipsNoise?: boolean;
  /** Default: `MAX_LINE_BYTES`. */
  readonly maxLineBytes?: number | undefined;
  /** Called with each piece that arrives. */
  readonly onBytes?: () => void;
}

/** JSON-RPC messages, one a line. After the first bad line it reads no more: an error event, then nothing. */
export class LineReader extends AbstractMessageReader implements MessageReader {
  private pieces: Uint8Array[] = [];
  private lengthBytes = 0;
  private noiseBytes = 0;
  private isQuiet: boolean;
  private isBroken = false;

  constructor(
    private readonly stream: Readable,
    private readonly options: LineReaderOptions = {},
  ) {
    super();
    this.isQuiet = options.skipsNoise !== true;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (piece: Uint8Array) => this.receive(piece, callback);
    this.stream.on('data', onData);
    this.stream.on('error', (error) => this.fireError(error));
    this.stream.on('close', () => this.fireClose());
    return Disposable.create(() => this.stream.off('data', onData));
  }

  private receive(piece: Uint8Array, callback: DataCallback): void {
    this.options.onBytes?.();
    let rest = piece;
    while (!this.isBroken) {
      const end = rest.indexOf(NEWLINE);
      this.lengthBytes += end < 0 ? rest.length : end;
      if (this.lengthBytes > (this.options.maxLineBytes ?? MAX_LINE_BYTES)) return this.fail('a line is too long');
      this.pieces.push(end < 0 ? rest : rest.subarray(0, end));
      if (end < 0) return;
      const line = Buffer.concat(this.pieces).toString('utf8');
      this.pieces = [];
      this.lengthBytes = 0;
      rest = rest.subarray(end + 1);
      this.take(line, callback);
    }
  }

  private take(line: string, callback: DataCallback): void {
    const message = parseMessage(line);
    if (message === undefined) {
      this.noiseBytes += line.length;
      if (this.isQuiet) this.fail(`not a message: ${excerpt(line)}`);
      else if (this.noiseBytes > MAX_NOISE_BYTES) this.fail(`no agent answers there, but: ${excerpt(line)}`);
      return;
    }
    this.isQuiet = true;
    try {
      callback(message);
    } catch {
      this.fail(`not a message: ${excerpt(line)}`); // A cancellation without the id of what to cancel.
    }
  }

  private fail(reason: string): void {
    this.isBroken = true;
    this.pieces = [];
    this.fireError(new Error(reason));
  }
}

/** The other half. Messages go out whole and in order. */
export class LineWriter extends AbstractMessageWriter implements MessageWriter {
  private last: Promise<void> = Promise.resolve();

  /** @param onProgress called whenever the stream took some of it */
  constructor(
    private readonly stream: Writable,
    private readonly onProgress: () => void = () => undefined,
  ) {
    super();
    stream.on('error', (error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    const written = this.last.then(() => this.writeParts(bytes));
    this.last = written.catch(() => undefined);
    return written;
  }

  end(): void {
    this.stream.end();
  }

  private async writeParts(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += PART_BYTES) {
      const part = bytes.subarray(offset, offset + PART_BYTES);
      await new Promise<void>((resolve, reject) =>
        this.stream.write(part, (error) => (error ? reject(error) : resolve())),
      );
      this.onProgress();
    }
  }
}

function parseMessage(line: string): Message | undefined {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  const isOne = Message.isRequest(message as Message) || Message.isNotification(message as Message);
  return isOne || Message.isResponse(message as Message) ? (message as Message) : undefined;
}

/** Enough to see what it is, and nothing that a terminal would obey. */
function excerpt(line: string): string {
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}...` : line);
}
