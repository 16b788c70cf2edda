import { LinkError } from '../link';
import { Session } from './session';
import type { Link, LinkState } from '../link';
import type { Hello } from './protocol';
import type { PingTimes } from './session';
import type { AgentStream } from './stream';

export interface LinkTimes {
  readonly ping: PingTimes;
  /** Of attempts at which nobody is asked anything. */
  readonly helloTimeoutMs: number;
  /** Before the first new attempt; doubled with each one up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

const TIMES: LinkTimes = {
  ping: { intervalMs: 2_000, timeoutMs: 10_000 },
  helloTimeoutMs: 20_000,
  backoffMs: 500,
  maxBackoffMs: 30_000,
};

export interface RemoteLinkOptions {
  readonly host: string;
  /** @param mayAsk somebody waits for it, and may be asked for a password */
  readonly open: (mayAsk: boolean) => AgentStream;
  /** Nobody may be asked at the first attempt either. */
  readonly isUnattended?: boolean;
  readonly times?: Partial<LinkTimes>;
}

/**
 * The way to an agent. Once `connect` was called it makes the connection anew whenever it is lost, with growing pauses, until
 * `close`. Calls fail with LinkError while it is not there; only the first attempt is waited for.
 */
export class RemoteLink implements Link {
  private readonly listeners = new Set<(state: LinkState) => void>();
  private readonly times: LinkTimes;
  private first: Promise<Session> | undefined;
  private session: Session | undefined;
  /** Of the attempt that is under way. */
  private opening: AgentStream | undefined;
  private retry: NodeJS.Timeout | undefined;
  private current: LinkState = { kind: 'connecting' };
  private isClosed = false;
  /** What the agent said of itself; undefined before the first connection. */
  hello: Hello | undefined;

  constructor(private readonly options: RemoteLinkOptions) {
    this.times = { ...TIMES, ...options.times };
  }

  get state(): LinkState {
    return this.current;
  }

  onChange(listener: (state: LinkState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws LinkError when the first attempt fails; the others go on all the same */
  async connect(): Promise<void> {
    await this.firstSession();
  }

  /** The connection that there is now: what is opened in it is of no use in the next one. @throws LinkError */
  async connection(): Promise<Session> {
    return this.session ?? (await this.firstSession());
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
    this.session?.close();
    // It may wait for minutes for a machine that does not answer.
    this.opening?.kill();
  }

  private async firstSession(): Promise<Session> {
    if (this.isClosed) throw new LinkError(this.options.host, 'the link was closed');
    const { current } = this;
    if (current.kind === 'lost' || current.kind === 'reconnecting')
      throw new LinkError(this.options.host, current.reason, current.hint);
    this.first ??= this.attempt(true);
    return this.first;
  }

  /** @param isFirst of all attempts */
  private async attempt(isFirst: boolean): Promise<Session> {
    const { host, open, isUnattended = false } = this.options;
    const mayAsk = isFirst && !isUnattended;
    const stream = open(mayAsk);
    this.opening = stream;
    try {
      const { session, hello } = await Session.begin(stream, {
        host,
        ping: this.times.ping,
        helloTimeoutMs: mayAsk ? undefined : this.times.helloTimeoutMs,
      });
      this.hello = hello;
      if (this.isClosed) session.close();
      else this.hold(session);
      return session;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.lose(error);
      throw error;
    } finally {
      this.opening = undefined;
    }
  }

  private hold(session: Session): void {
    this.session = session;
    this.enter({ kind: 'connected' });
    void session.ended.then((error) => this.lose(error));
  }

  private lose(error: LinkError): void {
    this.session = undefined;
    if (this.isClosed) return;
    const { current } = this;
    const previous = current.kind === 'reconnecting' ? current : { sinceMs: Date.now(), attempt: 0 };
    const reason = error.message.slice(`${this.options.host}: `.length);
    const loss = { sinceMs: previous.sinceMs, reason, hint: error.hint };
    const attempt = previous.attempt + 1;
    const nextInMs = this.pauseBefore(attempt);
    this.retry = setTimeout(() => {
      this.enter({ kind: 'reconnecting', ...loss, attempt });
      this.attempt(false).catch(() => undefined); // `lose` was told.
    }, nextInMs);
    this.retry.unref();
    this.enter({ kind: 'lost', ...loss, attempt, nextInMs });
  }

  /** Up to a fifth longer by chance, so that a board that many watch is not called by all at once. */
  private pauseBefore(attempt: number): number {
    const pauseMs = Math.min(this.times.backoffMs * 2 ** (attempt - 1), this.times.maxBackoffMs);
    return Math.round(pauseMs * (1 + Math.random() / 5));
  }

  private enter(state: LinkState): void {
    this.current = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}
