import {
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_DESTROY,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
} from '../../../abi/jailhouse';
import { KernelError } from '../../../errors';
import { ConsoleReader } from './console-reader';
import { cellCreate } from './ioctl/cell-create';
import { cellDestroy } from './ioctl/cell-destroy';
import { cellLoad } from './ioctl/cell-load';
import { cellStart } from './ioctl/cell-start';
import { disable } from './ioctl/disable';
import { enable } from './ioctl/enable';
import type { OpenFileFlags, UserArgument } from '../../syscalls';
import type { FileOperations } from '../vfs/open-description';
import type { JailhouseModule } from './jailhouse-module';

/** An open /dev/jailhouse. */
export class JailhouseFile implements FileOperations {
  private readonly reader: ConsoleReader;

  constructor(
    private readonly module: JailhouseModule,
    private readonly flags: OpenFileFlags,
  ) {
    this.reader = new ConsoleReader(module);
    module.openFiles++;
  }

  async ioctl(request: number, argument: UserArgument | undefined, signal: AbortSignal): Promise<number> {
    switch (request) {
      case JAILHOUSE_ENABLE:
        return await enable(this.module, argument, signal);
      case JAILHOUSE_DISABLE:
        return await disable(this.module, signal);
      case JAILHOUSE_CELL_CREATE:
        return await cellCreate(this.module, argument, signal);
      case JAILHOUSE_CELL_LOAD:
        return await cellLoad(this.module, argument, signal);
      case JAILHOUSE_CELL_START:
        return await cellStart(this.module, argument, signal);
      case JAILHOUSE_CELL_DESTROY:
        return await cellDestroy(this.module, argument, signal);
      default:
        throw new KernelError('ioctl /dev/jailhouse', 'EINVAL');
    }
  }

  async read(lengthBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return await this.reader.read(lengthBytes, this.flags.nonBlocking, signal);
  }

  release(): void {
    this.module.openFiles--;
  }
}
