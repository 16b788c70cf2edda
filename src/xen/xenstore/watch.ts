import { encodeTexts } from '../../abi/xenstore';
import { xenstoreError } from './errors';
import type { Connection } from './connection';

/**
 * What changed at a watched path or below it, as an endless iterator of paths. The first event comes at once, without any
 * change: so read the state after an event, never before the first. A path that changes again before its event was taken is
 * given once: an event says that something changed, not how often.
 */
export class Watch implements AsyncIterable<string> {
  private readonly events = new Set<string>();
  private wake: (() => void) | undefined;
  private end: Error | undefined;
  private isClosed = false;
  private readonly token: string;

  private constructor(
    private readonly connection: Connection,
    readonly path: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.token = connection.listen({
      onEvent: (changed) => {
        this.events.add(changed);
        this.wake?.();
      },
      onEnd: (error) => this.stop(error),
    });
  }

  /** Registers a watch. For {@link Xenstore.watch}. */
  static async open(connection: Connection, path: string, signal: AbortSignal | undefined): Promise<Watch> {
    const watch = new Watch(connection, path, signal);
    const remove = () => void watch.unregister().catch(() => undefined);
    try {
      await connection.request('watch', encodeTexts(path, watch.token), {
        what: `watching ${path}`,
        signal,
        takeBack: remove,
      });
    } catch (error) {
      connection.forget(watch.token);
      throw error;
    }
    signal?.addEventListener('abort', watch.onAbort, { once: true });
    if (signal?.aborted) watch.onAbort();
    return watch;
  }

  /** @throws KernelError EINTR when the watch's signal has aborted, ECONNRESET when the connection is over */
  async next(): Promise<string> {
    while (this.events.size === 0) {
      if (this.end !== undefined) throw this.end;
      if (this.wake !== undefined) throw new Error('two readers of one watch');
      this.connection.hold();
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
      this.connection.letGo();
    }
    const path = this.events.values().next().value as string;
    this.events.delete(path);
    return path;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      for (;;) yield await this.next();
    } finally {
      await this.close();
    }
  }

  /** Ends the watch; a reader that waits gets EBADF. Closing twice does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.signal?.removeEventListener('abort', this.onAbort);
    this.stop(xenstoreError(`watching ${this.path}`, 'EBADF', 'the watch was closed'));
    this.connection.forget(this.token);
    // A watch ends with its connection in any case.
    if (this.connection.isOpen) await this.unregister();
  }

  private async unregister(): Promise<void> {
    const payload = encodeTexts(this.path, this.token);
    await this.connection.request('unwatch', payload, { what: `no longer watching ${this.path}` });
  }

  private stop(reason: Error): void {
    this.end ??= reason;
    this.wake?.();
  }

  private readonly onAbort = (): void => this.stop(xenstoreError(`watching ${this.path}`, 'EINTR'));
}
