/**
 * The names of properties, each once (Devicetree Specification 5.5). A name that is the tail of another shares its bytes,
 * and of several places the first is taken, as dtc and libfdt do.
 */
export class StringsBlock {
  private buffer: Buffer;
  private sizeBytes: number;
  private readonly offsets = new Map<string, number>();

  /** Starts with the block of a tree that was read, whose names keep their places. */
  constructor(source: Uint8Array = new Uint8Array(0)) {
    this.buffer = Buffer.alloc(source.length + 0x1000);
    this.buffer.set(source);
    this.sizeBytes = source.length;
  }

  /** Where the name is; it is added when it is not there. `hint`: where it was, and is still if nothing has changed. */
  offsetOf(name: string, hint?: number): number {
    if (hint !== undefined && this.isAt(name, hint)) return hint;
    let offset = this.offsets.get(name);
    if (offset === undefined) {
      offset = this.buffer.subarray(0, this.sizeBytes).indexOf(`${name}\0`, 0, 'latin1');
      if (offset < 0) offset = this.append(name);
      this.offsets.set(name, offset);
    }
    return offset;
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.sizeBytes);
  }

  private isAt(name: string, offset: number): boolean {
    const end = offset + name.length;
    if (end >= this.sizeBytes || this.buffer[end] !== 0) return false;
    for (let index = 0; index < name.length; index++) {
      if (this.buffer[offset + index] !== name.charCodeAt(index)) return false;
    }
    return true;
  }

  private append(name: string): number {
    const offset = this.sizeBytes;
    this.sizeBytes += name.length + 1;
    if (this.sizeBytes > this.buffer.length) {
      const larger = Buffer.alloc(2 * this.sizeBytes);
      larger.set(this.buffer.subarray(0, offset));
      this.buffer = larger;
    }
    this.buffer.write(name, offset, 'latin1');
    return offset;
  }
}
