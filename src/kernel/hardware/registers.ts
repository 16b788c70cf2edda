import { KernelError } from '../../errors';
import type { NativeMapping } from '../../native/syscalls';
import type { RegisterWindow } from '../kernel';

/**
 * Device registers mapped into this process. `Atomics` makes each access one aligned load or store of 32 bits, which no
 * compiler leaves out or moves, in order with all others (ECMAScript, memory model); a call into the addon costs ten times as
 * much.
 */
export class HardwareRegisters implements RegisterWindow {
  private readonly words: Int32Array;

  /** @param lengthBytes of the window, of which the mapping may be longer */
  constructor(
    private readonly mapping: NativeMapping,
    private readonly path: string,
    readonly lengthBytes: number,
  ) {
    this.words = new Int32Array(mapping.buffer, 0, lengthBytes >>> 2);
  }

  async read32(offset: number): Promise<number> {
    return this.load(offset);
  }

  async write32(offset: number, value: number): Promise<void> {
    this.store(offset, value);
  }

  /** What `read32` does, for programs that cannot wait. @throws KernelError EFAULT */
  load(offset: number): number {
    return Atomics.load(this.words, this.index(offset)) >>> 0;
  }

  /** What `write32` does, for programs that cannot wait. @throws KernelError EFAULT */
  store(offset: number, value: number): void {
    Atomics.store(this.words, this.index(offset), value | 0);
  }

  unmap(): void {
    this.mapping.unmap();
  }

  /** Behind the end are negative offsets, as unsigned numbers, and all offsets once it is unmapped. */
  private index(offset: number): number {
    const index = offset >>> 2;
    if ((offset & 3) !== 0 || index >= this.words.length) {
      throw new KernelError(`register 0x${offset.toString(16)} of ${this.path}`, 'EFAULT');
    }
    return index;
  }
}
