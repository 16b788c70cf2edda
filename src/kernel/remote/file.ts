import { KernelError } from '../../errors';
import { fromBase64, MAX_LINE_BYTES, toBase64 } from './protocol';
import type { IoctlArgument, KernelFile, RegisterWindow, SharedMemory } from '../kernel';
import type { Method, Methods, WireArgument } from './protocol';
import type { CallOptions, Session } from './session';

type Call = <M extends Method>(method: M, parameters: Methods[M][0], options?: CallOptions) => Promise<Methods[M][1]>;

/** What stands around the bytes in a line. */
const ENVELOPE_BYTES = 64 * 1024;

/** An open file of another machine. It is of no use any more when the link was lost, like everything that was open there. */
export class RemoteFile implements KernelFile {
  private readonly call: Call;
  private isClosed = false;

  constructor(
    private readonly session: Session,
    private readonly file: number,
    private readonly path: string,
  ) {
    this.call = callsOf(session);
  }

  async ioctl(request: number, argument?: IoctlArgument): Promise<number> {
    const operation = `ioctl 0x${(request >>> 0).toString(16)} on ${this.path}`;
    const parameters = { file: this.open(operation), request: request >>> 0 };
    if (argument === undefined) return this.call('ioctl', parameters, { operation });
    return this.call('ioctl', { ...parameters, argument: toWire(argument, operation) }, { operation });
  }

  async read(lengthBytes: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const operation = `reading ${this.path}`;
    const file = this.open(operation);
    return received(await this.call('read', { file, lengthBytes }, { signal, operation }));
  }

  async write(bytes: Uint8Array): Promise<number> {
    const operation = `writing ${this.path}`;
    return this.call('write', { file: this.open(operation), bytes: toBase64(bytes) }, { operation });
  }

  async mapMemory(): Promise<SharedMemory> {
    const operation = `mapping ${this.path}`;
    this.open(operation);
    throw new KernelError(operation, 'ENODEV', {
      hint: 'memory that is shared with a cell does not reach over --host: run the program on the board itself',
    });
  }

  async mapRegisters(offset: number, lengthBytes: number): Promise<RegisterWindow> {
    const operation = `mapping ${this.path}`;
    const window = await this.call('mapRegisters', { file: this.open(operation), offset, lengthBytes }, { operation });
    return new RemoteRegisters(this.call, window, this.path, lengthBytes);
  }

  async close(): Promise<void> {
    // The agent closes what is open when a connection ends.
    if (this.isClosed || this.session.hasEnded) return;
    this.isClosed = true;
    await this.call('close', { file: this.file }, { operation: `closing ${this.path}` });
  }

  private open(operation: string): number {
    if (this.isClosed) throw new KernelError(operation, 'EBADF');
    return this.file;
  }
}

/** The other end is this program in the same version of the protocol: its results have the types of its Methods. */
export function callsOf(session: Session): Call {
  return <M extends Method>(method: M, parameters: Methods[M][0], options?: CallOptions) =>
    session.call(method, parameters, options) as Promise<Methods[M][1]>;
}

/** Device registers of another machine: every access is a message. */
class RemoteRegisters implements RegisterWindow {
  private isMapped = true;

  constructor(
    private readonly call: Call,
    private readonly window: number,
    private readonly path: string,
    readonly lengthBytes: number,
  ) {}

  async read32(offset: number): Promise<number> {
    const operation = `reading register 0x${offset.toString(16)} of ${this.path}`;
    return this.call('readRegister', { window: this.window, offset: this.checked(offset) }, { operation });
  }

  async write32(offset: number, value: number): Promise<void> {
    const operation = `writing register 0x${offset.toString(16)} of ${this.path}`;
    const parameters = { window: this.window, offset: this.checked(offset), value: value >>> 0 };
    await this.call('writeRegister', parameters, { operation });
  }

  unmap(): void {
    if (!this.isMapped) return;
    this.isMapped = false;
    // When the link is lost, nothing is mapped there any more.
    this.call('unmapRegisters', { window: this.window }).catch(() => undefined);
  }

  private checked(offset: number): number {
    if (!this.isMapped || offset < 0 || offset % 4 !== 0 || offset + 4 > this.lengthBytes) {
      throw new KernelError(`register 0x${offset.toString(16)} of ${this.path}`, 'EFAULT');
    }
    return offset;
  }
}

function toWire({ bytes, references }: IoctlArgument, operation: string): WireArgument {
  // Hypercalls have them, and need pages of the machine that they are made on.
  if (references.some(({ references: inner = [] }) => inner.length > 0)) throw new KernelError(operation, 'ENOSYS');
  const totalBytes = references.reduce((sum, { buffer }) => sum + buffer.length, bytes.length);
  const limitBytes = Math.floor(((MAX_LINE_BYTES - ENVELOPE_BYTES) / 4) * 3);
  if (totalBytes > limitBytes) {
    throw new KernelError(operation, 'EMSGSIZE', {
      hint: `at most ${Math.floor(limitBytes / 2 ** 20)} MiB reach over --host in one call: copy the file to the board, and load it there`,
    });
  }
  const encoded = references.map(({ offset, buffer }) => ({ offset, buffer: toBase64(buffer) }));
  return { bytes: toBase64(bytes), references: encoded };
}

/** Bytes of an answer. */
export function received(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (!bytes) throw new KernelError('reading an answer', 'EPROTO');
  return bytes;
}
