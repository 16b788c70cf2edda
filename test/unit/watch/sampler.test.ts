import { KernelError } from '../../../src/errors';
import { Sampler } from '../../../src/watch/sampler';
import { FakeKernel, sysfsOf } from '../../support/fake-kernel';
import { statisticsOf } from '../../support/snapshots';
import type { BoardSnapshot } from '../../../src/watch/snapshot';

const CELLS = '/sys/devices/jailhouse/cells';

function board(): FakeKernel {
  const kernel = new FakeKernel({
    ...sysfsOf([
      { id: 0, name: 'imx8mm', cpus: '0-2' },
      { id: 1, name: 'demo', cpus: '3' },
    ]),
    ...statisticsOf(0, {
      0: { vmexits_total: 10, vmexits_mmio: 4 },
      1: { vmexits_total: 20, vmexits_mmio: 5 },
      2: { vmexits_total: 30, vmexits_mmio: 6 },
    }),
    ...statisticsOf(1, { 3: { vmexits_total: 7, vmexits_mmio: 7 } }),
    '/sys/class/uio/uio0/name': 'uio_ivshmem\n',
    '/sys/class/uio/uio0/event': '42\n',
  });
  return kernel;
}

/** Everything below a folder goes. */
function remove(kernel: FakeKernel, folder: string): void {
  for (const path of kernel.files.keys()) if (path.startsWith(`${folder}/`)) kernel.files.delete(path);
}

test('a whole board', async () => {
  const sample = await new Sampler(board()).take();
  expect(sample).toMatchObject({
    driver: 'loaded',
    status: { enabled: true, version: 'v0.10', memPool: { sizePages: 994, usedPages: 58 } },
    cells: [
      { cell: { id: 0, name: 'imx8mm', state: 'running', assignedCpus: [0, 1, 2], failedCpus: [] } },
      { cell: { id: 1, name: 'demo', assignedCpus: [3] } },
    ],
    uio: [{ device: 'uio0', name: 'uio_ivshmem', interrupts: 42 }],
    failures: [],
  });
  const [root] = sample.cells;
  expect(root?.counters?.sum).toEqual(new Map(Object.entries({ vmexits_total: 60, vmexits_mmio: 15 })));
  expect(root?.counters?.cpus.get(1)?.get('vmexits_total')).toBe(20);
  expect(sample.costMs).toBeGreaterThan(0);
});

test('the files of a cell are looked for once, and sums are not read where CPUs are', async () => {
  const kernel = board();
  const sampler = new Sampler(kernel);
  await sampler.take();
  expect(kernel.calls).not.toContain(`read ${CELLS}/0/statistics/vmexits_total`);
  kernel.calls.length = 0;
  await sampler.take();
  expect(kernel.calls.filter((call) => call.startsWith('list'))).toEqual([`list ${CELLS}`, 'list /sys/class/uio']);
});

test('a driver that only has sums', async () => {
  const kernel = board();
  for (const path of kernel.files.keys()) if (/statistics\/cpu/.test(path)) kernel.files.delete(path);
  const [root] = (await new Sampler(kernel).take()).cells;
  expect(root?.counters?.sum.get('vmexits_total')).toBe(60);
  expect(root?.counters?.cpus.size).toBe(0);
});

test('without counters none is read', async () => {
  const kernel = board();
  const { cells } = await new Sampler(kernel, { counters: false }).take();
  expect(cells.map(({ counters }) => counters)).toEqual([undefined, undefined]);
  expect(kernel.calls.filter((call) => call.includes('statistics'))).toEqual([]);
});

test('no driver, and a driver that is not enabled', async () => {
  expect(await new Sampler(new FakeKernel()).take()).toMatchObject({ driver: 'absent', status: undefined, cells: [] });
  const { driver, status, cells, failures } = await new Sampler(new FakeKernel(sysfsOf([]))).take();
  expect({ driver, enabled: status?.enabled, cells, failures }).toEqual({
    driver: 'loaded',
    enabled: false,
    cells: [],
    failures: [],
  });
});

test('CPUs that moved are found in the same sample', async () => {
  const kernel = board();
  const sampler = new Sampler(kernel);
  await sampler.take();
  remove(kernel, `${CELLS}/0/statistics/cpu2`);
  kernel.addFiles({ [`${CELLS}/0/cpus_assigned_list`]: '0-1\n' });
  const { cells, failures } = await sampler.take();
  expect(failures).toEqual([]);
  expect([...(cells[0]?.counters?.cpus.keys() ?? [])]).toEqual([0, 1]);
  expect(cells[0]?.counters?.sum.get('vmexits_total')).toBe(30);
});

test('a cell that goes while it is read is no failure; one that comes back is read anew', async () => {
  const kernel = board();
  const sampler = new Sampler(kernel);
  await sampler.take();
  const readFiles = kernel.readFiles.bind(kernel);
  kernel.readFiles = (paths) => {
    remove(kernel, `${CELLS}/1`);
    return readFiles(paths);
  };
  const { cells, failures } = await sampler.take();
  expect(cells.map(({ cell }) => cell.id)).toEqual([0]);
  expect(failures).toEqual([]);
  kernel.readFiles = readFiles;
  kernel.addFiles(sysfsOf([{ id: 1, name: 'other', cpus: '2' }]));
  kernel.addFiles(statisticsOf(1, { 2: { vmexits_total: 1 } }));
  const again = await sampler.take();
  expect(again.cells[1]?.cell.name).toBe('other');
  expect([...(again.cells[1]?.counters?.cpus.keys() ?? [])]).toEqual([2]);
});

test('what cannot be read of one cell leaves the others alone', async () => {
  const kernel = board();
  kernel.addFiles({ [`${CELLS}/1/statistics/cpu3/vmexits_mmio`]: '!EIO' });
  const sampler = new Sampler(kernel);
  const first = await sampler.take();
  expect(first.failures).toMatchObject([{ cell: { id: 1, name: 'demo' }, error: { errno: 'EIO' } }]);
  expect(first.cells[1]).toMatchObject({ cell: { name: 'demo' }, counters: undefined });
  expect(first.cells[0]?.counters?.sum.get('vmexits_total')).toBe(60);
  kernel.addFiles({ [`${CELLS}/1/state`]: '!EACCES' });
  const second = await sampler.take();
  expect(second.failures).toMatchObject([{ cell: { id: 1 }, error: { errno: 'EACCES' } }]);
  expect(second.cells.map(({ cell }) => cell.id)).toEqual([0]);
  kernel.addFiles({ [`${CELLS}/1/state`]: 'running\n', [`${CELLS}/1/statistics/cpu3/vmexits_mmio`]: '8\n' });
  const third = await sampler.take();
  expect(third.failures).toEqual([]);
  expect(third.cells[1]?.counters?.sum.get('vmexits_mmio')).toBe(8);
});

test('a folder of counters that cannot be listed is a failure of its cell', async () => {
  const kernel = board();
  kernel.addFiles({ [`${CELLS}/1/statistics`]: '!EACCES' });
  const { cells, failures } = await new Sampler(kernel).take();
  expect(cells[1]).toMatchObject({ cell: { name: 'demo' }, counters: undefined });
  expect(failures).toMatchObject([{ cell: { id: 1 }, error: { errno: 'EACCES' } }]);
});

test('what belongs to no cell', async () => {
  const kernel = board();
  kernel.addFiles({ '/sys/class/uio/uio0/event': '!EIO', '/sys/devices/jailhouse/mem_pool_used': '!EPERM' });
  const { uio, failures } = await new Sampler(kernel).take();
  expect(uio).toEqual([]);
  expect(failures.map(({ cell, error }) => [cell, error.errno])).toEqual([
    [undefined, 'EPERM'],
    [undefined, 'EIO'],
  ]);
});

test('a board that went away fails the sample, not the next one', async () => {
  const kernel = board();
  const sampler = new Sampler(kernel);
  const readFiles = kernel.readFiles.bind(kernel);
  kernel.readFiles = () => Promise.reject(new KernelError('reading', 'ECONNRESET'));
  await expect(sampler.take()).rejects.toMatchObject({ errno: 'ECONNRESET' });
  kernel.readFiles = readFiles;
  expect((await sampler.take()).cells).toHaveLength(2);
});

test('whoever asks while a sample runs is given that one', async () => {
  const kernel = board();
  const sampler = new Sampler(kernel);
  const [one, other] = await Promise.all([sampler.take(), sampler.take()]);
  expect(other).toBe(one);
  expect(await sampler.take()).not.toBe(one);
});

describe('samples', () => {
  test('come on a grid, however long their user takes', async () => {
    const abort = new AbortController();
    const times: number[] = [];
    const startMs = performance.now();
    for await (const { clockMs } of new Sampler(board()).samples({ intervalMs: 20, signal: abort.signal })) {
      times.push(clockMs - startMs);
      // Longer than one interval: the sample in between is left out, and the grid stays.
      while (times.length === 2 && performance.now() - startMs < 50);
      if (times.length === 4) abort.abort();
    }
    // A timer may fire within the millisecond before its time, and a busy machine lets it fire late.
    [0, 19, 59, 79].forEach((earliestMs, index) => expect(times[index]).toBeGreaterThanOrEqual(earliestMs));
  });

  test('an abort ends the wait at once, and is no error', async () => {
    const abort = new AbortController();
    const seen: BoardSnapshot[] = [];
    for await (const sample of new Sampler(board()).samples({ intervalMs: 3_600_000, signal: abort.signal })) {
      seen.push(sample);
      setImmediate(() => abort.abort());
    }
    expect(seen).toHaveLength(1);
  });
});
