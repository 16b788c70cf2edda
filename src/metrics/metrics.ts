import { COUNTER_PREFIX } from '../jailhouse/stats';
import type { Counters } from '../jailhouse/stats';
import type { PagePool } from '../jailhouse/status';
import type { CellCounters, CellSample } from '../watch/snapshot';
import type { Observation } from './observation';

type Labels = Readonly<Record<string, string | number>>;

/** A value with its labels. */
export type Series = readonly [labels: Labels, value: number];

/** One metric: what it is called, and where its values come from. docs/metrics.md is made of this table. */
export interface Metric {
  /** Base units, and `_total` for counters (https://prometheus.io/docs/practices/naming). */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  readonly series: (observation: Observation) => readonly Series[];
}

/** Pages of the hypervisor (PagePool). */
const PAGE_BYTES = 4096;
const ALL_EXITS = `${COUNTER_PREFIX}total`;
/** Always there, so that a query for one of them never lacks data. */
const STATES = ['running', 'running/locked', 'shut down', 'failed', 'Comm ABI mismatch'];

export const METRICS: readonly Metric[] = [
  {
    name: 'cellvisor_up',
    type: 'gauge',
    help: 'Whether the board could be asked. When it is 0, all other metrics of the board are absent.',
    labels: [],
    series: ({ snapshot }) => [[{}, snapshot ? 1 : 0]],
  },
  {
    name: 'cellvisor_scrape_duration_seconds',
    type: 'gauge',
    help: 'How long it took to ask the board for this scrape.',
    labels: [],
    series: ({ durationMs }) => [[{}, durationMs / 1000]],
  },
  {
    name: 'cellvisor_scrape_errors',
    type: 'gauge',
    help: 'How much outside of cells could not be read for this scrape.',
    labels: [],
    series: ({ snapshot }) =>
      snapshot ? [[{}, snapshot.failures.filter(({ cell }) => cell === undefined).length]] : [],
  },
  {
    name: 'cellvisor_driver_loaded',
    type: 'gauge',
    help: 'Whether jailhouse.ko is loaded.',
    labels: [],
    series: ({ snapshot }) => (snapshot ? [[{}, snapshot.driver === 'loaded' ? 1 : 0]] : []),
  },
  {
    name: 'cellvisor_driver_info',
    type: 'gauge',
    help: 'Version of jailhouse.ko. The value is always 1.',
    labels: ['version'],
    series: ({ snapshot }) => (snapshot?.status ? [[{ version: snapshot.status.version ?? '' }, 1]] : []),
  },
  {
    name: 'cellvisor_hypervisor_enabled',
    type: 'gauge',
    help: 'Whether the hypervisor runs.',
    labels: [],
    series: ({ snapshot }) => (snapshot ? [[{}, snapshot.status?.enabled ? 1 : 0]] : []),
  },
  {
    name: 'cellvisor_hypervisor_pool_size_bytes',
    type: 'gauge',
    help: "Size of the hypervisor's pools: memory (its own), remap (address space for mappings).",
    labels: ['pool'],
    series: (observation) => pools(observation, ({ sizePages }) => sizePages),
  },
  {
    name: 'cellvisor_hypervisor_pool_used_bytes',
    type: 'gauge',
    help: "What is used of the hypervisor's pools.",
    labels: ['pool'],
    series: (observation) => pools(observation, ({ usedPages }) => usedPages),
  },
  {
    name: 'cellvisor_console_lines_total',
    type: 'counter',
    help: 'Lines that the hypervisor printed since the exporter began. Not with --textfile.',
    labels: [],
    series: ({ console }) => (console ? [[{}, console.lines]] : []),
  },
  {
    name: 'cellvisor_console_missed_bytes_total',
    type: 'counter',
    help: 'What the hypervisor printed faster than it was scraped: its console keeps 2 KiB. Not with --textfile.',
    labels: [],
    series: ({ console }) => (console ? [[{}, console.missedBytes]] : []),
  },
  {
    name: 'cellvisor_cell_info',
    type: 'gauge',
    help: 'A cell that exists, with the id by which the driver knows it. The value is always 1.',
    labels: ['cell', 'id'],
    series: (observation) => byCell(observation, ({ cell }) => [[{ id: cell.id }, 1]]),
  },
  {
    name: 'cellvisor_cell_state',
    type: 'gauge',
    help: 'Whether the cell is in this state: 1 for one state of a cell, 0 for the others.',
    labels: ['cell', 'state'],
    series: (observation) =>
      byCell(observation, ({ cell }) =>
        [...new Set([...STATES, cell.state])].map((state) => [{ state }, state === cell.state ? 1 : 0]),
      ),
  },
  {
    name: 'cellvisor_cell_assigned_cpus',
    type: 'gauge',
    help: 'How many CPUs the cell owns.',
    labels: ['cell'],
    series: (observation) => byCell(observation, ({ cell }) => [[{}, cell.assignedCpus.length]]),
  },
  {
    name: 'cellvisor_cell_failed_cpus',
    type: 'gauge',
    help: 'How many CPUs of the cell the hypervisor has parked after a fault.',
    labels: ['cell'],
    series: (observation) => byCell(observation, ({ cell }) => [[{}, cell.failedCpus.length]]),
  },
  {
    name: 'cellvisor_cell_cpu_failed',
    type: 'gauge',
    help: 'Each CPU that the cell owns: 1 when the hypervisor has parked it after a fault, else 0.',
    labels: ['cell', 'cpu'],
    series: (observation) =>
      byCell(observation, ({ cell }) =>
        cell.assignedCpus.map((cpu) => [{ cpu }, cell.failedCpus.includes(cpu) ? 1 : 0]),
      ),
  },
  {
    name: 'cellvisor_cell_vm_exits_total',
    type: 'counter',
    help: 'Exits to the hypervisor since the CPU came to the cell. Without the label cpu where the driver only has sums.',
    labels: ['cell', 'cpu'],
    series: (observation) => byCell(observation, ({ counters }) => allExits(counters)),
  },
  {
    name: 'cellvisor_cell_vm_exits_by_reason_total',
    type: 'counter',
    help: 'The same by reason, as far as the driver tells them apart: mmio, hypercall, psci and so on.',
    labels: ['cell', 'cpu', 'reason'],
    series: (observation) => byCell(observation, ({ counters }) => exitsByReason(counters)),
  },
  {
    name: 'cellvisor_cell_scrape_errors',
    type: 'gauge',
    help: 'How much of the cell could not be read for this scrape. Its name is its id where that is all that is known.',
    labels: ['cell'],
    series: (observation) => scrapeErrors(observation),
  },
  {
    name: 'cellvisor_uio_interrupts_total',
    type: 'counter',
    help: 'Interrupts of a UIO device, such as the doorbells that rang at this end of an ivshmem link.',
    labels: ['device', 'driver'],
    series: ({ snapshot }) =>
      (snapshot?.uio ?? []).map(({ device, name, interrupts }) => [{ device, driver: name }, interrupts]),
  },
];

function pools({ snapshot }: Observation, pages: (pool: PagePool) => number): Series[] {
  if (!snapshot?.status) return [];
  const { memPool, remapPool } = snapshot.status;
  return [
    [{ pool: 'memory' }, pages(memPool) * PAGE_BYTES],
    [{ pool: 'remap' }, pages(remapPool) * PAGE_BYTES],
  ];
}

function byCell({ snapshot }: Observation, series: (sample: CellSample) => readonly Series[]): Series[] {
  return (snapshot?.cells ?? []).flatMap((sample) =>
    series(sample).map(([labels, value]): Series => [{ cell: sample.cell.name, ...labels }, value]),
  );
}

function allExits(counters: CellCounters | undefined): Series[] {
  return byCpu(counters).flatMap(([labels, values]): Series[] => {
    const value = values.get(ALL_EXITS);
    return value === undefined ? [] : [[labels, value]];
  });
}

function exitsByReason(counters: CellCounters | undefined): Series[] {
  return byCpu(counters).flatMap(([labels, values]) =>
    [...values]
      .filter(([name]) => name !== ALL_EXITS)
      .map(([name, value]): Series => [{ ...labels, reason: name.slice(COUNTER_PREFIX.length) }, value]),
  );
}

function byCpu(counters: CellCounters | undefined): [Labels, Counters][] {
  if (!counters) return [];
  const { sum, cpus } = counters;
  return cpus.size === 0 ? [[{}, sum]] : [...cpus].map(([cpu, values]) => [{ cpu }, values]);
}

function scrapeErrors({ snapshot }: Observation): Series[] {
  const errors = new Map((snapshot?.cells ?? []).map(({ cell }) => [cell.name, 0]));
  for (const { cell } of snapshot?.failures ?? []) {
    if (cell === undefined) continue;
    const name = cell.name ?? `${cell.id}`;
    errors.set(name, (errors.get(name) ?? 0) + 1);
  }
  return [...errors].map(([cell, count]) => [{ cell }, count]);
}
