import type { NativeMapping } from '../native/syscalls';
import type { SharedMemory } from './kernel';

/** Pages that this process has mapped. */
export class MappedMemory implements SharedMemory {
  readonly bytes: Uint8Array;

  constructor(private readonly mapping: NativeMapping) {
    this.bytes = new Uint8Array(mapping.buffer);
  }

  unmap(): void {
    this.mapping.unmap();
  }
}
