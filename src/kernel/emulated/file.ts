import { closeSync, constants, openSync } from 'node:fs';
import { KernelError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';
import {
  decodePages,
  decodeWord,
  encodeIoctl,
  encodeMap,
  encodeRead,
  encodeReadRegister,
  encodeWord,
  encodeWriteRegister,
} from '../../wire/system-calls';
import { MappedMemory } from '../mapped-memory';
import type { IoctlArgument, KernelFile, RegisterWindow, SharedMemory } from '../kernel';
import type { Connection } from './connection';

/** An open file of an emulated board. */
export class EmulatedFile implements KernelFile {
  private isClosed = false;

  constructor(
    private readonly connection: Connection,
    private readonly file: number,
    private readonly path: string,
  ) {}

  async ioctl(request: number, argument?: IoctlArgument): Promise<number> {
    const description = `ioctl 0x${(request >>> 0).toString(16)} on ${this.path}`;
    // No driver of an emulated board has requests with pointers behind pointers, and the wire does not carry them.
    if (argument?.references.some(({ references = [] }) => references.length > 0)) {
      throw new KernelError(description, 'ENOSYS');
    }
    const payload = encodeIoctl({ file: this.file, request, argument });
    return decodeWord(await this.connection.request('ioctl', payload, { description }), 'result');
  }

  read(lengthBytes: number, options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const payload = encodeRead(this.file, lengthBytes);
    return this.connection.request('read', payload, { signal: options.signal, description: `reading ${this.path}` });
  }

  /** None of the emulated devices has this call. */
  async write(): Promise<number> {
    throw new KernelError(`writing ${this.path}`, 'EINVAL');
  }

  async mapMemory(offset: number, lengthBytes: number, access: 'read' | 'read-write'): Promise<SharedMemory> {
    const description = `mapping ${this.path}`;
    const payload = encodeMap({ file: this.file, offset, lengthBytes, access });
    const pages = decodePages(await this.connection.request('mapMemory', payload, { description }));
    return mapPages(description, pages.path, Number(pages.offset), lengthBytes, access === 'read-write');
  }

  async mapRegisters(offset: number, lengthBytes: number): Promise<RegisterWindow> {
    const payload = encodeMap({ file: this.file, offset, lengthBytes, access: 'read-write' });
    await this.connection.request('mapRegisters', payload, { description: `mapping ${this.path}` });
    return new EmulatedRegisters(this.connection, this.file, this.path, offset, lengthBytes);
  }

  async close(): Promise<void> {
    // The board closes what is open when a connection ends.
    if (this.isClosed || !this.connection.isOpen) return;
    this.isClosed = true;
    await this.connection.request('close', encodeWord(this.file), { description: `closing ${this.path}` });
  }
}

/** Device registers of an emulated board: every access is a message. */
class EmulatedRegisters implements RegisterWindow {
  private isMapped = true;

  constructor(
    private readonly connection: Connection,
    private readonly file: number,
    private readonly path: string,
    private readonly start: number,
    readonly lengthBytes: number,
  ) {}

  async read32(offset: number): Promise<number> {
    const payload = encodeReadRegister({ file: this.file, offset: this.checked(offset) });
    const description = `reading register 0x${offset.toString(16)} of ${this.path}`;
    return decodeWord(await this.connection.request('readRegister', payload, { description }), 'value');
  }

  async write32(offset: number, value: number): Promise<void> {
    const payload = encodeWriteRegister({ file: this.file, offset: this.checked(offset) }, value);
    const description = `writing register 0x${offset.toString(16)} of ${this.path}`;
    await this.connection.request('writeRegister', payload, { description });
  }

  unmap(): void {
    this.isMapped = false;
  }

  private checked(offset: number): number {
    if (!this.isMapped || offset < 0 || offset % 4 !== 0 || offset + 4 > this.lengthBytes) {
      throw new KernelError(`register 0x${offset.toString(16)} of ${this.path}`, 'EFAULT');
    }
    return this.start + offset;
  }
}

/** Maps pages that belong to the board's process. They stay valid when that process ends. */
function mapPages(
  operation: string,
  path: string,
  offset: number,
  lengthBytes: number,
  isWritable: boolean,
): SharedMemory {
  const { mapMemory } = loadSyscalls();
  let fd: number;
  try {
    fd = openSync(path, isWritable ? constants.O_RDWR : constants.O_RDONLY);
  } catch (error) {
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw new KernelError(operation, errno, {
      hint: 'is the board running as another user, or in another container?',
      cause: error,
    });
  }
  try {
    const mapping = mapMemory(fd, offset, lengthBytes, isWritable);
    if (typeof mapping === 'number') throw new KernelError(operation, mapping);
    return new MappedMemory(mapping);
  } finally {
    closeSync(fd);
  }
}
