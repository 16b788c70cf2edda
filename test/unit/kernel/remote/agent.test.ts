import { PassThrough } from 'node:stream';
import { CellvisorError, KernelError } from '../../../../src/errors';
import { serveKernel } from '../../../../src/kernel/remote/agent';
import { RemoteKernel } from '../../../../src/kernel/remote/kernel';
import { AgentPipe } from '../../../support/agent-pipe';
import { FakeKernel } from '../../../support/fake-kernel';
import type { Kernel, KernelFile } from '../../../../src/kernel/kernel';
import type { AgentOptions } from '../../../../src/kernel/remote/agent';

/** A loaded machine takes its time for a large image. */
jest.setTimeout(30_000);

const DEVICE = '/dev/jailhouse';

let remote: RemoteKernel;
afterEach(() => remote?.close());

function over(kernel: Kernel, options?: Partial<AgentOptions>): { remote: RemoteKernel; pipe: AgentPipe } {
  const pipe = new AgentPipe(kernel, options);
  remote = new RemoteKernel({ host: 'board', open: () => pipe });
  return { remote, pipe };
}

describe('what goes across', () => {
  test('bytes, names and kinds', async () => {
    const kernel = new FakeKernel({ '/sys/a': 'text\n', '/sys/b': '!EACCES' });
    over(kernel);
    expect(Buffer.from(await remote.readFile('/sys/a')).toString()).toBe('text\n');
    expect((await remote.readDirectory('/sys')).sort()).toEqual(['a', 'b']);
    expect(await remote.stat('/sys/a')).toEqual({ kind: 'file', sizeBytes: 5 });
    expect(remote.backend).toBe('emulated');
  });

  test('many files in one call, with an error for each that fails', async () => {
    over(new FakeKernel({ '/sys/a': 'one', '/sys/b': '!EACCES' }));
    const [a, b, c] = await remote.readFiles(['/sys/a', '/sys/b', '/sys/c']);
    expect(Buffer.from(a as Uint8Array).toString()).toBe('one');
    expect(b).toBeInstanceOf(KernelError);
    expect(b).toMatchObject({ errno: 'EACCES' });
    expect(c).toMatchObject({ errno: 'ENOENT' });
  });

  test('an ioctl with what it refers to, and its flags', async () => {
    const kernel = new FakeKernel({}, { [DEVICE]: { ioctl: () => 0 } });
    over(kernel);
    const file = await remote.open(DEVICE, { access: 'read-write', nonBlocking: true });
    const argument = {
      bytes: Uint8Array.from({ length: 16 }, (_, index) => 255 - index),
      references: [{ offset: 8, buffer: Uint8Array.of(0, 1, 255) }],
    };
    await file.ioctl(0xc0100003, argument);
    await file.ioctl(1);
    expect(kernel.opened).toEqual([{ path: DEVICE, access: 'read-write', nonBlocking: true }]);
    const [first, second] = kernel.requests;
    expect(first?.request).toBe(0xc0100003);
    expect([...(first?.argument?.bytes ?? [])]).toEqual([...argument.bytes]);
    expect(first?.argument?.references.map(({ offset, buffer }) => [offset, ...buffer])).toEqual([[8, 0, 1, 255]]);
    expect(second).toEqual({ request: 1, argument: undefined });
  });

  test('registers', async () => {
    const kernel = new FakeKernel({}, { '/dev/uio0': { registers: { 8: 0xffff_fffe } } });
    over(kernel);
    const registers = await (await remote.open('/dev/uio0', { access: 'read-write' })).mapRegisters(0, 16);
    expect(await registers.read32(8)).toBe(0xffff_fffe);
    await registers.write32(12, 0x8000_0001);
    expect(kernel.writes).toEqual([{ offset: 12, value: 0x8000_0001 }]);
    await expect(registers.read32(16)).rejects.toMatchObject({ errno: 'EFAULT' });
    registers.unmap();
    await expect(registers.read32(8)).rejects.toMatchObject({ errno: 'EFAULT' });
  });

  test('shared memory does not, and says so', async () => {
    over(new FakeKernel({}, { '/dev/uio0': { memory: new Uint8Array(16) } }));
    const file = await remote.open('/dev/uio0', { access: 'read-write' });
    await expect(file.mapMemory(0, 16, 'read')).rejects.toMatchObject({
      errno: 'ENODEV',
      hint: expect.stringMatching(/does not reach over --host/),
    });
  });

  test('an error with its operation, errno, code and hint', async () => {
    const kernel = new FakeKernel();
    const error = new KernelError('opening /dev/x', 'EBUSY', { code: 'E_SPECIAL', hint: 'wait' });
    kernel.readFile = () => Promise.reject(error);
    over(kernel);
    const { message, operation, errno, errnoNumber, code, hint } = error;
    const received = await remote.readFile('/dev/x').catch((one: unknown) => one);
    expect(received).toBeInstanceOf(KernelError);
    expect(received).toMatchObject({ message, operation, errno, errnoNumber, code, hint });
  });

  test('an error of ours that no kernel gave, and a bug', async () => {
    const kernel = new FakeKernel();
    kernel.readFile = () =>
      Promise.reject(new CellvisorError('off', { code: 'E_BOARD_OFF', operation: 'x', hint: 'on' }));
    kernel.stat = () => Promise.reject(new TypeError('a bug'));
    over(kernel);
    await expect(remote.readFile('/x')).rejects.toMatchObject({ message: 'off', code: 'E_BOARD_OFF', hint: 'on' });
    await expect(remote.stat('/x')).rejects.toMatchObject({
      code: 'E_AGENT',
      message: 'stat /x: the agent failed: TypeError: a bug',
    });
  });

  test('a read that waits is cancelled', async () => {
    const { kernel } = waitingKernel();
    over(kernel);
    const file = await remote.open(DEVICE, { access: 'read' });
    const abort = new AbortController();
    const reading = file.read(4, { signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(reading).rejects.toMatchObject({ errno: 'EINTR' });
    await expect(file.read(4, { signal: AbortSignal.abort() })).rejects.toMatchObject({ errno: 'EINTR' });
  });

  test('an image of 4 MB, whole', async () => {
    const kernel = new FakeKernel({}, { [DEVICE]: { ioctl: () => 0 } });
    over(kernel);
    const buffer = Buffer.alloc(4_000_000, 'image');
    const file = await remote.open(DEVICE, { access: 'read-write' });
    await file.ioctl(1, { bytes: new Uint8Array(8), references: [{ offset: 0, buffer }] });
    expect(buffer.equals(kernel.requests[0]?.argument?.references[0]?.buffer ?? Buffer.alloc(0))).toBe(true);
  });

  test('what an agent is asked beyond system calls', async () => {
    over(new FakeKernel(), { userId: 1000, more: { 'test.double': (value) => [value, value] } });
    expect(await remote.agent.call('test.double', { a: 1 })).toEqual([{ a: 1 }, { a: 1 }]);
    expect(remote.agent.userId).toBe(1000);
    const aborted = remote.agent.call('test.double', {}, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ errno: 'EINTR' });
    await expect(remote.agent.call('test.nothing', {})).rejects.toMatchObject({ code: 'E_AGENT' });
  });
});

describe('the end of a connection', () => {
  test('closes what the client had opened, and the kernel', async () => {
    const { kernel, closed } = waitingKernel();
    const { pipe } = over(kernel);
    await remote.open(DEVICE, { access: 'read' });
    await remote.close();
    expect(await pipe.reason).toBeUndefined();
    expect(closed()).toBe(true);
  });

  test.each([
    ['a line that is no JSON', 'GET / HTTP/1.1\n', /^not a message: "GET/],
    ['JSON that is no message', '[1,2]\n', /^not a message/],
    ['null', 'null\n', /^not a message/],
    ['a cancellation of nothing', '{"jsonrpc":"2.0","method":"$/cancelRequest"}\n', /^not a message/],
    ['a line without an end', 'x'.repeat(3000), /^a line is too long/],
  ])('%s ends it, with a reason', async (_, text, reason) => {
    const input = new PassThrough();
    const output = new PassThrough();
    const serving = serveKernel(new FakeKernel(), { input, output, version: '1', userId: 0, maxLineBytes: 2000 });
    input.write(text);
    expect(await serving).toMatch(reason);
  });

  test.each([
    ['no parameters', 'open', undefined],
    ['a list', 'open', ['/dev/jailhouse']],
    ['a path that is a number', 'readFile', { path: 5 }],
    ['a path from nowhere', 'readFile', { path: 'etc' }],
    ['a path with a NUL', 'readFile', { path: '/a\0b' }],
    ['a negative length', 'read', { file: 1, lengthBytes: -1 }],
    ['more than a read may have', 'read', { file: 1, lengthBytes: 2 ** 40 }],
    ['no base64', 'ioctl', { file: 1, request: 1, argument: { bytes: '*', references: [] } }],
    [
      'a pointer outside of the argument',
      'ioctl',
      { file: 1, request: 1, argument: { bytes: 'AAAAAAAAAAA=', references: [{ offset: 1, buffer: '' }] } },
    ],
  ])('%s: refused, and the kernel is not asked', async (_, method, parameters) => {
    const kernel = new FakeKernel({}, { [DEVICE]: { ioctl: () => 0 } });
    over(kernel);
    await remote.open(DEVICE, { access: 'read' });
    const asked = kernel.calls.length;
    await expect(remote.agent.call(method, parameters)).rejects.toMatchObject({ code: 'E_AGENT' });
    expect(kernel.calls).toHaveLength(asked);
    expect(kernel.requests).toEqual([]);
    // It goes on.
    await remote.agent.call('ping', {});
  });

  test('files that nobody opened, and too many of them', async () => {
    over(new FakeKernel({}, { [DEVICE]: {} }));
    await expect(remote.agent.call('read', { file: 7, lengthBytes: 1 })).rejects.toMatchObject({ errno: 'EBADF' });
    const opening = Array.from({ length: 1025 }, () => remote.open(DEVICE, { access: 'read' }));
    const results = await Promise.allSettled(opening);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ errno: 'EMFILE' }) },
    ]);
  });

  test('silence of the client', async () => {
    const { pipe } = over(new FakeKernel(), { silenceMs: 20 });
    await remote.connect();
    expect(await pipe.reason).toBe('nothing was heard for 0.02 s');
  });
});

/** A device whose reads wait for ever. */
function waitingKernel(): { kernel: FakeKernel; closed: () => boolean } {
  const kernel = new FakeKernel();
  let isClosed = false;
  const file: Partial<KernelFile> = {
    read: (_, { signal } = {}) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new KernelError('reading', 'EINTR')));
        if (signal?.aborted) reject(new KernelError('reading', 'EINTR'));
      }),
    close: async () => undefined,
  };
  kernel.open = async () => file as KernelFile;
  kernel.close = async () => void (isClosed = true);
  return { kernel, closed: () => isClosed };
}
