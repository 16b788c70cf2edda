import { main } from '../../../../src/cli/uio-read/main';
import { FakeKernel } from '../../../support/fake-kernel';
import { ivshmemFiles } from '../../../support/uio';
import { run } from '../../../support/command';
import type { FakeDevice } from '../../../support/fake-kernel';

const USAGE = 'USAGE: uio_read <filename> <count>\n';
const setting = { programPath: '/usr/sbin/uio_read' };
const events = (...counts: number[]) => counts.map((count) => Uint8Array.of(count, 0, 0, 0));

const read = (args: readonly string[], reads: FakeDevice['reads'] = events(1)) =>
  run(main, args, { ...setting, kernel: new FakeKernel(ivshmemFiles(1), { '/dev/uio0': { reads, registers: {} } }) });

test.each([[[]], [['/dev/uio0']], [['/dev/uio0', '1', '2']]])('%j: usage on stdout, exit code 255', async (args) =>
  expect(await run(main, args, setting)).toEqual({ code: 255, out: USAGE, err: '', openedKernel: false }),
);

test('prints the counter with every interrupt', async () =>
  expect(await read(['/dev/uio0', '2'], events(6, 9))).toMatchObject({
    code: 0,
    out: '[UIO] opening file /dev/uio0\n[UIO] reading\n[UIO] buf is 6, len 4\n[UIO] buf is 9, len 4\n[UIO] Exiting...\n',
    err: '',
  }));

test.each(['0', 'x'])('count %j ends at once', async (count) =>
  expect((await read(['/dev/uio0', count])).out).toBe(
    '[UIO] opening file /dev/uio0\n[UIO] reading\n[UIO] Exiting...\n',
  ),
);

test('a negative count goes on until a read fails, which is reported with the last value', async () =>
  expect(await read(['/dev/uio0', '-1'], [...events(1, 2, 3), 'EIO'])).toMatchObject({
    code: 255,
    out: expect.stringContaining('[UIO] buf is 3, len 4\n[UIO] buf is 3, len -1\n'),
    err: 'read: Input/output error\n',
  }));

test('a device that is not there', async () =>
  expect(await read(['/dev/uio7', '1'])).toMatchObject({
    code: 255,
    out: '[UIO] opening file /dev/uio7\nerror on open /dev/uio7\n',
  }));

test('v2 lets interrupts through before it waits', async () => {
  const kernel = new FakeKernel(ivshmemFiles(2), { '/dev/uio0': { reads: events(1), registers: {} } });
  await run(main, ['/dev/uio0', '0'], { ...setting, kernel });
  expect(kernel.writes).toEqual([{ offset: 8, value: 1 }]);
});
