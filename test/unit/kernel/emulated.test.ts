import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../../src/board/daemon/session';
import { KernelError } from '../../../src/errors';
import { Connection } from '../../../src/kernel/emulated/connection';
import { EmulatedKernel } from '../../../src/kernel/emulated/kernel';
import { encodeFrame } from '../../../src/wire/frame';
import { encodeHello } from '../../../src/wire/hello';
import { memoryTransportPair } from '../../../src/wire/memory-transport';
import { Operation } from '../../../src/wire/operations';
import { FakeBoard } from '../../support/fake-board';

const PAGE_BYTES = 4096;

let board: FakeBoard;
let kernel: EmulatedKernel;
let sessions: Session[];
let journal: string[];

async function connect(): Promise<Connection> {
  const [client, server] = memoryTransportPair();
  sessions.push(new Session(board, server, (line) => journal.push(line)));
  const connection = new Connection(client, 'fake');
  await connection.greeting();
  return connection;
}

beforeEach(() => {
  board = new FakeBoard();
  sessions = [];
  journal = [];
  kernel = new EmulatedKernel(connect);
});
afterEach(() => kernel.close());

function theFile() {
  const [file] = board.opened;
  if (file === undefined) throw new Error('nothing was opened');
  return file;
}

test('connects on first use, once', async () => {
  expect(sessions).toHaveLength(0);
  await Promise.all([kernel.stat('/a'), kernel.stat('/b'), kernel.readDirectory('/')]);
  expect(sessions).toHaveLength(1);
});

test('files, directories, status', async () => {
  expect(Buffer.from(await kernel.readFile('/sys/x')).toString()).toBe('content of /sys/x');
  expect(await kernel.readDirectory('/sys')).toEqual(['0', '1']);
  expect(await kernel.readDirectory('/empty')).toEqual([]);
  expect(await kernel.stat('/sys/x')).toEqual({ kind: 'file', sizeBytes: 4096 });
});

test('many files are one message, each with its content or its error', async () => {
  board.failing.set('/sys/y', 'EIO');
  const [first, failed, relative] = await kernel.readFiles(['/sys//x', '/sys/y', 'sys']);
  expect(Buffer.from(first as Uint8Array).toString()).toBe('content of /sys/x');
  expect(failed).toMatchObject({ message: 'opening /sys/y: Input/output error', errno: 'EIO' });
  expect(relative).toMatchObject({ errno: 'ENOENT' });
});

test('paths reach the board in their normal form', async () => {
  expect(Buffer.from(await kernel.readFile('//sys/./a/../b/')).toString()).toBe('content of /sys/b');
  await expect(kernel.readFile('sys')).rejects.toThrow('No such file or directory');
});

test('open and ioctl: bytes and references arrive as they were sent', async () => {
  const file = await kernel.open('/dev/jailhouse', { access: 'read-write', nonBlocking: true });
  expect(theFile().flags).toEqual({ access: 'read-write', nonBlocking: true });
  const argument = {
    bytes: Uint8Array.from({ length: 16 }, (_, i) => i),
    references: [{ offset: 0, buffer: Uint8Array.of(9, 8) }],
  };
  expect(await file.ioctl(0x40100002, argument)).toBe(7);
  expect(await file.ioctl(1)).toBe(7);
  const [create, disable] = theFile().ioctls;
  expect(create).toEqual({ request: 0x40100002, argument });
  expect(disable).toEqual({ request: 1, argument: undefined });
});

test('errno comes back with the name of the call', async () => {
  await expect(kernel.open('/nothing', { access: 'read' })).rejects.toThrow(
    'opening /nothing: No such file or directory',
  );
  const file = await kernel.open('/dev/jailhouse', { access: 'read' });
  const error = await file.ioctl(0xbad).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KernelError);
  expect(error).toMatchObject({ errno: 'EINVAL', message: 'ioctl 0xbad on /dev/jailhouse: Invalid argument' });
});

test('a bug in the board is EIO for the client and a line in the journal, and the board goes on', async () => {
  const file = await kernel.open('/dev/jailhouse', { access: 'read' });
  await expect(file.ioctl(0xb06)).rejects.toThrow('Input/output error');
  expect(journal.join()).toContain('TypeError: a bug');
  expect(await file.ioctl(1)).toBe(7);
});

test('a read waits while other calls pass it; its signal interrupts it', async () => {
  const file = await kernel.open('/dev/uio0', { access: 'read-write' });
  const controller = new AbortController();
  const read = file.read(4, { signal: controller.signal });
  expect(await file.ioctl(1)).toBe(7);
  controller.abort();
  await expect(read).rejects.toMatchObject({ errno: 'EINTR' });
  await expect(file.read(4, { signal: controller.signal })).rejects.toMatchObject({ errno: 'EINTR' });
  theFile().content = Uint8Array.of(1, 2, 3, 4, 5);
  expect(await file.read(4)).toEqual(Buffer.of(1, 2, 3, 4));
});

test('close interrupts a read and frees the number', async () => {
  const file = await kernel.open('/dev/uio0', { access: 'read-write' });
  const read = file.read(4);
  await Promise.all([expect(read).rejects.toMatchObject({ errno: 'EINTR' }), file.close()]);
  await expect(file.ioctl(1)).rejects.toMatchObject({ errno: 'EBADF' });
  const second = await kernel.open('/dev/uio1', { access: 'read-write' });
  expect(await second.ioctl(1)).toBe(7);
});

test('registers are messages, counted from the start of the window', async () => {
  const file = await kernel.open('/dev/uio0', { access: 'read-write' });
  const registers = await file.mapRegisters(0, PAGE_BYTES);
  await registers.write32(12, -1);
  expect(await registers.read32(12)).toBe(0xffffffff);
  expect(theFile().registers.get(12)).toBe(0xffffffff);
  await expect(registers.read32(PAGE_BYTES)).rejects.toMatchObject({ errno: 'EFAULT' });
  await expect(registers.read32(2)).rejects.toMatchObject({ errno: 'EFAULT' });
  await expect(file.mapRegisters(PAGE_BYTES, 4)).rejects.toMatchObject({ errno: 'EINVAL' });
  registers.unmap();
  await expect(registers.read32(12)).rejects.toMatchObject({ errno: 'EFAULT' });
});

test('memory is mapped from where the board says, as shared pages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-emulated-'));
  try {
    const path = join(folder, 'ram');
    writeFileSync(path, new Uint8Array(2 * PAGE_BYTES));
    board.prepare = (file) => (file.pages = { path, offset: BigInt(PAGE_BYTES) });
    const file = await kernel.open('/dev/uio0', { access: 'read-write' });
    const mine = await file.mapMemory(PAGE_BYTES, PAGE_BYTES, 'read-write');
    const theirs = await file.mapMemory(PAGE_BYTES, PAGE_BYTES, 'read');
    mine.bytes[17] = 5;
    expect(theirs.bytes[17]).toBe(5);
    mine.unmap();
    theirs.unmap();
    expect(mine.bytes).toHaveLength(0);
    theFile().pages = { path: join(folder, 'gone'), offset: 0n };
    await expect(file.mapMemory(0, PAGE_BYTES, 'read')).rejects.toMatchObject({ errno: 'ENOENT' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('when the board goes away', () => {
  test('waiting calls fail with a hint, later calls connect again', async () => {
    const file = await kernel.open('/dev/uio0', { access: 'read-write' });
    const read = file.read(4);
    const [session] = sessions;
    session?.close();
    await expect(read).rejects.toMatchObject({
      errno: 'ECONNRESET',
      hint: 'the emulated board fake went away; the next command starts it afresh',
    });
    await expect(file.ioctl(1)).rejects.toMatchObject({ errno: 'ECONNRESET' });
    await file.close();
    expect(theFile().isClosed).toBe(true);
    expect(await kernel.readDirectory('/sys')).toEqual(['0', '1']);
    expect(sessions).toHaveLength(2);
  });

  test('closing the kernel closes its files on the board', async () => {
    const file = await kernel.open('/dev/uio0', { access: 'read-write' });
    await kernel.close();
    await expect(file.ioctl(1)).rejects.toMatchObject({ errno: 'EBADF' });
    await new Promise(setImmediate);
    expect(theFile().isClosed).toBe(true);
  });
});

test('answers that make no sense end the connection', async () => {
  const [client, server] = memoryTransportPair();
  const connection = new Connection(client, 'fake');
  const greeting = connection.greeting();
  server.start({ onBytes: () => undefined, onClose: () => undefined });
  server.send([Uint8Array.of(0, 0, 0, 0, 99, 0, 0, 0, 1, 0, 0, 0)]);
  await expect(greeting).rejects.toMatchObject({ errno: 'EPROTO' });
  expect(connection.isOpen).toBe(false);
});

test('a call that is too large for the protocol is refused here, and the connection goes on', async () => {
  const file = await kernel.open('/dev/jailhouse', { access: 'read-write' });
  const argument = { bytes: new Uint8Array(8), references: [{ offset: 0, buffer: new Uint8Array(128 * 1024 * 1024) }] };
  await expect(file.ioctl(1, argument)).rejects.toMatchObject({
    errno: 'EMSGSIZE',
    hint: 'an emulated board takes at most 128 MiB in one call',
  });
  expect(await file.ioctl(1)).toBe(7);
});

test('a board of another version says so', async () => {
  const [client, server] = memoryTransportPair();
  const connection = new Connection(client, 'fake');
  server.start({ onBytes: () => undefined, onClose: () => undefined });
  server.send(encodeFrame(0, Operation.hello, 93, encodeHello(99)));
  await expect(connection.greeting()).rejects.toMatchObject({
    message: 'connecting to the emulated board fake: Protocol not supported',
    hint: expect.stringContaining('speaks protocol version 99, this program 1'),
  });
});
