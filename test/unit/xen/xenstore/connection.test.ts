import { KernelError } from '../../../../src/errors';
import { decodeText, encodeMessage, encodeTexts, MessageDecoder, MessageType } from '../../../../src/abi/xenstore';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { waitForValue } from '../../../../src/xen/xenstore/wait';
import { Xenstore } from '../../../../src/xen/xenstore/xenstore';
import { memoryTransportPair } from '../../../../src/wire/memory-transport';
import { FileTransport } from '../../../../src/xen/xenstore/file-transport';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import type { KernelFile, ReadOptions } from '../../../../src/kernel/kernel';
import type { Message } from '../../../../src/abi/xenstore';

/** A client, and the other end of its connection: the test answers by hand. */
function byHand(): { store: Xenstore; requests: Message[]; answer: (message: Partial<Message>) => void; end(): void } {
  const [ours, theirs] = memoryTransportPair();
  const requests: Message[] = [];
  const decoder = new MessageDecoder();
  theirs.start({ onBytes: (chunk) => requests.push(...decoder.push(chunk)), onClose: () => undefined });
  return {
    store: Xenstore.over(ours, false),
    requests,
    answer: (message) =>
      theirs.send([encodeMessage({ type: 2, requestId: 1, transactionId: 0, payload: new Uint8Array(0), ...message })]),
    end: () => theirs.close(),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a connection', () => {
  test('matches answers to requests by number, in any order', async () => {
    const { store, requests, answer } = byHand();
    const reads = [store.read('/a'), store.read('/b')];
    await until(() => requests.length === 2);
    answer({ requestId: requests[1]?.requestId as number, payload: Buffer.from('B') });
    answer({ requestId: requests[0]?.requestId as number, payload: Buffer.from('A') });
    expect(await Promise.all(reads)).toEqual(['A', 'B']);
  });

  test('that ends fails all that waits, and all that comes, with one reason', async () => {
    const { store, requests, answer, end } = byHand();
    const watching = store.watch('/w');
    await until(() => requests.length === 1);
    answer({ type: MessageType.watch, payload: encodeTexts('OK') });
    const watch = await watching;
    const waiting = [store.read('/a'), store.write('/b', ''), watch.next()];
    end();
    const later = [() => store.read('/c'), () => watch.next()];
    for (const call of [...waiting.map((one) => () => one), ...later]) {
      await expect(call()).rejects.toMatchObject({
        code: 'E_XENSTORE',
        errno: 'ECONNRESET',
        hint: 'xenstored ended the connection: does it still run?',
      });
    }
    await watch.close();
    expect(store.isOpen).toBe(false);
  });

  test.each([
    ['an answer to nothing', { requestId: 99 }],
    ['an answer of another type', { type: MessageType.write }],
    ['a watch event without a token', { type: MessageType.watchEvent, payload: encodeTexts('/a') }],
  ])('%s ends it', async (_, message) => {
    const { store, requests, answer } = byHand();
    const read = store.read('/a');
    await until(() => requests.length === 1);
    answer(message);
    await expect(read).rejects.toMatchObject({ errno: 'EPROTO', hint: 'what answers is not xenstored' });
  });

  test('closed by us: EBADF', async () => {
    const { store } = byHand();
    const read = store.read('/a');
    store.close();
    await expect(read).rejects.toMatchObject({ errno: 'EBADF' });
  });

  test('is read only while somebody waits: a program that waits for nothing ends', async () => {
    const daemon = await FakeXenstored.start();
    const kernel = new HardwareKernel();
    const file = await kernel.open(daemon.socketPath, { access: 'read-write' });
    let reads = 0;
    const read = file.read.bind(file);
    file.read = (...given) => {
      reads++;
      return read(...given).finally(() => reads--);
    };
    const store = Xenstore.over(new FileTransport(file), false);
    const watch = await store.watch('/a');
    await watch.next();
    const next = watch.next().catch(() => undefined);
    await until(() => reads === 1);
    await watch.close();
    await next;
    await until(() => reads === 0);
    await store.write('/a', 'again');
    await until(() => reads === 0);
    store.close();
    await kernel.close();
    await daemon.stop();
  });
});

describe('cancelling', () => {
  test('a request that was sent: its late answer harms nothing', async () => {
    const { store, requests, answer } = byHand();
    const controller = new AbortController();
    const read = store.read('/a', { signal: controller.signal });
    await until(() => requests.length === 1);
    controller.abort();
    await expect(read).rejects.toMatchObject({ errno: 'EINTR' });
    const next = store.read('/b');
    await until(() => requests.length === 2);
    answer({ requestId: 1, payload: Buffer.from('late') });
    answer({ requestId: 2, payload: Buffer.from('B') });
    expect(await next).toBe('B');
  });

  test('a request that was not sent yet is not sent', async () => {
    const { store, requests } = byHand();
    await expect(store.read('/a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ errno: 'EINTR' });
    expect(requests).toEqual([]);
  });

  test('a watch whose answer comes late is taken back, and so is a transaction', async () => {
    const { store, requests, answer } = byHand();
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [store.watch('/a', { signal }), store.transaction(async () => undefined, { signal })];
    await until(() => requests.length === 2);
    controller.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ errno: 'EINTR' });
    answer({ requestId: 1, type: MessageType.watch, payload: encodeTexts('OK') });
    answer({ requestId: 2, type: MessageType.transactionStart, payload: encodeTexts('77') });
    await until(() => requests.length === 4);
    expect(requests.slice(2)).toMatchObject([
      { type: MessageType.unwatch },
      { type: MessageType.transactionEnd, transactionId: 77, payload: encodeTexts('F') },
    ]);
  });
});

describe('limits, before anything is sent', () => {
  const { store, requests } = byHand();
  test.each([
    ['a path', () => store.read('/a b'), { errno: 'EINVAL', hint: 'this is no path: " " may not stand in it' }],
    ['a watched event', () => store.watch('@what'), { errno: 'EINVAL' }],
    ['a value', () => store.write('/a', 'x'.repeat(4094)), { errno: 'E2BIG' }],
  ])('%s', async (_, call, expected) => {
    await expect(call()).rejects.toMatchObject({ code: 'E_XENSTORE', ...expected });
    expect(requests).toEqual([]);
  });
});

describe('with a xenstored', () => {
  let daemon: FakeXenstored;
  let store: Xenstore;
  beforeEach(async () => {
    daemon = await FakeXenstored.start();
    store = await openXenstore(new FakeKernel(), { XENSTORED_RUNDIR: daemon.folder });
  });
  afterEach(async () => {
    store.close();
    await daemon.stop();
  });

  test('a transaction that conflicts for ever says so, and leaves none open', async () => {
    const endless = store.transaction(async (t) => {
      daemon.write('/a', 'x');
      await t.write('/b', '1');
    });
    await expect(endless).rejects.toMatchObject({ errno: 'EAGAIN', hint: expect.stringContaining('50 attempts') });
    expect(daemon.transactionCount).toBe(0);
  });

  test('what a transaction is asked after its end is refused, not done', async () => {
    const escaped = await store.transaction(async (t) => t);
    await expect(escaped.write('/a', '1')).rejects.toMatchObject({ errno: 'EINVAL', hint: 'the transaction is over' });
    expect(daemon.list()).toEqual([]);
  });

  test('changes that nobody took yet are one event', async () => {
    const watch = await store.watch('/a');
    await watch.next();
    for (let count = 0; count < 100; count++) daemon.write('/a/x', String(count));
    daemon.write('/a/y', '');
    const seen = [];
    for await (const path of watch) {
      seen.push(path);
      if (path === '/a/y') break;
    }
    expect(seen.length).toBeLessThan(101);
    expect(seen).toEqual(expect.arrayContaining(['/a/x', '/a/y']));
    expect(daemon.watchCount).toBe(0);
  });

  test('a wait ends when the value is as wanted, or tells the last one when its time is over', async () => {
    daemon.write('/s', '1');
    const waiting = waitForValue(store, '/s', (value) => value === '4', { timeoutMs: 60_000 });
    daemon.write('/s', '2');
    daemon.write('/s', '4');
    expect(await waiting).toEqual({ value: '4', isTimedOut: false });
    const late = waitForValue(store, '/s', (value) => value === '6', { timeoutMs: 1 });
    expect(await late).toEqual({ value: '4', isTimedOut: true });
    const signal = AbortSignal.abort();
    await expect(waitForValue(store, '/s', () => false, { timeoutMs: 60_000, signal })).rejects.toMatchObject({
      errno: 'EINTR',
    });
    await until(() => daemon.watchCount === 0);
  });
});

describe('/dev/xen/xenbus', () => {
  const environment = { XENSTORED_PATH: '/nowhere/socket' };

  /**
   * The device of a kernel that has xenstored elsewhere: answers each message with its own payload. As in Linux, it has room for one,
   * which a second one overwrites that is written before the answer.
   */
  class XenbusFile implements Pick<KernelFile, 'read' | 'write' | 'close'> {
    readonly messages: Message[] = [];
    isOpen = true;
    private readonly answers: Uint8Array[] = [];
    private taken: Buffer | undefined;
    private wake: () => void = () => undefined;

    async write(bytes: Uint8Array): Promise<number> {
      // The kernel takes no more than one message a call.
      const [message, ...more] = [...new MessageDecoder().push(bytes)];
      if (message === undefined || more.length > 0) throw new KernelError('write', 'EINVAL');
      this.messages.push(message);
      const { type, requestId, transactionId } = message;
      this.taken?.fill('?');
      const taken = (this.taken = Buffer.from(message.payload));
      setImmediate(() => {
        this.answers.push(encodeMessage({ type, requestId, transactionId, payload: taken }));
        if (this.taken === taken) this.taken = undefined;
        this.wake();
      });
      return bytes.length;
    }

    async read(_lengthBytes: number, { signal }: ReadOptions = {}): Promise<Uint8Array> {
      signal?.addEventListener('abort', () => this.wake());
      while (this.answers.length === 0) {
        if (signal?.aborted) throw new KernelError('read', 'EINTR');
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
      return this.answers.shift() as Uint8Array;
    }

    async close(): Promise<void> {
      this.isOpen = false;
    }
  }

  test('is used where there is no xenstored: one message at a time, in their order', async () => {
    const file = new XenbusFile();
    const kernel = new FakeKernel();
    kernel.open = async (path) => {
      if (path !== '/dev/xen/xenbus') throw new KernelError(`opening ${path}`, 'ENOENT');
      return file as unknown as KernelFile;
    };
    const store = await openXenstore(kernel, environment);
    const reads = ['a', 'b', 'c'].map((path) => store.read(path));
    expect(await Promise.all(reads)).toEqual(['a\0', 'b\0', 'c\0']);
    expect(file.messages.map(({ payload }) => decodeText(payload))).toEqual(['a', 'b', 'c']);
    await expect(store.resetWatches()).rejects.toMatchObject({ errno: 'EOPNOTSUPP' });
    store.close();
    await until(() => !file.isOpen);
  });

  test('with neither there is one line, and a hint', async () => {
    await expect(openXenstore(new FakeKernel(), environment)).rejects.toMatchObject({
      message: 'connecting to xenstore at /nowhere/socket or through /dev/xen/xenbus: No such file or directory',
      hint: 'does xenstored run, and is this dom0 of a Xen host?',
    });
  });
});
