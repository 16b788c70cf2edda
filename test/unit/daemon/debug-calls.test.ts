import * as faultDemo from '../../../cells/imx8mm-fault-demo';
import * as gicDemo from '../../../cells/imx8mm-gic-demo';
import * as root from '../../../cells/imx8mm';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { PoweredBoard } from '../../../src/board/daemon/powered-board';
import { Session } from '../../../src/board/daemon/session';
import { BoardTarget } from '../../../src/gdb/board-target';
import { Jailhouse } from '../../../src/jailhouse/jailhouse';
import { Connection } from '../../../src/kernel/emulated/connection';
import { EmulatedKernel } from '../../../src/kernel/emulated/kernel';
import { machineConstructor } from '../../../src/native/machine';
import { memoryTransportPair } from '../../../src/wire/memory-transport';
import * as a64 from '../../support/a64';

/** Debuggers of a board's cells, as they come over connections to it. */
let board: PoweredBoard;
let jailhouse: Jailhouse;
const gic = { name: 'gic-demo' };
/** Where the inmate counts. */
const COUNTER = 0x8000n;
const program = a64.assemble([
  a64.movz(0, Number(COUNTER)),
  a64.ldrX(1, 0),
  a64.addImm(1, 1, 1),
  a64.strX(1, 0),
  a64.b(-3),
]);

async function connect(): Promise<Connection> {
  const [client, server] = memoryTransportPair();
  new Session(board, server, (line) => expect(line).toBe(''));
  const connection = new Connection(client, 'board');
  await connection.greeting();
  return connection;
}

beforeEach(async () => {
  board = new PoweredBoard({
    name: 'imx8mm-evk',
    Machine: machineConstructor(),
    hasTerminals: false,
    journal: (line) => expect(line).toBe(''),
  });
  jailhouse = new Jailhouse(new EmulatedKernel(connect));
  await jailhouse.enable(encodeConfig(root.config, root.dialect));
  await jailhouse.createCell(encodeConfig(gicDemo.config, gicDemo.dialect));
  await jailhouse.loadCell(gic, [{ source: program, targetAddress: 0n }]);
});
afterEach(() => board.close());

const counter = async (target: BoardTarget) => Buffer.from(await target.readMemory(3, COUNTER, 8)).readBigUInt64LE();

test('a cell is held, looked into, and goes on with the end of the connection', async () => {
  await jailhouse.startCell(gic);
  const connection = await connect();
  const target = await BoardTarget.attach(connection, 'gic-demo');
  expect(target.cpus).toEqual([3]);
  await target.hold();
  expect(await target.wait()).toEqual({
    ...{ kind: 'requested', cpu: 3, address: 0n, isWrite: false, states: ['running'] },
  });
  const before = await counter(target);
  expect(await counter(target)).toBe(before);
  await target.writeMemory(3, COUNTER, new Uint8Array(8));
  await target.setPoints([{ kind: 'write', address: COUNTER, lengthBytes: 8n }]);
  await target.resume([{ cpu: 3, go: 'continue' }]);
  expect(await target.wait()).toMatchObject({ kind: 'watchpoint', address: COUNTER, isWrite: true });
  await expect(target.readMemory(3, 0x10_0000_0000n, 4)).rejects.toMatchObject({ errno: 'EFAULT' });
  await expect(target.writeMemory(3, 0x10_0000_0000n, Uint8Array.of(1))).rejects.toMatchObject({ errno: 'EFAULT' });
  await expect(target.readRegisters(2)).rejects.toMatchObject({ errno: 'EINVAL' });
  connection.close();

  const next = await BoardTarget.attach(await connect(), 'gic-demo');
  await next.hold();
  const then = await counter(next);
  // It has no watchpoint any more, or it would have stopped there.
  await next.resume([{ cpu: 3, go: 'continue' }]);
  await next.hold();
  while ((await counter(next)) <= then) {
    await next.resume([{ cpu: 3, go: 'continue' }]);
    await next.hold();
  }
});

test('what cannot be debugged', async () => {
  const connection = await connect();
  await expect(BoardTarget.attach(connection, 'nobody')).rejects.toMatchObject({ errno: 'ENOENT' });
  await expect(BoardTarget.attach(connection, root.config.rootCell.name)).rejects.toMatchObject({ errno: 'EPERM' });
  await expect(connection.request('debugHold', [])).rejects.toMatchObject({ errno: 'ENOTCONN' });
  const target = await BoardTarget.attach(connection, 'gic-demo');
  await expect(target.readRegisters(3)).rejects.toMatchObject({ errno: 'EBUSY' });
  await expect(BoardTarget.attach(connection, 'gic-demo')).rejects.toMatchObject({ errno: 'EBUSY' });
  const other = await connect();
  await expect(BoardTarget.attach(other, 'gic-demo')).rejects.toMatchObject({ errno: 'EBUSY' });
  await target.detach();
  await BoardTarget.attach(other, 'gic-demo');
});

test('a cell that is destroyed, though one of the same number is made at once', async () => {
  await jailhouse.startCell(gic);
  const target = await BoardTarget.attach(await connect(), 'gic-demo');
  const waiting = expect(target.wait()).rejects.toMatchObject({ errno: 'ENODEV' });
  await jailhouse.destroyCell(gic);
  await jailhouse.createCell(encodeConfig(faultDemo.config, faultDemo.dialect));
  await waiting;
  await expect(target.hold()).rejects.toMatchObject({ errno: 'ENODEV' });
  const next = await BoardTarget.attach(await connect(), 'fault-demo');
  await expect(target.hold()).rejects.toMatchObject({ errno: 'ENODEV' });
  await next.hold();
});

test('a board that is reset takes its debuggers with it', async () => {
  await jailhouse.startCell(gic);
  const target = await BoardTarget.attach(await connect(), 'gic-demo');
  const waiting = expect(target.wait()).rejects.toMatchObject({ errno: 'ENODEV' });
  board.reset();
  await waiting;
  await expect(target.hold()).rejects.toMatchObject({ errno: 'ENODEV' });
});

test('a wait that is interrupted', async () => {
  const connection = await connect();
  await BoardTarget.attach(connection, 'gic-demo');
  const controller = new AbortController();
  const waiting = connection.request('debugWait', [], { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ errno: 'EINTR' });
});
