import { imx8mq, imx8mqGicDemo } from './configs';
import { errno, powerOn } from './session';
import type { CellConfig } from '../../../src/abi/jailhouse';

const MSG_TO_CELL = 12;
const REPLY = 16;
const STATE = 8;

/** A demo that negotiates, and an inmate that answers a message as a test says. */
async function running(answer: (message: number) => number | undefined, changes: Partial<CellConfig> = {}) {
  const session = powerOn();
  await session.enable(imx8mq);
  const messages: number[] = [];
  session.machine.onCommWrite = (cellId, offset, value) => {
    if (offset !== MSG_TO_CELL) return;
    messages.push(value);
    const reply = answer(value);
    if (reply !== undefined) setImmediate(() => session.machine.setCommWord(cellId, REPLY, reply));
  };
  await session.create({ ...imx8mqGicDemo, flags: 0, ...changes });
  await session.start({ id: 1 });
  messages.length = 0;
  return { ...session, messages };
}

describe('messages to cells that are not passive (jailhouse-hypervisor reference 6.2)', () => {
  test('a cell that approves is shut down', async () => {
    const session = await running((message) => (message === 1 ? 3 : 4));
    await session.load({ id: 1 }, []);
    expect(session.messages).toEqual([1]);
    expect(session.machine.calls.at(-1)).toBe('park 1');
    expect(session.sysfs('cells/1/state')).toBe('shut down\n');
  });

  test.each(['load', 'start', 'destroy'] as const)('a cell that denies keeps running: %s is EPERM', async (action) => {
    const session = await running(() => 2);
    const calls = session.machine.calls.length;
    const request = action === 'load' ? session.load({ id: 1 }, []) : session[action]({ id: 1 });
    await expect(request).rejects.toEqual(errno('EPERM'));
    expect(session.machine.calls.slice(calls)).toEqual([]);
    expect(session.sysfs('cells/1/state')).toBe('running\n');
  });

  test('DISABLE stops at a cell that denies, and says which', async () => {
    const session = await running(() => 2);
    await expect(session.disable()).rejects.toEqual(errno('EPERM'));
    expect(session.kernelLines.at(-1)).toBe('Jailhouse: failed to destroy cell "gic-demo"');
    expect(session.sysfs('enabled')).toBe('1\n');
  });

  test('polls are counted until the timeout, then the cell counts as failed', async () => {
    const session = await running(() => undefined, { msgReplyTimeout: 1000n });
    let polls = 0;
    const read = session.machine.readCommWord.bind(session.machine);
    session.machine.readCommWord = (cellId, offset) => {
      polls += offset === REPLY ? 1 : 0;
      return read(cellId, offset);
    };
    const line = 'Timeout expired while waiting for reply from target cell\n';
    const start = session.start({ id: 1 });
    expect(session.machine.console).not.toContain(line);
    await start;
    expect(polls).toBe(1000);
    expect(session.machine.console).toContain(line);
  });

  test('terminal states need no answer', async () => {
    const session = await running(() => undefined);
    session.machine.setCommWord(1, STATE, 3);
    await session.load({ id: 1 }, []);
  });

  test('without a timeout it waits, the event loop runs, and a signal ends it with EINTR', async () => {
    const session = await running(() => undefined);
    const signal = new AbortController();
    let settled = false;
    const load = session.load({ id: 1 }, [], signal.signal).finally(() => (settled = true));
    const refused = expect(load).rejects.toEqual(errno('EINTR'));
    for (let turns = 0; turns < 1000; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    signal.abort();
    await refused;
    expect(session.sysfs('cells/1/state')).toBe('running\n');
  });

  test('another caller waits for the driver meanwhile, and can be interrupted itself', async () => {
    const session = await running(() => undefined);
    const first = session.start({ id: 1 });
    const other = session.board.open('/dev/jailhouse', { access: 'read-write', nonBlocking: false });
    const waiting = expect(other.ioctl(1, undefined)).rejects.toEqual(errno('EINTR'));
    other.close();
    await waiting;
    const closed = expect(first).rejects.toEqual(errno('EINTR'));
    session.file.close();
    await closed;
    await expect(session.file.ioctl(1, undefined)).rejects.toEqual(errno('EBADF'));
  });

  test('after creation and destruction of another cell it is told, whatever it answers', async () => {
    const session = await running((message) => (message === 2 ? 1 : 3));
    const cpus = new Uint8Array(8);
    cpus[0] = 4;
    await session.create({ ...imx8mqGicDemo, name: 'other', cpuSet: cpus });
    expect(session.messages).toEqual([2]);
    await session.destroy({ name: 'other' });
    expect(session.messages).toEqual([2, 2]);
  });
});
