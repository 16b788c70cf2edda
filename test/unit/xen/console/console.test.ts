import { openConsole } from '../../../../src/xen/console/console';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import { loadSyscalls } from '../../../../src/native/syscalls';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { closeSync, readSync, writeSync } from 'node:fs';
import type { NativePty } from '../../../../src/native/syscalls';
import type { Xenstore } from '../../../../src/xen/xenstore/xenstore';

/** A pseudo-terminal as xenconsoled makes one: the other end is the domain. */
let pty: NativePty;
let daemon: FakeXenstored;
let store: Xenstore;
const kernel = new HardwareKernel();
let isMasterOpen: boolean;

beforeEach(async () => {
  pty = loadSyscalls().openPty() as NativePty;
  isMasterOpen = true;
  daemon = await FakeXenstored.start();
  store = await openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath });
});
afterEach(async () => {
  await kernel.close();
  closeSync(pty.terminal);
  if (isMasterOpen) closeSync(pty.master);
  store.close();
  await daemon.stop();
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

test('waits for xenconsoled, then passes every byte both ways', async () => {
  daemon.write('/local/domain/3/console/tty', '');
  const opening = openConsole(kernel, store, 3);
  daemon.write('/local/domain/3/console/tty', pty.path);
  const console = await opening;
  writeSync(pty.master, 'hello\r\n\x03\x04');
  const output = console[Symbol.asyncIterator]();
  expect(text((await output.next()).value as Uint8Array)).toBe('hello\r\n\x03\x04');
  await console.write(Buffer.from('ls\r\x03\x1d'));
  const typed = Buffer.alloc(100);
  // Nothing was turned into something else, nor echoed.
  expect(typed.subarray(0, readSync(pty.master, typed)).toString('latin1')).toBe('ls\r\x03\x1d');
  await console.close();
  expect(await output.next()).toMatchObject({ done: true });
});

test('ends when xenconsoled closes its end', async () => {
  daemon.write('/local/domain/3/console/tty', pty.path);
  const console = await openConsole(kernel, store, 3);
  writeSync(pty.master, 'bye');
  const seen: string[] = [];
  for await (const bytes of console) {
    seen.push(text(bytes));
    closeSync(pty.master);
    isMasterOpen = false;
  }
  expect(seen).toEqual(['bye']);
});

test('ends when its signal aborts', async () => {
  daemon.write('/local/domain/3/console/tty', pty.path);
  const controller = new AbortController();
  const console = await openConsole(kernel, store, 3, { signal: controller.signal });
  setImmediate(() => controller.abort());
  for await (const bytes of console) throw new Error(`unexpected ${text(bytes)}`);
});

test('more than a terminal holds is written when the domain reads', async () => {
  daemon.write('/local/domain/3/console/tty', pty.path);
  const console = await openConsole(kernel, store, 3);
  const sent = Buffer.alloc(100_000, 'x');
  const writing = console.write(sent);
  let received = 0;
  const buffer = Buffer.alloc(65536);
  while (received < sent.length) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      received += readSync(pty.master, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
  await writing;
  expect(received).toBe(sent.length);
});

test.each([
  ['pv', 1, 'device/console/1/tty'],
  ['serial', 0, 'serial/0/tty'],
  ['vuart', 0, 'vuart/0/tty'],
] as const)('%s %i is named by %s', async (type, number, node) => {
  daemon.write(`/local/domain/3/${node}`, pty.path);
  await (await openConsole(kernel, store, 3, { type, number })).close();
});

test('one that is not served in time, and a node that names no terminal', async () => {
  await expect(openConsole(kernel, store, 3, { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'E_XEN_CONSOLE',
    message: 'domain 3 has no console after 0.02 s',
  });
  daemon.write('/local/domain/3/console/tty', '/etc/passwd');
  await expect(openConsole(kernel, store, 3)).rejects.toMatchObject({ errno: 'ENOTTY' });
});
