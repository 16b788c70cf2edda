import { ConsoleLines } from '../../../src/metrics/console-lines';
import { FakeKernel } from '../../support/fake-kernel';
import type { FakeDevice } from '../../support/fake-kernel';

const reading = (...reads: NonNullable<FakeDevice['reads']>) => new FakeKernel({}, { '/dev/jailhouse': { reads } });

test('lines are counted from look to look', async () => {
  const lines = new ConsoleLines(reading('one\ntwo\nthr', '', 'ee\n', '', ''));
  expect(await lines.count()).toEqual({ lines: 2, missedBytes: 0 });
  expect(await lines.count()).toEqual({ lines: 3, missedBytes: 0 });
  expect(await lines.count()).toEqual({ lines: 3, missedBytes: 0 });
});

test('what was missed is counted apart, and is no line', async () => {
  const lines = new ConsoleLines(reading('<missed 100 bytes of console log>\n', 'a\n', ''));
  expect(await lines.count()).toEqual({ lines: 1, missedBytes: 100 });
});

test('nothing enabled yet: a count of nothing, and the file stays', async () => {
  const kernel = reading('EAGAIN', 'EAGAIN', 'a\n', '');
  const lines = new ConsoleLines(kernel);
  expect(await lines.count()).toEqual({ lines: 0, missedBytes: 0 });
  expect(await lines.count()).toEqual({ lines: 0, missedBytes: 0 });
  expect(await lines.count()).toEqual({ lines: 1, missedBytes: 0 });
  expect(kernel.opened).toHaveLength(1);
  await lines.close();
  expect(kernel.openFiles).toBe(0);
});

test('no console, no device: no count, and the next look tries again', async () => {
  const kernel = reading('EPERM');
  const lines = new ConsoleLines(kernel);
  expect(await lines.count()).toBeUndefined();
  expect(kernel.openFiles).toBe(0);
  kernel.devices.clear();
  expect(await lines.count()).toBeUndefined();
  kernel.devices.set('/dev/jailhouse', { reads: ['a\n', ''] });
  expect(await lines.count()).toEqual({ lines: 1, missedBytes: 0 });
});
