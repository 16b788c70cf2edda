import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelError } from '../../../src/errors';
import { HardwareKernel } from '../../../src/kernel/hardware/kernel';
import { loadSyscalls } from '../../../src/native/syscalls';

const PAGE_BYTES = 4096;
const FIONREAD = 0x541b;
const SIOCGIFCONF = 0x8912;

const kernel = new HardwareKernel();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-hardware-'));
});
afterEach(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true });
});

function makeFile(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function makePipe(): string {
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  return path;
}

async function failure(call: Promise<unknown>): Promise<KernelError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KernelError)) throw new Error(`expected a KernelError, got ${String(error)}`);
  return error;
}

describe('files', () => {
  test('reading on this thread: what there is, the end, and failures', async () => {
    const path = makeFile('a', Buffer.from('hello'));
    const file = await kernel.open(path, { access: 'read-write' });
    const bytes = new Uint8Array(4);
    expect([file.readHere(bytes), [...bytes]]).toEqual([4, [...Buffer.from('hell')]]);
    expect([file.readHere(bytes), bytes[0]]).toEqual([1, 'o'.charCodeAt(0)]);
    expect(file.readHere(bytes)).toBe(0);
    const directory = await kernel.open(folder, { access: 'read' });
    expect(() => directory.readHere(bytes)).toThrow(expect.objectContaining({ errno: 'EISDIR' }));
    await file.close();
    expect(() => file.readHere(bytes)).toThrow(
      expect.objectContaining({ errno: 'EBADF', operation: `reading ${path}` }),
    );
  });

  test('content, names, status', async () => {
    const large = Buffer.alloc(3 << 20, 7);
    expect(Buffer.compare(await kernel.readFile(makeFile('large', large)), large)).toBe(0);
    rmSync(join(folder, 'large'));
    const path = makeFile('a', Buffer.from('hello'));
    expect(Buffer.from(await kernel.readFile(path)).toString()).toBe('hello');
    expect(await kernel.readDirectory(folder)).toEqual(['a']);
    expect(await kernel.stat(path)).toEqual({ kind: 'file', sizeBytes: 5 });
    expect(await kernel.stat(folder)).toEqual({ kind: 'directory', sizeBytes: 0 });
    expect(await kernel.stat('/dev/null')).toEqual({ kind: 'device', sizeBytes: 0 });
  });

  test('many files: each with its content or its error', async () => {
    const paths = [makeFile('a', Buffer.from('one')), join(folder, 'b'), folder, makeFile('c', new Uint8Array(40_000))];
    const [a, b, c, d] = await kernel.readFiles(paths);
    expect(Buffer.from(a as Uint8Array).toString()).toBe('one');
    expect(b).toMatchObject({ errno: 'ENOENT', operation: `opening ${paths[1]}` });
    expect(c).toMatchObject({ errno: 'EISDIR', operation: `reading ${folder}` });
    expect(d).toHaveLength(40_000);
  });

  test('a missing driver gives the line of the C tool, and a hint', async () => {
    if (existsSync('/dev/jailhouse')) throw new Error('this machine runs Jailhouse: the test has no meaning on it');
    const error = await failure(kernel.open('/dev/jailhouse', { access: 'read-write' }));
    expect(error.message).toBe('opening /dev/jailhouse: No such file or directory');
    expect(error.errno).toBe('ENOENT');
    expect(error.hint).toContain('insmod');
    expect(error.hint).toContain('CELLVISOR_BACKEND=emulated');
  });

  test('other failures carry their errno', async () => {
    expect((await failure(kernel.readFile(folder))).errno).toBe('EISDIR');
    expect((await failure(kernel.readDirectory(makeFile('x', new Uint8Array(1))))).errno).toBe('ENOTDIR');
    expect((await failure(kernel.stat(join(folder, 'none')))).errno).toBe('ENOENT');
  });

  test('a closed file answers EBADF, and closing twice does nothing', async () => {
    const file = await kernel.open(makeFile('a', new Uint8Array(1)), { access: 'read' });
    await file.close();
    await file.close();
    expect((await failure(file.read(1))).errno).toBe('EBADF');
    expect((await failure(file.ioctl(1))).errno).toBe('EBADF');
  });
});

describe('read', () => {
  test('gives what is there and then the end', async () => {
    const file = await kernel.open(makeFile('a', Buffer.from('hello')), { access: 'read' });
    expect(Buffer.from(await file.read(3)).toString()).toBe('hel');
    expect(Buffer.from(await file.read(30)).toString()).toBe('lo');
    expect(await file.read(30)).toHaveLength(0);
  });

  test('waits for data, many at a time, without filling the thread pool', async () => {
    const path = makePipe();
    const files = await Promise.all(Array.from({ length: 8 }, () => kernel.open(path, { access: 'read-write' })));
    const reads = files.map((file) => file.read(1));
    // With the pool's four threads taken, this would never be answered.
    expect(await kernel.stat(folder)).toEqual({ kind: 'directory', sizeBytes: 0 });
    const fd = openSync(path, 'r+');
    writeFileSync(fd, '12345678');
    const bytes = await Promise.all(reads);
    closeSync(fd);
    expect(
      bytes
        .map((one) => Buffer.from(one).toString())
        .sort()
        .join(''),
    ).toBe('12345678');
  });

  test('that is over holds no descriptor', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write' });
    await file.write(Buffer.alloc(64));
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let round = 0; round < 32; round++) await file.read(1);
    expect(descriptors()).toBe(before);
  });

  test('ends with EINTR when its signal aborts, before, during, and when the file is closed', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write' });
    expect((await failure(file.read(1, { signal: AbortSignal.abort() }))).errno).toBe('EINTR');
    const controller = new AbortController();
    const read = file.read(1, { signal: controller.signal });
    controller.abort();
    expect((await failure(read)).errno).toBe('EINTR');
    const other = file.read(1);
    const closing = file.close();
    expect((await failure(other)).errno).toBe('EINTR');
    await closing;
  });

  test('non-blocking: EAGAIN when nothing is there', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write', nonBlocking: true });
    expect((await failure(file.read(1))).errno).toBe('EAGAIN');
  });
});

describe('a Unix socket', () => {
  test('is connected to, answers while it is waited for, and ends', async () => {
    const path = join(folder, 'socket');
    const server = createServer((socket) => socket.once('data', (bytes) => socket.end(Buffer.from(bytes).reverse())));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const file = await kernel.open(path, { access: 'read-write' });
    expect(await file.write(Buffer.from('abc'), { isQuick: true })).toBe(3);
    // The server is of this thread: it answers only after the wait here.
    expect(Buffer.from(await file.read(10, { waitHereMs: 1 })).toString()).toBe('cba');
    expect(await file.read(10, { waitHereMs: 1000 })).toHaveLength(0);
    await file.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('nobody listens any more: ECONNREFUSED', async () => {
    const path = join(folder, 'socket');
    const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', program]);
    expect(await failure(kernel.open(path, { access: 'read-write' }))).toMatchObject({
      errno: 'ECONNREFUSED',
      operation: `opening ${path}`,
    });
  });
});

describe('write', () => {
  test('what is written is read by others', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write' });
    expect(await file.write(Buffer.from('hello'))).toBe(5);
    expect(Buffer.from(await file.read(30)).toString()).toBe('hello');
  });

  test('non-blocking: a full pipe takes a part, then gives EAGAIN', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write', nonBlocking: true });
    let takenBytes = 0;
    const error = await failure(
      (async () => {
        for (;;) takenBytes += await file.write(new Uint8Array(1 << 20));
      })(),
    );
    expect(error).toMatchObject({ errno: 'EAGAIN', operation: expect.stringMatching(/^writing /) });
    expect(takenBytes).toBeGreaterThan(0);
  });

  test('a file opened for reading gives EBADF', async () => {
    const file = await kernel.open(makeFile('a', new Uint8Array(1)), { access: 'read' });
    expect((await failure(file.write(new Uint8Array(1)))).errno).toBe('EBADF');
  });
});

describe('ioctl', () => {
  test('gives the errno of the driver', async () => {
    const file = await kernel.open(makeFile('a', new Uint8Array(1)), { access: 'read' });
    expect((await failure(file.ioctl(0x40300003, { bytes: new Uint8Array(48), references: [] }))).errno).toBe('ENOTTY');
  });

  test('passes the address of a referenced buffer at its offset', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    // struct ifconf: s32 length, then at 8 the address of a buffer, which the kernel fills with the network interfaces.
    const bytes = Buffer.alloc(16);
    const buffer = Buffer.alloc(1024);
    bytes.writeInt32LE(buffer.length, 0);
    expect(await loadSyscalls().ioctl(fd, SIOCGIFCONF, bytes, [{ offset: 8, buffer }])).toBe(0);
    expect(buffer.toString('latin1')).toContain(Object.keys(networkInterfaces())[0]);
    expect(bytes.readBigUInt64LE(8)).toBe(0n);
    server.close();
  });

  test('passes the argument, or none', async () => {
    const file = await kernel.open(makePipe(), { access: 'read-write' });
    expect(await file.ioctl(FIONREAD, { bytes: new Uint8Array(4), references: [] })).toBe(0);
    expect((await failure(file.ioctl(FIONREAD))).errno).toBe('EFAULT');
  });

  test('a reference outside of the argument is a programming error', async () => {
    const file = await kernel.open('/dev/null', { access: 'read' });
    const argument = { bytes: new Uint8Array(8), references: [{ offset: 4, buffer: new Uint8Array(1) }] };
    await expect(file.ioctl(1, argument)).rejects.toThrow('a reference lies outside of the argument');
  });
});

describe('mmap', () => {
  test('shared memory is the file, both ways; after unmap nothing of it is left', async () => {
    const path = makeFile('shared', new Uint8Array(2 * PAGE_BYTES));
    const file = await kernel.open(path, { access: 'read-write' });
    const memory = await file.mapMemory(PAGE_BYTES, PAGE_BYTES, 'read-write');
    const other = await file.mapMemory(PAGE_BYTES, PAGE_BYTES, 'read');
    memory.bytes[5] = 42;
    expect(other.bytes[5]).toBe(42);
    expect(readFileSync(path)[PAGE_BYTES + 5]).toBe(42);
    memory.unmap();
    expect(memory.bytes).toHaveLength(0);
    memory.unmap();
    expect(other.bytes[5]).toBe(42);
    other.unmap();
  });

  test('a range beyond the end, an odd offset, and no length are refused', async () => {
    const file = await kernel.open(makeFile('shared', new Uint8Array(PAGE_BYTES)), { access: 'read-write' });
    for (const [offset, lengthBytes] of [
      [0, 2 * PAGE_BYTES],
      [2 * PAGE_BYTES, PAGE_BYTES],
      [1, 1],
      [0, 0],
    ] as const) {
      expect((await failure(file.mapMemory(offset, lengthBytes, 'read'))).errno).toBe('EINVAL');
    }
  });

  test('write access needs a file opened for it', async () => {
    const file = await kernel.open(makeFile('shared', new Uint8Array(PAGE_BYTES)), { access: 'read' });
    expect((await failure(file.mapMemory(0, PAGE_BYTES, 'read-write'))).errno).toBe('EACCES');
  });

  test('registers are read and written as 32-bit words', async () => {
    const path = makeFile('registers', new Uint8Array(PAGE_BYTES));
    const file = await kernel.open(path, { access: 'read-write' });
    const registers = await file.mapRegisters(0, 256);
    await registers.write32(12, 0xfedcba98);
    expect(await registers.read32(12)).toBe(0xfedcba98);
    expect(readFileSync(path).readUInt32LE(12)).toBe(0xfedcba98);
    for (const offset of [-4, 2, 256, 4096]) {
      expect((await failure(registers.read32(offset))).errno).toBe('EFAULT');
      expect((await failure(registers.write32(offset, 1))).errno).toBe('EFAULT');
    }
    registers.unmap();
    expect((await failure(registers.read32(12))).errno).toBe('EFAULT');
  });

  test('10,000 rounds leave no mapping of the file', async () => {
    const path = makeFile('shared', new Uint8Array(16 * PAGE_BYTES));
    const file = await kernel.open(path, { access: 'read-write' });
    const mappings = () => readFileSync('/proc/self/maps', 'utf8').split(path).length - 1;
    for (let round = 0; round < 10_000; round++) {
      const memory = await file.mapMemory(0, 16 * PAGE_BYTES, 'read');
      if (round === 0) expect(mappings()).toBe(1);
      memory.unmap();
    }
    expect(mappings()).toBe(0);
  });
});

describe('locks', () => {
  test('one holder at a time, in other processes too; the end of a process frees its lock', async () => {
    const path = makeFile('lock', new Uint8Array(0));
    // The program opens the lock on descriptor 9, takes it, says so, and holds it until it is killed.
    const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const fd = openSync(path, 'r');
    let hasLock = false;
    const locked = loadSyscalls()
      .lockFile(fd)
      .then((result) => {
        hasLock = true;
        return result;
      });
    await kernel.stat(path);
    expect(hasLock).toBe(false);
    holder.stdin.end();
    expect(await locked).toBe(0);
    closeSync(fd);
  });

  test('a bad descriptor gives EBADF', async () => {
    expect(await loadSyscalls().lockFile(9999)).toBe(-9);
  });
});

describe('arguments of the wrong type', () => {
  test('throw a TypeError and harm nothing', () => {
    const syscalls = loadSyscalls() as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const name of ['ioctl', 'lockFile', 'mapMemory', 'read', 'discardUnread']) {
      for (const args of [[], ['x'], [-1, 0], [1.5, 'y'], [0, -1, {}, 1], [null, null, null, null]]) {
        const takesOnlyDescriptor = name === 'discardUnread' || name === 'lockFile';
        if (takesOnlyDescriptor && args[0] === 0) continue;
        expect(() => syscalls[name]?.(...args)).toThrow(expect.objectContaining({ name: 'TypeError' }));
      }
    }
  });
});
