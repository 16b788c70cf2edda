import {
  EVTCHN_BIND_VIRQ,
  EVTCHN_PATH,
  EVTCHN_UNBIND,
  evtchnWordLayout,
  VIRQ_CONSOLE_RING,
} from '../../abi/xen/evtchn';
import { KernelError } from '../../errors';
import type { Kernel } from '../../kernel/kernel';
import type { Host } from '../hypervisor/host';

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Xen's console as it grows: first what is in the ring, then what is written, until the signal aborts. Xen raises a virtual
 * interrupt for new text, but gives it to one process only, which is xenconsoled where that logs it; then the ring is
 * looked at every second.
 */
export async function* followConsole(
  kernel: Kernel,
  host: Host,
  { signal }: FollowOptions = {},
): AsyncGenerator<string, void> {
  const wake = await Wake.open(kernel);
  try {
    let index: number | undefined;
    while (!signal?.aborted) {
      const { text, index: next } = await host.console(index === undefined ? {} : { since: index });
      index = next;
      if (text !== '') yield text;
      await wake.wait(signal);
    }
  } finally {
    await wake.close();
  }
}

const POLL_MS = 1000;

class Wake {
  private constructor(
    private readonly file: Awaited<ReturnType<Kernel['open']>>,
    private readonly port: number | undefined,
  ) {}

  static async open(kernel: Kernel): Promise<Wake> {
    const file = await kernel.open(EVTCHN_PATH, { access: 'read-write' });
    try {
      return new Wake(file, await bind(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Until there may be new text, or the signal aborts. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.port === undefined) return sleep(signal);
    try {
      const ports = await this.file.read(4, signal === undefined ? {} : { signal });
      await this.file.write(ports);
    } catch (error) {
      if (!(error instanceof KernelError) || error.errno !== 'EINTR') throw error;
    }
  }

  async close(): Promise<void> {
    if (this.port !== undefined) await this.file.ioctl(EVTCHN_UNBIND, word(this.port));
    await this.file.close();
  }
}

async function bind(file: Awaited<ReturnType<Kernel['open']>>): Promise<number | undefined> {
  try {
    return await file.ioctl(EVTCHN_BIND_VIRQ, word(VIRQ_CONSOLE_RING));
  } catch (error) {
    if (error instanceof KernelError && error.errno === 'EEXIST') return undefined;
    throw error;
  }
}

function word(value: number) {
  return { bytes: evtchnWordLayout.encode({ value }), references: [] };
}

function sleep(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, POLL_MS);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
