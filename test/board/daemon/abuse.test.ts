import { BoardProcesses } from '../../support/board-processes';
import { encodeFrame, FRAME_HEADER_BYTES } from '../../../src/wire/frame';
import { encodeHello } from '../../../src/wire/hello';
import { Operation } from '../../../src/wire/operations';
import { encodePath } from '../../../src/wire/system-calls';
import type { Socket } from 'node:net';

jest.setTimeout(30_000);

let boards: BoardProcesses;
let processId: number;

beforeAll(async () => {
  boards = new BoardProcesses();
  await boards.run('cellvisor', 'board', 'start');
  processId = boards.processIdOf('imx8mm-evk');
});
afterAll(() => boards.remove());

const bytesOf = (id: number, operation: number, payload: readonly Uint8Array[]) =>
  Buffer.concat(encodeFrame(id, operation, 0, payload));
const hello = bytesOf(0, Operation.hello, encodeHello());

function received(socket: Socket, lengthBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= lengthBytes) resolve(Buffer.concat(chunks));
    });
    socket.once('close', () => reject(new Error('closed')));
  });
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.resume().once('close', () => resolve()));

async function boardStillWorks(): Promise<void> {
  const { code, err } = await boards.run('jailhouse', 'cell', 'list');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(boards.processIdOf('imx8mm-evk')).toBe(processId);
}

test.each([
  ['noise', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) & 0xff))],
  ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['zeros', Buffer.alloc(64)],
  ['a length over the limit', Buffer.concat([hello, Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0x16, 0, 0, 0])])],
  ['an unknown operation', Buffer.concat([hello, bytesOf(1, 0x4242, [])])],
])('%s closes that connection; another one does not notice', async (_, bytes) => {
  const bystander = await boards.connectTo('imx8mm-evk');
  const greeting = received(bystander, 20);
  bystander.write(hello);
  await greeting;
  const abuser = await boards.connectTo('imx8mm-evk');
  abuser.on('error', () => undefined);
  abuser.write(bytes);
  await closed(abuser);
  const status = received(bystander, FRAME_HEADER_BYTES);
  bystander.write(bytesOf(1, Operation.boardStatus, []));
  await status;
  bystander.destroy();
  await boardStillWorks();
});

test('a request cut short by a client that leaves', async () => {
  const frame = bytesOf(1, Operation.readFile, encodePath('/sys/devices/jailhouse/enabled'));
  for (let length = 1; length < frame.length; length += 7) {
    const socket = await boards.connectTo('imx8mm-evk');
    socket.write(Buffer.concat([hello, frame.subarray(0, length)]));
    socket.destroy();
  }
  await boardStillWorks();
});

test('a slow client gets its answer, byte by byte, while others are served', async () => {
  const socket = await boards.connectTo('imx8mm-evk');
  const answers = received(socket, 20 + FRAME_HEADER_BYTES);
  for (const byte of Buffer.concat([hello, bytesOf(1, Operation.boardStatus, [])])) {
    await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()));
  }
  expect((await answers).readUInt16LE(20 + 8)).toBe(Operation.boardStatus);
  socket.destroy();
});

test('a client that announces 128 MiB and sends nothing costs nothing', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => boards.connectTo('imx8mm-evk')));
  for (const socket of sockets)
    socket.write(Buffer.concat([hello, Buffer.from([0, 0, 0, 8, 1, 0, 0, 0, 0x12, 0, 0, 0])]));
  await boardStillWorks();
  for (const socket of sockets) socket.destroy();
});

test('a client that asks and never reads is not served without end', async () => {
  const socket = await boards.connectTo('imx8mm-evk');
  socket.pause();
  socket.write(hello);
  const request = bytesOf(1, Operation.boardStatus, []);
  // The board stops reading when nobody takes its answers, so that at some time nothing more can be written.
  let isTaken = true;
  for (let round = 0; round < 20_000 && isTaken; round++) {
    isTaken = socket.write(request);
    if (round % 100 === 0) await new Promise(setImmediate);
  }
  expect(isTaken).toBe(false);
  await boardStillWorks();
  socket.destroy();
});
