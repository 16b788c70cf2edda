import { KernelError } from '../../errors';
import type { NativeMapping } from '../../native/syscalls';
import type { RegisterWindow } from '../kernel';

/**
 * Device registers mapped into this process. `Atomics` makes each access one aligned load or store of 32 bits, which no
 * compiler leaves out or moves, in order with all others (ECMAScript, memory model); a call into the addon costs ten times as
 * much.
 */
export class HardwareRegisters implements RegisterWindow {
  private readonly words: Uint32Array;

  /** @param lengthBytes of the window, of which the mapping may be longer */
  constructor(
    private readonly mapping: NativeMapping,
    private readonly path: string,
    readonly lengthBytes: number,
  ) {
    this.words = new Uint32Array(mapping.buffer, 0, lengthBytes >>> 2);
  }

  async read32(offset: number): Promise<number> {
    return this.load(offset);
  }

  async write32(offset: number, value: number): Promise<void> {
    this.store(offset, value);
  }

  /** What `read32` does, for programs that cannot wait. @throws KernelError EFAULT */
  load(offset: number): number {
    try {
      return Atomics.load(this.words, indexOf(offset));
    } catch (cause) {
      throw this.fault(offset, cause);
    }
  }

  /** What `write32` does, for programs that cannot wait. @throws KernelError EFAULT */
  store(offset: number, value: number): void {
    try {
      Atomics.store(this.words, indexOf(offset), value);
    } catch (cause) {
      throw this.fault(offset, cause);
    }
  }

  unmap(): void {
    this.mapping.unmap();
  }

  private fault(offset: number, cause: unknown): KernelError {
    return new KernelError(`register 0x${offset.toString(16)} of ${this.path}`, 'EFAULT', { cause });
  }
}

/** Atomics refuses what is behind the end, as negative offsets are, too, and everything once the window is unmapped. */
function indexOf(offset: number): number {
  if ((offset & 3) !== 0) throw new RangeError('no multiple of 4');
  return offset >>> 2;
}
