import { KernelError } from '../../../errors';
import { formatKmsgRecord } from './kernel-log';
import type { OpenFileFlags } from '../../syscalls';
import type { FileOperations } from '../vfs/open-description';
import type { KernelLog } from './kernel-log';

const PATH = '/dev/kmsg';

/** An open /dev/kmsg: each read gives one record, from the oldest on, and waits for the next. */
export class KmsgFile implements FileOperations {
  private nextSequence = 0;

  constructor(
    private readonly log: KernelLog,
    private readonly flags: OpenFileFlags,
  ) {}

  async read(lengthBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    let record = this.log.recordFrom(this.nextSequence);
    while (!record) {
      if (this.flags.nonBlocking) {
        throw new KernelError(PATH, 'EAGAIN');
      }
      await this.log.grown.wait(signal, PATH);
      record = this.log.recordFrom(this.nextSequence);
    }
    const bytes = new TextEncoder().encode(formatKmsgRecord(record));
    if (bytes.length > lengthBytes) {
      throw new KernelError(PATH, 'EINVAL');
    }
    this.nextSequence = record.sequence + 1;
    return bytes;
  }
}
