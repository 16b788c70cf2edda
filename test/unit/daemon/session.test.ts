import { FakeBoard } from '../../support/fake-board';
import { SharedFiles } from '../../../src/board/daemon/file-table';
import { Session } from '../../../src/board/daemon/session';
import { encodeFrame, FrameDecoder } from '../../../src/wire/frame';
import { encodeHello } from '../../../src/wire/hello';
import { memoryTransportPair } from '../../../src/wire/memory-transport';
import { Operation } from '../../../src/wire/operations';
import { words } from '../../../src/wire/payload';
import * as calls from '../../../src/wire/system-calls';
import type { Frame } from '../../../src/wire/frame';

/** A client that can misbehave: it sends what it is told to, and collects what comes back. */
class RawClient {
  readonly answers: Frame[] = [];
  isClosed = false;
  readonly journal: string[] = [];
  private readonly decoder = new FrameDecoder();
  private readonly transport;

  constructor(board: FakeBoard, shared?: SharedFiles) {
    const [client, server] = memoryTransportPair();
    this.transport = client;
    new Session(board, server, (line) => this.journal.push(line), undefined, shared);
    client.start({
      onBytes: (chunk) => this.answers.push(...this.decoder.push(chunk)),
      onClose: () => (this.isClosed = true),
    });
  }

  send(id: number, operation: number, payload: readonly Uint8Array[] = [], errno = 0): void {
    this.transport.send(encodeFrame(id, operation, errno, payload));
  }

  sendBytes(bytes: Uint8Array): void {
    this.transport.send([bytes]);
  }

  hello(): this {
    this.send(0, Operation.hello, encodeHello());
    return this;
  }

  errnoOf(id: number): number | undefined {
    return this.answers.find(({ requestId }) => requestId === id)?.errno;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise(setImmediate);
  }
}

let board: FakeBoard;
let client: RawClient;
beforeEach(() => {
  board = new FakeBoard();
  client = new RawClient(board);
});

const openUio = calls.encodeOpen({ path: '/dev/uio0', access: 'read-write', nonBlocking: false });

describe('hello', () => {
  test('is answered, and need not be waited for', async () => {
    client.hello().send(1, Operation.stat, calls.encodePath('/x'));
    await client.until(() => client.answers.length === 2);
    expect(client.answers.map(({ requestId, errno }) => [requestId, errno])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  test('of another version is answered with ours, and the connection ends', async () => {
    client.send(0, Operation.hello, encodeHello(99));
    await client.until(() => client.isClosed);
    expect(client.answers).toMatchObject([{ requestId: 0, errno: 93 }]);
  });

  test.each([
    ['missing', (raw: RawClient) => raw.send(1, Operation.stat, calls.encodePath('/x'))],
    ['of another program', (raw: RawClient) => raw.sendBytes(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))],
    ['cut short', (raw: RawClient) => raw.send(0, Operation.hello, [Uint8Array.of(0x43)])],
  ])('%s: the connection ends without an answer', async (_, misbehave) => {
    misbehave(client);
    await client.until(() => client.isClosed);
    expect(client.answers).toEqual([]);
    expect(client.journal).toHaveLength(1);
  });
});

describe('what breaks the protocol ends the connection', () => {
  test.each([
    ['an unknown operation', 0x7777, []],
    ['a payload that ends early', Operation.read, [words(1)]],
    ['a payload with more than it should have', Operation.boardStatus, [words(1)]],
    ['a path with a NUL', Operation.readFile, [Buffer.from('/a\0b')]],
    ['a second hello', Operation.hello, encodeHello()],
  ] as const)('%s', async (_, operation, payload) => {
    client.hello().send(1, operation, payload);
    await client.until(() => client.isClosed);
    expect(client.journal.join()).toContain('connection closed');
    const other = new RawClient(board).hello();
    await other.until(() => other.answers.length === 1);
  });

  test('a length over the limit', async () => {
    client.hello().sendBytes(words(0xfffffff0, 1, Operation.stat));
    await client.until(() => client.isClosed);
    expect(client.journal.join()).toContain('over the limit');
  });

  test('a request with an errno', async () => {
    client.hello().send(1, Operation.stat, calls.encodePath('/x'), 5);
    await client.until(() => client.isClosed);
  });

  test('a request id that is still in use', async () => {
    client.hello().send(1, Operation.open, openUio);
    client.send(2, Operation.read, calls.encodeRead(0, 4));
    client.send(2, Operation.stat, calls.encodePath('/x'));
    await client.until(() => client.isClosed);
  });
});

test('files of a client end with it, and waiting calls are interrupted', async () => {
  client.hello().send(1, Operation.open, openUio);
  client.send(2, Operation.read, calls.encodeRead(0, 4));
  await client.until(() => client.answers.length === 2);
  client.send(3, 0x7777);
  await client.until(() => client.isClosed);
  expect(board.opened[0]?.isClosed).toBe(true);
});

describe('a shared file', () => {
  let other: RawClient;
  let file: number;
  beforeEach(async () => {
    const shared = new SharedFiles();
    client = new RawClient(board, shared).hello();
    other = new RawClient(board, shared).hello();
    const request = { path: '/dev/uio0', access: 'read-write', nonBlocking: false, isShared: true } as const;
    client.send(1, Operation.open, calls.encodeOpen(request));
    await client.until(() => client.answers.length === 2);
    file = calls.decodeWord(client.answers[1]?.payload as Uint8Array, 'file');
  });

  test('can be used by another client, but not closed by it', async () => {
    expect(file).toBeGreaterThanOrEqual(0x8000_0000);
    other.send(1, Operation.setNonBlocking, calls.encodeSetNonBlocking(file, true));
    other.send(2, Operation.poll, calls.encodeWord(file));
    other.send(3, Operation.close, calls.encodeWord(file));
    await other.until(() => other.answers.length === 4);
    expect([1, 2, 3].map((id) => other.errnoOf(id))).toEqual([0, 0, 9]);
    expect(board.opened[0]).toMatchObject({ isClosed: false, flags: { nonBlocking: true } });
  });

  test('is closed by its own client, and ends with it', async () => {
    client.send(2, Operation.close, calls.encodeWord(file));
    other.send(1, Operation.poll, calls.encodeWord(file));
    await other.until(() => other.answers.length === 2);
    expect(other.errnoOf(1)).toBe(9);
    expect(board.opened[0]?.isClosed).toBe(true);
  });

  test('ends with its own client', async () => {
    client.send(2, 0x7777);
    await client.until(() => client.isClosed);
    other.send(1, Operation.poll, calls.encodeWord(file));
    await other.until(() => other.answers.length === 2);
    expect(other.errnoOf(1)).toBe(9);
  });
});

test('one client cannot touch the files of another', async () => {
  const other = new RawClient(board).hello();
  client.hello().send(1, Operation.open, openUio);
  await client.until(() => client.answers.length === 2);
  other.send(1, Operation.close, calls.encodeWord(0));
  await other.until(() => other.answers.length === 2);
  expect(other.answers[1]).toMatchObject({ errno: 9 });
  expect(board.opened[0]?.isClosed).toBe(false);
});

test('descriptors run out with EMFILE, and are given again by the lowest number', async () => {
  client.hello();
  for (let id = 1; id <= 1025; id++) client.send(id, Operation.open, openUio);
  await client.until(() => client.answers.length === 1026);
  expect(client.answers.filter(({ errno }) => errno === 0)).toHaveLength(1025);
  expect(client.errnoOf(1025)).toBe(24);
  client.send(1, Operation.close, calls.encodeWord(500));
  client.send(2, Operation.open, openUio);
  await client.until(() => client.answers.length === 1028);
  expect(calls.decodeWord(client.answers.at(-1)?.payload ?? new Uint8Array(0), 'file')).toBe(500);
});

test('too many waiting requests are refused with EAGAIN; a cancelled one makes room', async () => {
  client.hello().send(1, Operation.open, openUio);
  await client.until(() => client.answers.length === 2);
  for (let id = 2; id <= 1025; id++) client.send(id, Operation.read, calls.encodeRead(0, 4));
  client.send(2000, Operation.stat, calls.encodePath('/x'));
  await client.until(() => client.answers.length === 3);
  expect(client.answers[2]).toMatchObject({ requestId: 2000, errno: 11 });
  client.send(2001, Operation.cancel, [words(5)]);
  await client.until(() => client.answers.length === 4);
  expect(client.answers[3]).toMatchObject({ requestId: 5, errno: 4 });
  client.send(2002, Operation.stat, calls.encodePath('/x'));
  await client.until(() => client.answers.length === 5);
  expect(client.answers[4]).toMatchObject({ requestId: 2002, errno: 0 });
});

test('control of the board', async () => {
  client.hello();
  const requests = [Operation.boardStatus, Operation.boardReset, Operation.boardStop];
  requests.forEach((operation, index) => client.send(index + 1, operation));
  client.send(10, Operation.uartInput, [words(5), Buffer.from('uart1hi')]);
  client.send(11, Operation.virtualLimit, [words(1n)]);
  await client.until(() => client.answers.length === 6);
  expect([1, 2, 3, 10, 11].map((id) => client.errnoOf(id))).toEqual([0, 0, 0, 0, 22]);
  expect([board.resets, board.stops]).toEqual([1, 1]);
  expect(board.typed).toEqual([Uint8Array.from(Buffer.from('hi'))]);
});
