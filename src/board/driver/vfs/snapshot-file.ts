import type { FileNode } from './node';
import type { FileOperations } from './open-description';

/** An ordinary file that was opened: its content as it was at the first read, from the beginning to the end. */
export class SnapshotFile implements FileOperations {
  private content: Uint8Array | undefined;
  private position = 0;

  constructor(private readonly node: FileNode) {}

  async read(lengthBytes: number): Promise<Uint8Array> {
    this.content ??= this.node.read();
    const part = this.content.subarray(this.position, this.position + lengthBytes);
    this.position += part.length;
    return await Promise.resolve(part);
  }
}
