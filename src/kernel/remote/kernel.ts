import { KernelError } from '../../errors';
import { kernelError } from './errors';
import { callsOf, received, RemoteFile } from './file';
import { RemoteLink } from './link';
import type { Agent, Kernel, KernelFile, OpenFlags, SharedMemory } from '../kernel';
import type { Link } from '../link';
import type { RemoteLinkOptions } from './link';
import type { Method, Methods } from './protocol';
import type { CallOptions } from './session';

/** The kernel of another machine: every call is a message to the agent there, which asks a kernel of its own. */
export class RemoteKernel implements Kernel {
  private readonly remote: RemoteLink;
  readonly agent: Agent;

  constructor(options: RemoteLinkOptions) {
    this.remote = new RemoteLink(options);
    const { remote } = this;
    this.agent = {
      host: options.host,
      get userId() {
        return remote.hello?.userId;
      },
      call: async (method, parameters, options) => (await remote.connection()).call(method, parameters, options),
    };
  }

  /** `hardware` until the agent has said it. */
  get backend(): 'hardware' | 'emulated' {
    return this.remote.hello?.backend ?? 'hardware';
  }

  get link(): Link {
    return this.remote;
  }

  /** Begins to connect, and goes on with it until `close`. @throws LinkError when the first attempt fails */
  connect(): Promise<void> {
    return this.remote.connect();
  }

  async open(path: string, flags: OpenFlags): Promise<KernelFile> {
    const { access, nonBlocking = false } = flags;
    const session = await this.remote.connection();
    const operation = `opening ${path}`;
    const file = await callsOf(session)('open', { path, access, nonBlocking }, { operation });
    return new RemoteFile(session, file, path);
  }

  async readFile(path: string): Promise<Uint8Array> {
    return received(await this.call('readFile', { path }, { operation: `opening ${path}` }));
  }

  async readFiles(paths: readonly string[]): ReturnType<Kernel['readFiles']> {
    const contents = await this.call('readFiles', { paths }, { operation: `reading ${paths.length} files` });
    return contents.map((content, index) =>
      typeof content === 'string' ? received(content) : (kernelError(content) ?? lost(paths[index])),
    );
  }

  readDirectory(path: string): Promise<string[]> {
    return this.call('readDirectory', { path }, { operation: `opening ${path}` });
  }

  stat(path: string): ReturnType<Kernel['stat']> {
    return this.call('stat', { path }, { operation: `stat ${path}` });
  }

  async allocateLocked(lengthBytes: number): Promise<SharedMemory> {
    throw new KernelError(`locking ${lengthBytes} bytes in memory`, 'ENODEV', {
      hint: 'hypercalls are made on the machine that they are for: run the program there',
    });
  }

  async close(): Promise<void> {
    this.remote.close();
  }

  private async call<M extends Method>(
    method: M,
    parameters: Methods[M][0],
    options: CallOptions,
  ): Promise<Methods[M][1]> {
    return callsOf(await this.remote.connection())(method, parameters, options);
  }
}

function lost(path = ''): KernelError {
  return new KernelError(`reading ${path}`, 'EPROTO');
}
