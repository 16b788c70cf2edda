import { KernelError } from '../../../errors';
import { readConsole, SYS_FLAG_VIRTUAL_DEBUG_CONSOLE } from '../../../abi/jailhouse';
import type { VirtualConsole } from '../../../abi/jailhouse';
import type { JailhouseModule } from './jailhouse-module';

const OPERATION = 'read /dev/jailhouse';

/** Whether the root cell may see the hypervisor's console. */
export function hasVirtualConsole({ enabled }: JailhouseModule): boolean {
  return ((enabled?.system.flags ?? 0) & SYS_FLAG_VIRTUAL_DEBUG_CONSOLE) !== 0;
}

/** How one open file stands with the hypervisor's console (jailhouse-abi reference 1.9). */
export class ConsoleReader {
  private head = 0;
  private lastConsoleId = 0;

  constructor(private readonly module: JailhouseModule) {}

  /**
   * Waits until there is something, unless `nonBlocking`; then nothing new is an empty answer.
   *
   * @throws KernelError EAGAIN when non-blocking and there is no hypervisor, EPERM without virtual console, EINTR
   */
  async read(lengthBytes: number, nonBlocking: boolean, signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      const ended = this.readSnapshot(lengthBytes);
      const data = ended ?? this.readLive(lengthBytes);
      if (data && (data.length > 0 || nonBlocking || lengthBytes === 0)) {
        return data;
      }
      if (!data && nonBlocking) {
        throw new KernelError(OPERATION, 'EAGAIN');
      }
      if (!data) {
        this.head = 0;
      }
      if (!ended) {
        await this.module.consoleChanged.wait(signal, OPERATION);
      }
    }
  }

  /** From the console of a hypervisor that is gone; undefined when this file has seen it all. */
  private readSnapshot(lengthBytes: number): Uint8Array | undefined {
    const { lastConsole } = this.module;
    if (!lastConsole || lastConsole.id === this.lastConsoleId) {
      return undefined;
    }
    const data = this.advance(lastConsole, lengthBytes);
    if (data.length === 0) {
      this.lastConsoleId = lastConsole.id;
    }
    return data;
  }

  /** From the hypervisor that runs; undefined when none does. */
  private readLive(lengthBytes: number): Uint8Array | undefined {
    if (!this.module.enabled) {
      return undefined;
    }
    if (!hasVirtualConsole(this.module)) {
      throw new KernelError(OPERATION, 'EPERM');
    }
    return this.advance(this.module.linux.machine.consoleSnapshot(), lengthBytes);
  }

  private advance(console: Pick<VirtualConsole, 'tail' | 'content'>, lengthBytes: number): Uint8Array {
    const { data, head } = readConsole(console, this.head, lengthBytes);
    this.head = head;
    return data;
  }
}
