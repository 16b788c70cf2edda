import { KernelError } from '../../errors';
import {
  decodeContents,
  decodeFileStatus,
  decodeNames,
  decodeWord,
  encodeOpen,
  encodePath,
  encodePaths,
} from '../../wire/system-calls';
import { EmulatedFile } from './file';
import type { Kernel, KernelFile, OpenFlags, SharedMemory } from '../kernel';
import type { Connection } from './connection';

/** The kernel of an emulated board: every call is a message to the board's process. */
export class EmulatedKernel implements Kernel {
  readonly backend = 'emulated';
  private connecting: Promise<Connection> | undefined;
  private isClosed = false;

  /**
   * @param connect opens a connection; called on first use, and again on the next use after the board went away
   */
  constructor(private readonly connect: () => Promise<Connection>) {}

  async open(path: string, flags: OpenFlags): Promise<KernelFile> {
    const connection = await this.connection();
    const payload = encodeOpen({ path, access: flags.access, nonBlocking: flags.nonBlocking ?? false });
    const answer = await connection.request('open', payload, { description: `opening ${path}` });
    return new EmulatedFile(connection, decodeWord(answer, 'file'), path);
  }

  async readFile(path: string): Promise<Uint8Array> {
    const connection = await this.connection();
    return connection.request('readFile', encodePath(path), { description: `opening ${path}` });
  }

  async readFiles(paths: readonly string[]): ReturnType<Kernel['readFiles']> {
    const connection = await this.connection();
    const description = `reading ${paths.length} files`;
    const answer = await connection.request('readFiles', encodePaths(paths), { description });
    return decodeContents(answer, paths.length).map((content, index) =>
      typeof content === 'number' ? new KernelError(`opening ${paths[index]}`, content) : content,
    );
  }

  async readDirectory(path: string): Promise<string[]> {
    const connection = await this.connection();
    return decodeNames(await connection.request('readDirectory', encodePath(path), { description: `opening ${path}` }));
  }

  async stat(path: string): ReturnType<Kernel['stat']> {
    const connection = await this.connection();
    return decodeFileStatus(await connection.request('stat', encodePath(path), { description: `stat ${path}` }));
  }

  async allocateLocked(lengthBytes: number): Promise<SharedMemory> {
    throw new KernelError(`locking ${lengthBytes} bytes in memory`, 'ENOSYS');
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const connecting = this.connecting;
    this.connecting = undefined;
    // A connection that never came about has nothing to close.
    const connection = await connecting?.catch(() => undefined);
    connection?.close();
  }

  private connection(): Promise<Connection> {
    if (this.isClosed) return Promise.reject(new Error('the kernel was closed'));
    if (this.connecting === undefined) {
      const connecting = this.connect();
      const forget = () => {
        if (this.connecting === connecting) this.connecting = undefined;
      };
      connecting.then((connection) => connection.ended.then(forget), forget);
      this.connecting = connecting;
    }
    return this.connecting;
  }
}
