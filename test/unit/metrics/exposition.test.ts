import { spawnSync } from 'node:child_process';
import { KernelError } from '../../../src/errors';
import { chooseExposition, expose } from '../../../src/metrics/exposition';
import { METRICS } from '../../../src/metrics/metrics';
import { cellSample, snapshot } from '../../support/snapshots';
import type { Observation } from '../../../src/metrics/observation';

const observation: Observation = {
  snapshot: snapshot({
    cells: [
      cellSample(
        { id: 0, name: 'root', assignedCpus: [0, 1] },
        { 0: { vmexits_total: 9, vmexits_mmio: 4 }, 1: { vmexits_total: 1, vmexits_mmio: 0 } },
      ),
      cellSample({ state: 'failed', failedCpus: [3] }),
    ],
    uio: [{ device: 'uio0', name: 'uio_ivshmem', interrupts: 5 }],
    failures: [
      { cell: { id: 1, name: 'demo' }, error: new KernelError('opening', 'EIO') },
      { cell: { id: 2, name: undefined }, error: new KernelError('opening', 'EACCES') },
      { cell: undefined, error: new KernelError('opening', 'EIO') },
    ],
  }),
  console: { lines: 12, missedBytes: 34 },
  durationMs: 2.5,
};

/** Lines that are values. */
const values = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('an observation as Prometheus reads it', async () => {
  const lines = values(await expose(observation, 'prometheus'));
  expect(lines).toEqual(
    expect.arrayContaining([
      'cellvisor_up 1',
      'cellvisor_scrape_duration_seconds 0.0025',
      'cellvisor_scrape_errors 1',
      'cellvisor_driver_info{version="v0.10"} 1',
      'cellvisor_hypervisor_pool_size_bytes{pool="memory"} 4071424',
      'cellvisor_hypervisor_pool_used_bytes{pool="remap"} 589824',
      'cellvisor_console_lines_total 12',
      'cellvisor_console_missed_bytes_total 34',
      'cellvisor_cell_info{cell="demo",id="1"} 1',
      'cellvisor_cell_state{cell="demo",state="failed"} 1',
      'cellvisor_cell_state{cell="demo",state="running"} 0',
      'cellvisor_cell_assigned_cpus{cell="root"} 2',
      'cellvisor_cell_failed_cpus{cell="demo"} 1',
      'cellvisor_cell_cpu_failed{cell="demo",cpu="3"} 1',
      'cellvisor_cell_vm_exits_total{cell="root",cpu="0"} 9',
      'cellvisor_cell_vm_exits_by_reason_total{cell="root",cpu="0",reason="mmio"} 4',
      'cellvisor_uio_interrupts_total{device="uio0",driver="uio_ivshmem"} 5',
    ]),
  );
});

test('what failed of a cell is a metric', async () => {
  const lines = values(await expose(observation, 'prometheus')).filter((line) => line.includes('cell_scrape_errors'));
  expect(lines).toEqual([
    'cellvisor_cell_scrape_errors{cell="root"} 0',
    'cellvisor_cell_scrape_errors{cell="demo"} 1',
    'cellvisor_cell_scrape_errors{cell="2"} 1',
  ]);
});

test('a driver that only has sums has no label cpu', async () => {
  const sums = { ...cellSample(), counters: { sum: new Map([['vmexits_total', 7]]), cpus: new Map() } };
  const text = await expose({ ...observation, snapshot: snapshot({ cells: [sums] }) }, 'prometheus');
  expect(values(text)).toContain('cellvisor_cell_vm_exits_total{cell="demo"} 7');
});

test('a board that cannot be asked', async () => {
  const lines = values(await expose({ snapshot: undefined, console: undefined, durationMs: 1 }, 'prometheus'));
  expect(lines).toEqual(['cellvisor_up 0', 'cellvisor_scrape_duration_seconds 0.001']);
});

test('OpenMetrics: families without _total, values with it, and an end', async () => {
  const text = await expose(observation, 'openmetrics');
  expect(text).toContain('# TYPE cellvisor_console_lines counter\ncellvisor_console_lines_total 12\n');
  expect(text).toMatch(/\n# EOF\n$/);
});

test('names as the conventions have them', () => {
  for (const { name, type, help, labels } of METRICS) {
    expect(name).toMatch(/^cellvisor_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/^[A-Z].*\.$/);
    expect(labels.every((label) => /^[a-z]+$/.test(label))).toBe(true);
  }
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
});

test.each([
  [undefined, 'prometheus'],
  ['*/*', 'prometheus'],
  ['text/plain;version=0.0.4', 'prometheus'],
  // What Prometheus 2.42 sends.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  ['application/openmetrics-text;q=0.2, text/plain', 'prometheus'],
  ['application/openmetrics-text;q=0, text/plain;q=0', 'prometheus'],
  ['application/openmetrics-text;q=x', 'prometheus'],
])('Accept %s: %s', (accept, expected) => expect(chooseExposition(accept)).toBe(expected));

if (spawnSync('promtool', ['--version']).error) {
  test.skip('promtool check metrics (skipped: promtool is not installed; Debian has it in the package prometheus)', () =>
    undefined);
} else {
  test('promtool check metrics has nothing to say', async () => {
    const input = await expose(observation, 'prometheus');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    const bad = spawnSync('promtool', ['check', 'metrics'], {
      input: input.replaceAll('_total', ''),
      encoding: 'utf8',
    });
    expect(bad.status).not.toBe(0);
  });
}
