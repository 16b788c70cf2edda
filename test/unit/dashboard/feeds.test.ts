import { setTimeout as wait } from 'node:timers/promises';
import { BoardFeed } from '../../../src/dashboard/feeds/board-feed';
import { LogFeed } from '../../../src/dashboard/feeds/log-feed';
import { KernelError } from '../../../src/errors';
import { Jailhouse } from '../../../src/jailhouse/jailhouse';
import { FakeKernel } from '../../support/fake-kernel';
import { statisticsOf } from '../../support/snapshots';
import type { DashboardEvent } from '../../../src/dashboard/model/events';
import type { BoardSource } from '../../../src/dashboard/source';
import type { ConsoleOptions } from '../../../src/jailhouse/console';

/** What a board does to a dashboard that watches it. */
const SYSFS = '/sys/devices/jailhouse';
const STATUS = {
  [`${SYSFS}/enabled`]: '1\n',
  [`${SYSFS}/mem_pool_size`]: '994\n',
  [`${SYSFS}/mem_pool_used`]: '58\n',
  [`${SYSFS}/remap_pool_size`]: '131072\n',
  [`${SYSFS}/remap_pool_used`]: '144\n',
};
const cellFiles = (id: number, name: string) => ({
  [`${SYSFS}/cells/${id}/name`]: `${name}\n`,
  [`${SYSFS}/cells/${id}/state`]: 'running\n',
  [`${SYSFS}/cells/${id}/cpus_assigned_list`]: `${id}\n`,
  [`${SYSFS}/cells/${id}/cpus_failed_list`]: '\n',
  ...statisticsOf(id, { [id]: { vmexits_total: 10 } }),
});

/** The events of a feed, and a way to wait for them. */
class Told {
  readonly events: DashboardEvent[] = [];

  readonly dispatch = (event: DashboardEvent) => void this.events.push(event);

  get log(): string {
    return this.events.map((event) => (event.kind === 'logged' ? event.text : '')).join('');
  }

  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await wait(1);
  }

  get last(): Extract<DashboardEvent, { kind: 'sampled' }> | undefined {
    return this.events.findLast((event) => event.kind === 'sampled');
  }
}

function sourceOf(kernel: FakeKernel, console?: (options: ConsoleOptions) => AsyncGenerator<Uint8Array>): BoardSource {
  const jailhouse = new Jailhouse(kernel);
  if (console) Object.assign(jailhouse, { console });
  return { name: 'board', kernel, jailhouse, keptConfigs: undefined, uarts: undefined };
}

describe('a board', () => {
  let feed: BoardFeed;
  let told: Told;
  afterEach(() => feed.close());

  function watch(files: Record<string, string>): FakeKernel {
    const kernel = new FakeKernel(files);
    told = new Told();
    feed = new BoardFeed(sourceOf(kernel), 0, told.dispatch, 1);
    void feed.run();
    return kernel;
  }

  test('whose driver is unloaded says so, and comes back by itself', async () => {
    const files = { ...STATUS, ...cellFiles(0, 'root'), ...cellFiles(1, 'demo') };
    const kernel = watch(files);
    await told.until(() => told.last?.sample.cells.length === 2);
    kernel.files.clear();
    await told.until(() => told.log.includes('the driver was unloaded'));
    expect(told.last?.sample).toMatchObject({ status: { present: false, enabled: false }, cells: [] });
    expect(told.log).toMatch(/cell 0 root is gone[^]*cell 1 demo is gone[^]*Jailhouse was disabled/);
    kernel.addFiles({ ...STATUS, [`${SYSFS}/enabled`]: '0\n' });
    await told.until(() => told.log.includes('the driver was loaded'));
    kernel.addFiles(files);
    await told.until(() => told.last?.sample.cells.length === 2);
    expect(told.log).toMatch(/Jailhouse was enabled[^]*cell 0 root appeared: running, CPUs 0/);
    expect(told.events.some(({ kind }) => kind === 'connection')).toBe(false);
  });

  test('whose cell is destroyed by someone else, also between one file and the next', async () => {
    const kernel = watch({ ...STATUS, ...cellFiles(0, 'root'), ...cellFiles(1, 'demo') });
    await told.until(() => told.last?.sample.cells.length === 2);
    // The folder is still listed, but what is in it is gone.
    for (const path of [...kernel.files.keys()]) {
      if (path.startsWith(`${SYSFS}/cells/1/`)) kernel.files.set(path, '!ENODEV');
    }
    await told.until(() => told.log.includes('cell 1 demo is gone'));
    expect(told.last?.sample.failures).toEqual([]);
    kernel.addFiles(cellFiles(1, 'other'));
    await told.until(() => told.log.includes('cell 1 other appeared'));
  });

  test('that goes away while it is read, and is back with nothing enabled: a reboot', async () => {
    const kernel = watch({ ...STATUS, ...cellFiles(0, 'root') });
    await told.until(() => told.last !== undefined);
    const { readFiles } = kernel;
    kernel.readFiles = () => Promise.reject(new KernelError('connecting to the board', 'ECONNRESET'));
    await told.until(() => told.events.at(-1)?.kind === 'connection');
    expect(told.events.at(-1)).toMatchObject({ connection: { state: 'stale' } });
    kernel.files.clear();
    kernel.addFiles({ ...STATUS, [`${SYSFS}/enabled`]: '0\n' });
    kernel.readFiles = readFiles;
    await told.until(() => told.last?.sample.status?.enabled === false);
    expect(told.log).toMatch(/connecting to the board: [^]*the board answers again[^]*cell 0 root is gone/);
  });
});

describe("the hypervisor's console", () => {
  const ending = new AbortController();
  afterAll(() => ending.abort());
  const DEVICE = '/dev/jailhouse';

  test('is not held open while Jailhouse is disabled: its driver can be unloaded', async () => {
    let isEnabled = false;
    let followers = 0;
    const kernel = new FakeKernel({}, { [DEVICE]: { reads: ['Out of memory\n', ''] } });
    const told = new Told();
    async function* console({ follow, signal }: ConsoleOptions) {
      expect(follow).toBe(true);
      followers++;
      yield Buffer.from('Activating hypervisor\n');
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      followers--;
      throw new KernelError('read(console)', 'EINTR');
    }
    const feed = new LogFeed(sourceOf(kernel, console), 0, told.dispatch, ending.signal, () => isEnabled);
    void feed.run();
    await told.until(() => told.log.includes('Out of memory'));
    expect([followers, kernel.openFiles]).toEqual([0, 0]);
    isEnabled = true;
    await told.until(() => told.log.includes('Activating hypervisor'));
    expect(followers).toBe(1);
    isEnabled = false;
    await told.until(() => followers === 0);
    // What is left of the console says nothing new.
    const opened = kernel.calls.length;
    await told.until(() => kernel.calls.length > opened + 1);
    expect([kernel.openFiles, told.log.match(/Out of memory/g)?.length]).toEqual([0, 1]);
  });
});
