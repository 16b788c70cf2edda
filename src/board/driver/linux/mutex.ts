import { Notifier } from '../../notifier';

/** A lock that is waited for interruptibly. */
export class Mutex {
  private locked = false;
  private readonly released = new Notifier();

  /**
   * Runs `body` with the lock held.
   *
   * @throws KernelError EINTR when `signal` aborts before the lock is free; else what `body` throws
   */
  async hold<T>(signal: AbortSignal, operation: string, body: () => T | Promise<T>): Promise<T> {
    while (this.locked) {
      await this.released.wait(signal, operation);
    }
    this.locked = true;
    try {
      return await body();
    } finally {
      this.locked = false;
      this.released.notify();
    }
  }
}
