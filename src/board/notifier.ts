import { KernelError } from '../errors';

/** A wait queue: what Linux's wait_event_interruptible waits on. */
export class Notifier {
  private waiting = new Set<() => void>();

  notify(): void {
    const woken = this.waiting;
    this.waiting = new Set();
    for (const wake of woken) {
      wake();
    }
  }

  /** Resolves with the next `notify`. @throws KernelError EINTR when `signal` aborts */
  wait(signal: AbortSignal, operation: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const interrupt = () => {
        this.waiting.delete(wake);
        reject(new KernelError(operation, 'EINTR'));
      };
      const wake = () => {
        signal.removeEventListener('abort', interrupt);
        resolve();
      };
      if (signal.aborted) {
        interrupt();
        return;
      }
      signal.addEventListener('abort', interrupt, { once: true });
      this.waiting.add(wake);
    });
  }
}
