import { KernelError } from '../../errors';
import { kernelError } from './errors';
import { received, RemoteFile } from './file';
import { RemoteLink } from './link';
import type { Agent, Kernel, KernelFile, OpenFlags } from '../kernel';
import type { Link } from '../link';
import type { Call } from './file';
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
      call: (method, parameters) => remote.call(method, parameters),
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
    const file = await this.call('open', { path, access, nonBlocking }, { operation: `opening ${path}` });
    return new RemoteFile(this.call, file, path);
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

  async close(): Promise<void> {
    this.remote.close();
  }

  /** The other end is this program in the same version of the protocol: its results have the types of its Methods. */
  private readonly call: Call = <M extends Method>(method: M, parameters: Methods[M][0], options?: CallOptions) =>
    this.remote.call(method, parameters, options) as Promise<Methods[M][1]>;
}

function lost(path = ''): KernelError {
  return new KernelError(`reading ${path}`, 'EPROTO');
}
