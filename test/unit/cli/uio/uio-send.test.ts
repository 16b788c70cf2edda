import { main } from '../../../../src/cli/uio-send/main';
import { FakeKernel } from '../../../support/fake-kernel';
import { ivshmemFiles } from '../../../support/uio';
import { run } from '../../../support/command';

const USAGE = 'USAGE: uio_send <filename> <count> <cmd> <dest>\n';
const setting = { programPath: '/usr/sbin/uio_send' };

const send = (args: readonly string[], kernel: FakeKernel) =>
  run(main, ['--interval', '0', ...args], { ...setting, kernel });
const v1 = () => new FakeKernel(ivshmemFiles(1), { '/dev/uio0': { registers: {} } });

test.each([
  [[]],
  [['/dev/uio0']],
  [['/dev/uio0', '1', '0']],
  [['/dev/uio0', '1', '0', '0', '0']],
  [['--interval', '1', '/dev/uio0', '1', '0']],
  [['--interval', 'x', '/dev/uio0', '1', '0', '0']],
  [['--interval', '-1', '/dev/uio0', '1', '0', '0']],
])('%j: usage on stdout, exit code 255', async (args) =>
  expect(await run(main, args, setting)).toEqual({ code: 255, out: USAGE, err: '', openedKernel: false }),
);

test("the guide's session", async () => {
  const kernel = v1();
  expect(await send(['/dev/uio0', '1', '0', '0'], kernel)).toMatchObject({
    code: 0,
    out: '[UIO] opening file /dev/uio0\n[UIO] count is 1\n[UIO] writing 0\n[UIO] ping #0\n[UIO] Exiting...\n',
    err: '',
  });
  expect(kernel.writes).toEqual([{ offset: 12, value: 0 }]);
  expect(kernel.openFiles).toBe(0);
});

test('command and destination make the value, 16 bits each', async () => {
  const kernel = v1();
  const { out } = await send(['/dev/uio0', '2', '65537', '-1'], kernel);
  expect(out).toContain('[UIO] writing 4294901761\n[UIO] ping #0\n[UIO] ping #1\n');
  expect(kernel.writes).toEqual([
    { offset: 12, value: 0xffff0001 },
    { offset: 12, value: 0xffff0001 },
  ]);
});

test.each(['0', '-3', 'x', ''])('count %j rings nothing', async (count) => {
  const kernel = v1();
  expect((await send(['/dev/uio0', count, '0', '0'], kernel)).code).toBe(0);
  expect(kernel.writes).toEqual([]);
});

test('v2 warns when nobody hears it', async () => {
  const files = ivshmemFiles(2);
  const kernel = new FakeKernel(files, { '/dev/uio0': { registers: { 0: 0, 4: 3 } } });
  expect(await send(['/dev/uio0', '1', '0', '0'], kernel)).toMatchObject({
    code: 0,
    err: 'hint: this is an ivshmem v2 device and this end is 0 of 3: nobody else hears DEST 0; use 1 or 2\n',
  });
  expect((await send(['/dev/uio0', '1', '0', '2'], kernel)).err).toBe('');
});

test('a device that is not there', async () =>
  expect(await send(['/dev/uio1', '1', '0', '0'], v1())).toMatchObject({
    code: 255,
    out: '[UIO] opening file /dev/uio1\nerror on open /dev/uio1\n',
    err: 'opening /dev/uio1: No such file or directory\nhint: there are: /dev/uio0\n',
  }));

test('no device at all', async () => {
  const { out, err } = await send(['/dev/uio0', '1', '0', '0'], new FakeKernel());
  expect(out).toContain('error on open /dev/uio0\n');
  expect(err).toContain('hint: there is no UIO device: ');
});

test('a device that cannot be mapped', async () => {
  const kernel = new FakeKernel(ivshmemFiles(1), { '/dev/uio0': {} });
  expect(await send(['/dev/uio0', '1', '0', '0'], kernel)).toMatchObject({
    code: 255,
    out: '[UIO] opening file /dev/uio0\nmmap failed\n',
    err: 'mmap: No such device\n',
  });
});

test('without --interval, one second a ping', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const kernel = v1();
  const sending = run(main, ['/dev/uio0', '2', '0', '0'], { ...setting, kernel });
  await settle();
  expect(kernel.writes).toHaveLength(1);
  jest.advanceTimersByTime(999);
  await settle();
  expect(kernel.writes).toHaveLength(1);
  jest.advanceTimersByTime(1);
  await settle();
  expect(kernel.writes).toHaveLength(2);
  jest.advanceTimersByTime(1000);
  expect((await sending).code).toBe(0);
  jest.useRealTimers();
});

/** Lets everything run that waits for no timer. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
