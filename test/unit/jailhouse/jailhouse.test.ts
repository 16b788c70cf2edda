import { Jailhouse } from '../../../src/jailhouse/jailhouse';
import { FakeKernel, sysfsOf } from '../../support/fake-kernel';

const CELLS = [
  { id: 0, name: 'imx8mq', cpus: '0-2' },
  { id: 1, name: 'gic-demo', cpus: '3', state: 'failed', failed: '3' },
];

test('cells as sysfs shows them', async () => {
  expect(await new Jailhouse(new FakeKernel(sysfsOf(CELLS))).cells()).toEqual([
    { id: 0, name: 'imx8mq', state: 'running', assignedCpus: [0, 1, 2], failedCpus: [] },
    { id: 1, name: 'gic-demo', state: 'failed', assignedCpus: [3], failedCpus: [3] },
  ]);
  expect(await new Jailhouse(new FakeKernel()).cells()).toEqual([]);
});

test('status, with and without a driver', async () => {
  expect(await new Jailhouse(new FakeKernel(sysfsOf(CELLS))).status()).toEqual({
    present: true,
    enabled: true,
    version: 'v0.10',
    memPool: { sizePages: 994, usedPages: 58 },
    remapPool: { sizePages: 131072, usedPages: 144 },
  });
  expect(await new Jailhouse(new FakeKernel()).status()).toEqual({
    present: false,
    enabled: false,
    version: undefined,
    memPool: { sizePages: 0, usedPages: 0 },
    remapPool: { sizePages: 0, usedPages: 0 },
  });
});

test('stats of a driver without counters by CPU', async () => {
  const files = { ...sysfsOf(CELLS), '/sys/devices/jailhouse/cells/1/statistics/vmexits_total': '7\n' };
  expect(await new Jailhouse(new FakeKernel(files)).stats({ name: 'gic-demo' })).toEqual({
    id: 1,
    name: 'gic-demo',
    sum: new Map([['vmexits_total', 7]]),
    cpus: new Map(),
  });
});

test('a reader that stops early closes the device', async () => {
  const kernel = new FakeKernel({}, { '/dev/jailhouse': { reads: ['more\n'] } });
  for await (const bytes of new Jailhouse(kernel).console({ follow: true })) {
    expect(Buffer.from(bytes).toString()).toBe('more\n');
    break;
  }
  expect(kernel.openFiles).toBe(0);
});

test('a cell name that is too long for the driver is an error of ours, before anything is asked', async () => {
  const kernel = new FakeKernel({}, { '/dev/jailhouse': { ioctl: () => 0 } });
  expect(() => new Jailhouse(kernel).startCell({ name: 'x'.repeat(32) })).toThrow('32 bytes; 31 is the limit');
  expect(kernel.calls).toEqual([]);
});
