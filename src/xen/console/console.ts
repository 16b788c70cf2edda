import { setTimeout } from 'node:timers/promises';
import { CellvisorError, KernelError } from '../../errors';
import { waitForValue } from '../xenstore/wait';
import type { Kernel, KernelFile } from '../../kernel/kernel';
import type { Xenstore } from '../xenstore/xenstore';

export type ConsoleType = 'pv' | 'serial' | 'vuart';

export interface ConsoleOptions {
  /** Default: `pv`, the one that xenconsoled serves. */
  readonly type?: ConsoleType | undefined;
  /** Default: 0, the first. */
  readonly number?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for xenconsoled to serve a new domain. Default: 30 s, as the C tool. */
  readonly timeoutMs?: number;
}

const SERVED_TIMEOUT_MS = 30_000;
const READ_BYTES = 4096;
const WRITE_RETRY_MS = 5;

/** ioctl that sets a terminal's modes, and modes that pass every byte as it is (termios(3), asm-generic numbering). */
const TCSETS = 0x5402;
const RAW_MODES = Uint8Array.from([
  ...[0, 0, 0, 0], // no input processing
  ...[0, 0, 0, 0], // no output processing
  ...[0xbf, 0, 0, 0], // B38400, CS8, CREAD
  ...[0, 0, 0, 0], // no echo, no lines, no signals
  0,
  ...[0, 0, 0, 0, 0, 0, 1], // VMIN, entry 6: a read gives what is there
  ...new Array<number>(12).fill(0),
]);

/** A domain's console: what the domain prints, as an iterator of bytes, and its keyboard. */
export class Console implements AsyncIterable<Uint8Array> {
  /**
   * @param output waits when it is read and nothing is there
   * @param input does not wait when it is written and there is no room
   */
  constructor(
    private readonly output: KernelFile,
    private readonly input: KernelFile,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Ends when the domain does, or at {@link close}, or when the signal aborts. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const bytes = await this.output.read(READ_BYTES, this.signal ? { signal: this.signal } : {});
        if (bytes.length === 0) return;
        yield bytes;
      }
    } catch (error) {
      // EIO: xenconsoled has closed its end; EINTR and EBADF: we did.
      if (!(error instanceof KernelError) || !['EIO', 'EINTR', 'EBADF'].includes(error.errno ?? '')) throw error;
    } finally {
      await this.close();
    }
  }

  /** Types into the console; resolves when xenconsoled has room for all of it. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      try {
        sent += await this.input.write(bytes.subarray(sent));
      } catch (error) {
        if (!(error instanceof KernelError) || error.errno !== 'EAGAIN') throw error;
        // A domain that does not read its keyboard: the terminal is full, and cannot be waited for through the seam.
        await setTimeout(WRITE_RETRY_MS, undefined, this.signal ? { signal: this.signal } : {});
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.output.close(), this.input.close()]);
  }
}

/**
 * Opens a domain's console, which several may do at the same time; each byte goes to one of them.
 * @throws CellvisorError `E_XEN_CONSOLE` when xenconsoled does not serve it in time
 */
export async function openConsole(
  kernel: Pick<Kernel, 'open'>,
  store: Xenstore,
  domid: number,
  options: ConsoleOptions = {},
): Promise<Console> {
  const { timeoutMs = SERVED_TIMEOUT_MS, signal } = options;
  const node = ttyNode(domid, options);
  const { value: tty } = await waitForValue(store, node, (value) => Boolean(value), { timeoutMs, signal });
  if (!tty) {
    throw new CellvisorError(`domain ${domid} has no console after ${timeoutMs / 1000} s`, {
      code: 'E_XEN_CONSOLE',
      operation: `opening the console of domain ${domid}`,
      errno: 'ETIMEDOUT',
      hint: `is there such a domain, and does xenconsoled run? It writes the terminal's name into ${node}`,
    });
  }
  // Domains may write here in old releases: nothing but a terminal is opened.
  if (!/^\/dev\/(pts\/\d+|[a-zA-Z]+\d*)$/.test(tty)) {
    throw new CellvisorError(`${node} names ${JSON.stringify(tty)}, which is no terminal`, {
      code: 'E_XEN_CONSOLE',
      operation: `opening the console of domain ${domid}`,
      errno: 'ENOTTY',
    });
  }
  const output = await kernel.open(tty, { access: 'read-write' });
  let input: KernelFile | undefined;
  try {
    input = await kernel.open(tty, { access: 'read-write', nonBlocking: true });
    await output.ioctl(TCSETS, { bytes: RAW_MODES, references: [] }, { isQuick: true });
    return new Console(output, input, signal);
  } catch (error) {
    await Promise.all([output.close(), input?.close()]);
    throw error;
  }
}

/** Where xenconsoled writes the name of a console's terminal (xen-abi reference 13 and 14). */
function ttyNode(domid: number, { type = 'pv', number = 0 }: ConsoleOptions): string {
  const domain = `/local/domain/${domid}`;
  if (type === 'serial') return `${domain}/serial/${number}/tty`;
  if (type === 'vuart') return `${domain}/vuart/${number}/tty`;
  return number === 0 ? `${domain}/console/tty` : `${domain}/device/console/${number}/tty`;
}
