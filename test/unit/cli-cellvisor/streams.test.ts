import { UsageError } from '../../../src/cli/cellvisor/arguments';
import { parseListenAddress } from '../../../src/cli/cellvisor/listen-address';
import { main } from '../../../src/cli/cellvisor/main';
import { RemoteKernel } from '../../../src/kernel/remote/kernel';
import { AgentPipe } from '../../support/agent-pipe';
import { run } from '../../support/command';
import { FakeKernel, sysfsOf } from '../../support/fake-kernel';
import { statisticsOf } from '../../support/snapshots';

const board = () =>
  new FakeKernel({
    ...sysfsOf([
      { id: 0, name: 'root', cpus: '0-1' },
      { id: 1, name: 'demo', cpus: '3', state: 'failed', failed: '3' },
    ]),
    ...statisticsOf(0, { 0: { vmexits_total: 10, vmexits_mmio: 4 }, 1: { vmexits_total: 20, vmexits_mmio: 5 } }),
    ...statisticsOf(1, { 3: { vmexits_total: 7, vmexits_mmio: 7 } }),
  });
const stats = (kernel: FakeKernel, ...args: string[]) =>
  run(main, ['stats', '--interval', '10ms', ...args], { kernel });

test('stats --json: an object a line, rates from the second one on', async () => {
  const { code, out } = await stats(board(), '--json', '--count', '2');
  const records = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(records).toHaveLength(2);
  expect(records[0]).toMatchObject({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    driver: 'loaded',
    version: 'v0.10',
    enabled: true,
    memoryPool: { sizeBytes: 4071424, usedBytes: 237568 },
    cells: [
      { id: 0, name: 'root', exits: { total: 30, mmio: 9 }, cpus: [{ cpu: 0, exits: { total: 10 } }, { cpu: 1 }] },
      { id: 1, name: 'demo', state: 'failed', failedCpus: [3] },
    ],
    failures: [],
  });
  expect(records[0].cells[0].exitsPerSecond).toBeUndefined();
  expect(records[1].cells[0].exitsPerSecond).toEqual({ total: 0, mmio: 0 });
});

test('stats: a table', async () => {
  const { out } = await stats(board(), '--count', '2');
  expect(out).toBe(
    [
      'ID   NAME   STATE     CPUS   FAILED   EXITS   EXITS/S   MOST, PER SECOND',
      '0    root   running   0-1    -        30      -         -',
      '1    demo   failed    3      3        7       -         -',
      '',
      'ID   NAME   STATE     CPUS   FAILED   EXITS   EXITS/S   MOST, PER SECOND',
      '0    root   running   0-1    -        30      0         -',
      '1    demo   failed    3      3        7       0         -',
      '',
    ].join('\n'),
  );
});

test('stats --cell: that one, and a name that no cell has is an error', async () => {
  const { out } = await stats(board(), '--json', '--count', '1', '--cell', 'demo');
  expect(JSON.parse(out).cells.map(({ name }: { name: string }) => name)).toEqual(['demo']);
  expect(await stats(board(), '--cell', 'dmeo')).toMatchObject({
    code: 1,
    out: '',
    err: "there is no cell 'dmeo'\nhint: the cells are root, demo\n",
  });
});

test('stats: what could not be read is said, and the rest is there', async () => {
  const kernel = board();
  kernel.addFiles({ '/sys/devices/jailhouse/cells/1/statistics/cpu3/vmexits_mmio': '!EIO' });
  const record = JSON.parse((await stats(kernel, '--json', '--count', '1')).out);
  expect(record.cells[1].exits).toBeUndefined();
  expect(record.cells[0].exits.total).toBe(30);
  expect(record.failures).toEqual([{ cell: 'demo', error: expect.stringContaining('Input/output error') }]);
});

test('stats without cells says why, once', async () => {
  expect(await stats(new FakeKernel(), '--count', '3')).toMatchObject({
    code: 0,
    err: 'no cells: the driver jailhouse.ko is not loaded\n',
  });
  expect(await stats(new FakeKernel(sysfsOf([])), '--count', '1')).toMatchObject({
    err: 'no cells: Jailhouse is not enabled\n',
  });
});

test.each([
  [['stats', 'demo'], "stats takes no 'demo'; a cell is --cell NAME"],
  [['stats', '--count', '0'], "--count is a number from 1 on, not '0'"],
  [['stats', '--interval', '1ms'], "--interval is at least 10ms, not '1ms'"],
  [['stats', '--interval', 'x'], "--interval is a time such as 500ms, 5s or 2m, not 'x'"],
  [['events', 'x'], "events takes no 'x'"],
  [['exporter', '--listen', '9853'], "--listen is an address and a port, such as 127.0.0.1:9853, not '9853'"],
  [['exporter', '--listen', ':1', '--textfile', 'a'], '--listen and --textfile exclude each other'],
])('%j: usage, and exit code 2', async (args, message) => {
  const { code, out, err } = await run(main, args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`${message}\n\nUsage: cellvisor ${args[0]}`);
});

test('addresses to listen on', () => {
  const parse = (text: string) => parseListenAddress(text, '--listen', '127.0.0.1:9853', '');
  expect(parse('127.0.0.1:9853')).toEqual({ host: '127.0.0.1', port: 9853 });
  expect(parse('[::1]:0')).toEqual({ host: '::1', port: 0 });
  expect(parse(':80')).toEqual({ host: undefined, port: 80 });
  for (const text of ['', 'a', 'a:', '::1:9', 'a b:1', 'a:70000', '[::1]', 'http://a:1']) {
    expect(() => parse(text)).toThrow(UsageError);
  }
});

describe('over a link that is lost at the second sample', () => {
  const times = { backoffMs: 5, maxBackoffMs: 20 };
  let remote: RemoteKernel;
  afterEach(() => remote.close());

  /** @param onSample is told the number of each sample that is asked for, from 1 */
  function linked(onSample: (count: number, kernel: FakeKernel) => void): RemoteKernel {
    const kernel = board();
    let pipe: AgentPipe;
    let count = 0;
    const readFiles = kernel.readFiles.bind(kernel);
    kernel.readFiles = (paths) => {
      if (++count === 2) pipe.break('the connection was closed');
      onSample(count, kernel);
      return readFiles(paths);
    };
    remote = new RemoteKernel({ host: 'board', times, open: () => (pipe = new AgentPipe(kernel)) });
    return remote;
  }
  const told = 'board: the connection was closed; waiting for it\nthe link is back\n';

  test('stats says so, waits, and goes on', async () => {
    const args = ['stats', '--interval', '10ms', '--json', '--count', '2'];
    const { code, out, err } = await run(main, args, { kernel: linked(() => undefined) });
    expect({ code, err }).toEqual({ code: 0, err: told });
    const totals = out.trimEnd().split('\n');
    expect(totals.map((line) => JSON.parse(line).cells[0].exits.total)).toEqual([30, 30]);
  });

  test('events tells what happened meanwhile', async () => {
    const kernel = linked((count, agent) => {
      if (count === 2) agent.addFiles({ '/sys/devices/jailhouse/cells/1/state': 'running\n' });
      if (count === 5) process.emit('SIGTERM');
    });
    const { code, out, err } = await run(main, ['events', '--interval', '10ms'], { kernel });
    expect({ code, err }).toEqual({ code: 0, err: told });
    expect(out).toMatch(/^\S+ cell 1 demo: failed -> running\n$/);
  });
});
