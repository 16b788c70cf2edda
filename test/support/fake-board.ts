import { KernelError } from '../../src/errors';
import type { ErrnoName } from '../../src/errno';
import type { BoardStatus, LogPart, LogRequest } from '../../src/wire/control';
import type { ServedBoard } from '../../src/board/daemon/served-board';
import type {
  FileStatus,
  OpenFile,
  OpenFileFlags,
  SharedPages,
  SystemCalls,
  UserArgument,
} from '../../src/board/syscalls';

/** A file that remembers how it was called. */
export class FakeFile implements OpenFile {
  readonly ioctls: { request: number; argument: UserArgument | undefined }[] = [];
  readonly registers = new Map<number, number>();
  pages: SharedPages = { path: '/nowhere', offset: 0n };
  content: Uint8Array = new Uint8Array(0);
  isClosed = false;
  private interrupt: (() => void) | undefined;

  constructor(
    readonly path: string,
    public flags: OpenFileFlags,
  ) {}

  async ioctl(request: number, argument: UserArgument | undefined): Promise<number> {
    this.ioctls.push({ request, argument });
    if (request === 0xbad) throw new KernelError('ioctl', 'EINVAL');
    if (request === 0xb06) throw new TypeError('a bug');
    return 7;
  }

  read(lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.content.length > 0) return Promise.resolve(this.content.subarray(0, lengthBytes));
    return new Promise((_, reject) => {
      this.interrupt = () => reject(new KernelError('read', 'EINTR'));
      signal?.addEventListener('abort', this.interrupt);
    });
  }

  async poll(): Promise<number> {
    return this.content.length > 0 ? 0x41 : 0x8;
  }

  setNonBlocking(nonBlocking: boolean): void {
    this.flags = { ...this.flags, nonBlocking };
  }

  mapMemory(): SharedPages {
    return this.pages;
  }

  mapRegisters(offset: number): void {
    if (offset !== 0) throw new KernelError('mmap', 'EINVAL');
  }

  readRegister32(offset: number): number {
    return this.registers.get(offset) ?? 0;
  }

  writeRegister32(offset: number, value: number): void {
    this.registers.set(offset, value);
  }

  close(): void {
    this.isClosed = true;
    this.interrupt?.();
  }
}

/** A board without a machine: files that remember, one log, one UART. */
export class FakeBoard implements ServedBoard, SystemCalls {
  readonly systemCalls: SystemCalls = this;
  readonly opened: FakeFile[] = [];
  readonly typed: Uint8Array[] = [];
  /** Paths whose reading fails. */
  readonly failing = new Map<string, ErrnoName>();
  prepare: (file: FakeFile) => void = () => undefined;
  stops = 0;
  resets = 0;

  open(path: string, flags: OpenFileFlags): OpenFile {
    if (!path.startsWith('/dev/')) throw new KernelError('open', 'ENOENT');
    const file = new FakeFile(path, flags);
    this.prepare(file);
    this.opened.push(file);
    return file;
  }

  readFile(path: string): Uint8Array {
    const errno = this.failing.get(path);
    if (errno !== undefined) throw new KernelError(`read ${path}`, errno);
    return Buffer.from(`content of ${path}`);
  }

  readDirectory(path: string): string[] {
    return path === '/empty' ? [] : ['0', '1'];
  }

  stat(): FileStatus {
    return { kind: 'file', sizeBytes: 4096 };
  }

  status(): BoardStatus {
    return {
      name: 'fake',
      type: 'fake',
      release: 'nxp-v0.10',
      clock: 'real',
      processId: process.pid,
      startedAtMs: 0,
      boardTimeNs: '0',
      cells: [],
      uarts: [],
      logs: ['uart1'],
    };
  }

  async readLog(request: LogRequest): Promise<LogPart> {
    if (request.log !== 'uart1') throw new KernelError('log', 'ENOENT');
    return { start: request.from, end: request.from + 2, bytes: Uint8Array.of(0x68, 0x69) };
  }

  uartInput(_uart: string, bytes: Uint8Array): number {
    this.typed.push(Uint8Array.from(bytes));
    return bytes.length;
  }

  setVirtualLimit(): void {
    throw new KernelError('clock', 'EINVAL');
  }

  virtualRest(): Promise<'limit' | 'idle'> {
    return Promise.resolve('idle');
  }

  debugCell(): never {
    throw new KernelError('debug cell', 'ENOENT');
  }

  reset(): void {
    this.resets++;
  }

  stop(): void {
    this.stops++;
  }
}
