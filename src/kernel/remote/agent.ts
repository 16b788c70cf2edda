import { createMessageConnection, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { errorToWire } from './errors';
import { LineReader, LineWriter } from './lines';
import { HELLO, PROTOCOL_VERSION } from './protocol';
import { KernelCalls } from './kernel-calls';
import type { Readable, Writable } from 'node:stream';
import type { Kernel } from '../kernel';
import type { Hello } from './protocol';
import type { Handler } from './kernel-calls';

/** A client that lives asks more often whether we do. Without this, a board would keep what a lost laptop had opened. */
const SILENCE_MS = 60_000;

export interface AgentOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Of the package. */
  readonly version: string;
  readonly userId: number;
  /** What is answered beyond the kernel's own calls, by method. */
  readonly more?: Readonly<Record<string, Handler>>;
  /** Longest time without a word of the client. Default: 60 s. */
  readonly silenceMs?: number;
  /** Default: that of the protocol. */
  readonly maxLineBytes?: number;
}

/**
 * Answers a client's calls with a kernel of this machine until the client goes away, and closes what it had opened.
 * @returns why the connection was ended from this side; undefined when the client ended it
 */
export async function serveKernel(kernel: Kernel, options: AgentOptions): Promise<string | undefined> {
  const { input, output, version, userId, more = {}, silenceMs = SILENCE_MS, maxLineBytes } = options;
  const handlers = new Map<string, Handler>(Object.entries({ ...new KernelCalls(kernel).handlers, ...more }));
  let isHeard = true;
  let watch: NodeJS.Timeout | undefined;
  const reader = new LineReader(input, { maxLineBytes, onBytes: () => (isHeard = true) });
  const connection = createMessageConnection(reader, new LineWriter(output));
  const ended = new Promise<string | undefined>((resolve) => {
    connection.onError(([error]) => resolve(error.message));
    connection.onClose(() => resolve(undefined));
    input.once('end', () => resolve(undefined));
    output.once('error', () => resolve(undefined));
    watch = setInterval(() => {
      if (!isHeard) resolve(`nothing was heard for ${silenceMs / 1000} s`);
      isHeard = false;
    }, silenceMs);
    watch.unref();
  });
  connection.onRequest(async (method, parameters, token) => {
    try {
      const handler = handlers.get(method);
      if (!handler) throw new ResponseError(ErrorCodes.MethodNotFound, `there is no method ${JSON.stringify(method)}`);
      return await handler(parameters, token);
    } catch (error) {
      throw errorToWire(error);
    }
  });
  connection.listen();
  const hello: Hello = { protocol: PROTOCOL_VERSION, version, backend: kernel.backend, userId };
  connection.sendNotification(HELLO, hello).catch(() => undefined); // `ended` tells it.
  const reason = await ended;
  clearInterval(watch);
  connection.dispose();
  await kernel.close();
  return reason;
}
