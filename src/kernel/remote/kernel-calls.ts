import { KernelError } from '../../errors';
import { errorData } from './errors';
import { Parameters } from './parameters';
import { toBase64 } from './protocol';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import type { IoctlArgument, Kernel, KernelFile, RegisterWindow } from '../kernel';
import type { ErrorData, Method } from './protocol';

/** Answers one method. What it throws goes back as an error. */
export type Handler = (parameters: unknown, token: CancellationToken) => unknown;

/** As a process may have open by default, where nobody raised it. */
const MAX_FILES = 1024;
const MAX_READ_BYTES = 16 * 1024 * 1024;
const MAX_WORD = 0xffff_ffff;
const POINTER_BYTES = 8;

/** The agent's half of a RemoteKernel: what a client has open, by number, and a handler for each of the kernel's calls. */
export class KernelCalls {
  private readonly files = new Numbered<KernelFile>('file');
  private readonly windows = new Numbered<RegisterWindow>('register window');

  readonly handlers: Readonly<Record<Method, Handler>> = {
    ping: () => null,
    open: (values) => this.open(new Parameters(values, 'open')),
    close: (values) => this.close(new Parameters(values, 'close')),
    ioctl: (values) => this.ioctl(new Parameters(values, 'ioctl')),
    read: (values, token) => this.read(new Parameters(values, 'read'), token),
    write: (values) => this.write(new Parameters(values, 'write')),
    mapRegisters: (values) => this.mapRegisters(new Parameters(values, 'mapRegisters')),
    readRegister: (values) => this.readRegister(new Parameters(values, 'readRegister')),
    writeRegister: (values) => this.writeRegister(new Parameters(values, 'writeRegister')),
    unmapRegisters: (values) => this.unmapRegisters(new Parameters(values, 'unmapRegisters')),
    readFile: async (values) => toBase64(await this.kernel.readFile(new Parameters(values, 'readFile').path())),
    readFiles: (values) => this.readFiles(new Parameters(values, 'readFiles')),
    readDirectory: (values) => this.kernel.readDirectory(new Parameters(values, 'readDirectory').path()),
    stat: (values) => this.kernel.stat(new Parameters(values, 'stat').path()),
  };

  constructor(private readonly kernel: Kernel) {}

  private async open(parameters: Parameters): Promise<number> {
    const path = parameters.path();
    const access = parameters.text('access') === 'read' ? 'read' : 'read-write';
    const nonBlocking = parameters.flag('nonBlocking');
    const number = this.files.reserve(`opening ${path}`);
    try {
      this.files.set(number, await this.kernel.open(path, { access, nonBlocking }));
    } catch (error) {
      this.files.delete(number);
      throw error;
    }
    return number;
  }

  private async close(parameters: Parameters): Promise<null> {
    const number = parameters.number('file');
    const file = this.files.get(number);
    this.files.delete(number);
    await file.close();
    return null;
  }

  private ioctl(parameters: Parameters): Promise<number> {
    const request = parameters.number('request', MAX_WORD);
    const argument = parameters.has('argument') ? ioctlArgument(parameters.inner('argument')) : undefined;
    return this.files.get(parameters.number('file')).ioctl(request, argument);
  }

  private async read(parameters: Parameters, token: CancellationToken): Promise<string> {
    const abort = new AbortController();
    if (token.isCancellationRequested) abort.abort();
    const listening = token.onCancellationRequested(() => abort.abort());
    try {
      const lengthBytes = parameters.number('lengthBytes', MAX_READ_BYTES);
      return toBase64(await this.files.get(parameters.number('file')).read(lengthBytes, { signal: abort.signal }));
    } finally {
      listening.dispose();
    }
  }

  private write(parameters: Parameters): Promise<number> {
    return this.files.get(parameters.number('file')).write(parameters.bytes('bytes'));
  }

  private async readFiles(parameters: Parameters): Promise<(string | ErrorData)[]> {
    const contents = await this.kernel.readFiles(parameters.paths('paths'));
    return contents.map((content) => (content instanceof KernelError ? errorData(content) : toBase64(content)));
  }

  private async mapRegisters(parameters: Parameters): Promise<number> {
    const file = this.files.get(parameters.number('file'));
    const number = this.windows.reserve('mapping registers');
    try {
      this.windows.set(number, await file.mapRegisters(parameters.number('offset'), parameters.number('lengthBytes')));
    } catch (error) {
      this.windows.delete(number);
      throw error;
    }
    return number;
  }

  private readRegister(parameters: Parameters): Promise<number> {
    return this.windows.get(parameters.number('window')).read32(parameters.number('offset'));
  }

  private async writeRegister(parameters: Parameters): Promise<null> {
    const window = this.windows.get(parameters.number('window'));
    await window.write32(parameters.number('offset'), parameters.number('value', MAX_WORD));
    return null;
  }

  private unmapRegisters(parameters: Parameters): null {
    const number = parameters.number('window');
    this.windows.get(number).unmap();
    this.windows.delete(number);
    return null;
  }
}

/** A pointer that is written outside of the argument would hit the agent's own memory. */
function ioctlArgument(parameters: Parameters): IoctlArgument {
  const bytes = parameters.bytes('bytes');
  const references = parameters.list('references').map((value) => {
    const reference = new Parameters(value, 'ioctl reference');
    return { offset: reference.number('offset', bytes.length - POINTER_BYTES), buffer: reference.bytes('buffer') };
  });
  return { bytes, references };
}

/** What a client holds, by the number that it knows it by. Numbers are not given twice. */
class Numbered<T> {
  private readonly items = new Map<number, T | undefined>();
  private last = 0;

  constructor(private readonly kind: string) {}

  /** @throws KernelError EMFILE */
  reserve(operation: string): number {
    if (this.items.size >= MAX_FILES) throw new KernelError(operation, 'EMFILE');
    this.items.set(++this.last, undefined);
    return this.last;
  }

  set(number: number, item: T): void {
    this.items.set(number, item);
  }

  delete(number: number): void {
    this.items.delete(number);
  }

  /** @throws KernelError EBADF */
  get(number: number): T {
    const item = this.items.get(number);
    if (item === undefined) throw new KernelError(`${this.kind} ${number}`, 'EBADF');
    return item;
  }
}
