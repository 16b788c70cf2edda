import { createServer } from 'node:net';
import { KernelError } from '../../../src/errors';
import { BoardObserver } from '../../../src/metrics/observation';
import { MetricsServer } from '../../../src/metrics/server';
import { RemoteKernel } from '../../../src/kernel/remote/kernel';
import { AgentPipe } from '../../support/agent-pipe';
import { FakeKernel, sysfsOf } from '../../support/fake-kernel';
import type { AddressInfo } from 'node:net';

let kernel: FakeKernel;
let server: MetricsServer;
beforeEach(async () => {
  kernel = new FakeKernel(sysfsOf([{ id: 0, name: 'root', cpus: '0-1' }]));
  server = await MetricsServer.listen({ host: '127.0.0.1', port: 0 }, new BoardObserver(kernel));
});
afterEach(() => server.close());

const scrape = (accept?: string) => fetch(server.url, accept === undefined ? {} : { headers: { accept } });

test('each scrape looks at the board', async () => {
  expect(kernel.calls).toEqual([]);
  const response = await scrape();
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(await response.text()).toContain('cellvisor_cell_assigned_cpus{cell="root"} 2\n');
  kernel.addFiles({ '/sys/devices/jailhouse/cells/0/cpus_assigned_list': '0\n' });
  expect(await (await scrape()).text()).toContain('cellvisor_cell_assigned_cpus{cell="root"} 1\n');
});

test('OpenMetrics for who wants it', async () => {
  const response = await scrape('application/openmetrics-text');
  expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await response.text()).toMatch(/# EOF\n$/);
});

test('a board that cannot be asked is a metric, and no failed scrape', async () => {
  const { readFiles } = kernel;
  kernel.readFiles = () => Promise.reject(new KernelError('reading', 'ECONNRESET'));
  const response = await scrape();
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('cellvisor_up 0\n');
  kernel.readFiles = readFiles;
  expect(await (await scrape()).text()).toContain('cellvisor_up 1\n');
});

test('a board whose link is lost, between samples or within one, is a metric too', async () => {
  let pipe: AgentPipe | undefined;
  const isRefused = { value: false };
  const remote = new RemoteKernel({
    host: 'board',
    times: { backoffMs: 5, maxBackoffMs: 5 },
    open: () => {
      pipe = new AgentPipe(kernel);
      if (isRefused.value) pipe.break('connection refused');
      return pipe;
    },
  });
  const failures: string[] = [];
  const observer = new BoardObserver(remote, { onFailure: ({ message }) => failures.push(message) });
  const exporter = await MetricsServer.listen({ host: '127.0.0.1', port: 0 }, observer);
  const up = async () => /cellvisor_up \d/.exec(await (await fetch(exporter.url)).text())?.[0];
  try {
    expect(await up()).toBe('cellvisor_up 1');
    const { open } = kernel;
    kernel.open = () => {
      isRefused.value = true;
      pipe?.break('gone');
      return new Promise(() => undefined);
    };
    expect(await up()).toBe('cellvisor_up 1'); // The console alone was lost.
    expect(await up()).toBe('cellvisor_up 0');
    expect(failures).toEqual([expect.stringMatching(/^board: (?:gone|connection refused)$/)]);
    kernel.open = open;
    isRefused.value = false;
    while (remote.link.state.kind !== 'connected') await new Promise((resolve) => remote.link.onChange(resolve));
    expect(await up()).toBe('cellvisor_up 1');
  } finally {
    await exporter.close();
    await remote.close();
  }
});

test('a bug is an answer, too', async () => {
  kernel.readFiles = () => Promise.reject(new TypeError('a bug'));
  const response = await scrape();
  expect([response.status, await response.text()]).toEqual([500, 'a bug\n']);
});

test('other paths and methods', async () => {
  const at = (path: string, method = 'GET') => fetch(new URL(path, server.url), { method });
  expect(await (await at('/')).text()).toContain('href="/metrics"');
  expect((await at('/nothing')).status).toBe(404);
  expect((await at('/metrics', 'POST')).status).toBe(405);
  const head = await at('/metrics?x=1', 'HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
});

describe('addresses that cannot be had', () => {
  test('in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const listening = MetricsServer.listen({ host: '127.0.0.1', port }, new BoardObserver(kernel));
    await expect(listening).rejects.toMatchObject({
      code: 'E_LISTEN',
      message: `cannot listen on 127.0.0.1:${port}: the address is in use`,
      hint: expect.stringContaining('--listen'),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test('of another machine', () =>
    expect(MetricsServer.listen({ host: '192.0.2.1', port: 0 }, new BoardObserver(kernel))).rejects.toMatchObject({
      message: 'cannot listen on 192.0.2.1:0: this machine does not have the address',
    }));
});
