import { CancellationTokenSource, createMessageConnection, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { packageVersion } from '../../paths';
import { KernelError } from '../../errors';
import { LinkError } from '../link';
import { errorFromWire } from './errors';
import { LineReader, LineWriter } from './lines';
import { HELLO, PROTOCOL_VERSION } from './protocol';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Hello } from './protocol';
import type { AgentStream } from './stream';

/** A link may hang without an end: TCP finds out after hours. So the agent is asked whether it lives. */
export interface PingTimes {
  readonly intervalMs: number;
  /** Without any sign of life: neither did anything come, nor was anything taken that is on its way there. */
  readonly timeoutMs: number;
}

export interface SessionOptions {
  readonly host: string;
  readonly ping: PingTimes;
  /** For the agent to say hello; absent: as long as it takes, for somebody may be typing a password. */
  readonly helloTimeoutMs?: number | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: the method's name. */
  readonly operation?: string | undefined;
}

/** What a peer is that does not say it: of a version that nobody speaks. */
const UNKNOWN: Hello = { protocol: 0, version: 'unknown', backend: 'hardware', userId: 0 };

/** One connection with an agent, from its hello to its end. */
export class Session {
  private readonly connection: MessageConnection;
  private timer: NodeJS.Timeout | undefined;
  private isAlive = true;
  private endError: LinkError | undefined;
  private resolveEnded: (error: LinkError) => void = () => undefined;
  readonly ended = new Promise<LinkError>((resolve) => {
    this.resolveEnded = resolve;
  });

  private constructor(
    private readonly stream: AgentStream,
    private readonly options: SessionOptions,
  ) {
    const onLife = () => (this.isAlive = true);
    const reader = new LineReader(stream.output, { skipsNoise: true, onBytes: onLife });
    this.connection = createMessageConnection(reader, new LineWriter(stream.input, onLife));
    this.connection.onError(([error]) => this.end(new LinkError(options.host, error.message)));
    // That the pipe is closed says less than why ssh ended, which follows.
    void stream.ended.then((error) => this.end(error));
  }

  /** @throws LinkError */
  static async begin(
    stream: AgentStream,
    options: SessionOptions,
  ): Promise<{ readonly session: Session; readonly hello: Hello }> {
    const session = new Session(stream, options);
    const hello = await session.greeting();
    const obstacle = whyNotSpoken(hello);
    if (obstacle === undefined) {
      session.watch();
      return { session, hello };
    }
    const error = new LinkError(options.host, obstacle, 'install the same version on both sides');
    session.end(error);
    throw error;
  }

  get hasEnded(): boolean {
    return this.endError !== undefined;
  }

  /** @throws what the agent answered; LinkError when the link is lost meanwhile; KernelError EINTR when `signal` aborts */
  async call(method: string, parameters: unknown, { signal, operation = method }: CallOptions = {}): Promise<unknown> {
    if (this.endError) throw this.endError;
    if (signal?.aborted) throw new KernelError(operation, 'EINTR');
    const cancel = new CancellationTokenSource();
    const onAbort = () => cancel.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.connection.sendRequest(method, parameters, cancel.token);
    } catch (error) {
      if (this.endError) throw this.endError;
      if (error instanceof ResponseError && !isOfPipe(error)) throw errorFromWire(error, operation);
      // The pipe broke under the request; why is about to be known.
      throw await this.ended;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the connection in order: the agent closes what is open. */
  close(): void {
    this.stream.input.end();
    this.finish(new LinkError(this.options.host, 'the link was closed'));
  }

  private greeting(): Promise<Hello> {
    return new Promise((resolve, reject) => {
      const { helloTimeoutMs, host } = this.options;
      const timer =
        helloTimeoutMs !== undefined &&
        setTimeout(() => this.end(new LinkError(host, `no answer for ${helloTimeoutMs / 1000} s`)), helloTimeoutMs);
      const stopWaiting = () => timer && clearTimeout(timer);
      this.connection.onNotification(HELLO, (hello: Hello | undefined) => {
        stopWaiting();
        resolve(hello ?? UNKNOWN);
      });
      void this.ended.then((error) => {
        stopWaiting();
        reject(error);
      });
      this.connection.listen();
    });
  }

  /** Counts its own rounds, not the clock: a laptop that slept was not away for the link's fault alone. */
  private watch(): void {
    const { intervalMs, timeoutMs } = this.options.ping;
    let silentRounds = 0;
    let isPinging = false;
    this.timer = setInterval(() => {
      silentRounds = this.isAlive ? 0 : silentRounds + 1;
      this.isAlive = false;
      if (silentRounds * intervalMs >= timeoutMs) {
        this.end(new LinkError(this.options.host, `no answer for ${timeoutMs / 1000} s`));
      } else if (!isPinging) {
        isPinging = true;
        const done = () => (isPinging = false);
        this.call('ping', {}).then(done, done);
      }
    }, intervalMs);
    this.timer.unref();
  }

  private end(error: LinkError): void {
    if (this.endError) return;
    this.finish(error);
    this.stream.kill();
  }

  private finish(error: LinkError): void {
    if (this.endError) return;
    this.endError = error;
    clearInterval(this.timer);
    this.connection.dispose();
    this.resolveEnded(error);
  }
}

/** Made on this side, not by the agent. */
function isOfPipe({ code }: ResponseError<unknown>): boolean {
  return code === ErrorCodes.MessageWriteError || code === ErrorCodes.PendingResponseRejected;
}

function whyNotSpoken({ protocol, version }: Hello): string | undefined {
  if (protocol === PROTOCOL_VERSION) return undefined;
  return `its cellvisor ${version} speaks version ${protocol} of the agent's protocol, this cellvisor ${packageVersion()} version ${PROTOCOL_VERSION}`;
}
