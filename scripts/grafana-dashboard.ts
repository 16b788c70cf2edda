import { METRICS } from '../src/metrics/metrics';

/** packaging/grafana/cellvisor.json: a dashboard that is imported into Grafana 10 or newer. */

interface Query {
  readonly expr: string;
  /** Of a line: `{{cell}}` and so on are labels. */
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly type: 'stat' | 'timeseries' | 'table';
  /** Of Grafana: short, bytes, percentunit, s, ops. */
  readonly unit: string;
  /** Of the 24 columns that a row has. */
  readonly width: 6 | 8 | 12;
  readonly queries: readonly Query[];
}

const PANEL_HEIGHT = { stat: 4, timeseries: 8, table: 8 } as const;
const ROW_COLUMNS = 24;
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A metric with the boards that were chosen. Only what the exporter has can be named. */
function board(name: string, more = ''): string {
  if (!METRICS.some((metric) => metric.name === name)) throw new Error(`the exporter has no metric ${name}`);
  return `${name}{instance=~"$instance"${more}}`;
}

/** Of the cells that were chosen. */
function cells(name: string): string {
  return board(name, ', cell=~"$cell"');
}

function perSecond(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

const PANELS: readonly Panel[] = [
  stat('Board answers', board('cellvisor_up'), '{{instance}}'),
  stat('Hypervisor enabled', board('cellvisor_hypervisor_enabled'), '{{instance}}'),
  stat('Cells', `count by (instance) (${board('cellvisor_cell_info')})`, '{{instance}}'),
  stat('Failed CPUs', `sum by (instance) (${board('cellvisor_cell_failed_cpus')})`, '{{instance}}'),
  {
    title: 'States of the cells',
    type: 'table',
    unit: 'short',
    width: 12,
    queries: [{ expr: `${cells('cellvisor_cell_state')} == 1`, legend: '{{cell}}: {{state}}' }],
  },
  lines('Exits per second', 'ops', 12, {
    expr: `sum by (instance, cell) (${perSecond(cells('cellvisor_cell_vm_exits_total'))})`,
    legend: '{{instance}} {{cell}}',
  }),
  lines('Exits per second by reason', 'ops', 12, {
    expr: `sum by (instance, cell, reason) (${perSecond(cells('cellvisor_cell_vm_exits_by_reason_total'))})`,
    legend: '{{cell}} {{reason}}',
  }),
  lines('Exits per second by CPU', 'ops', 12, {
    expr: `sum by (instance, cell, cpu) (${perSecond(cells('cellvisor_cell_vm_exits_total'))})`,
    legend: '{{cell}} CPU {{cpu}}',
  }),
  lines('CPUs of the cells', 'short', 8, {
    expr: cells('cellvisor_cell_assigned_cpus'),
    legend: '{{instance}} {{cell}}',
  }),
  lines('CPUs that failed', 'short', 8, {
    expr: cells('cellvisor_cell_cpu_failed'),
    legend: '{{instance}} {{cell}} CPU {{cpu}}',
  }),
  lines("The hypervisor's pools", 'percentunit', 8, {
    expr: `${board('cellvisor_hypervisor_pool_used_bytes')} / (${board('cellvisor_hypervisor_pool_size_bytes')} > 0)`,
    legend: '{{instance}} {{pool}}',
  }),
  lines('UIO interrupts per second', 'ops', 12, {
    expr: perSecond(board('cellvisor_uio_interrupts_total')),
    legend: '{{instance}} {{device}} ({{driver}})',
  }),
  lines(
    'Hypervisor console',
    'ops',
    12,
    { expr: perSecond(board('cellvisor_console_lines_total')), legend: '{{instance}} lines' },
    { expr: perSecond(board('cellvisor_console_missed_bytes_total')), legend: '{{instance}} missed bytes' },
  ),
  lines('Cost of a scrape', 's', 12, {
    expr: board('cellvisor_scrape_duration_seconds'),
    legend: '{{instance}}',
  }),
  lines(
    'What could not be read',
    'short',
    12,
    { expr: board('cellvisor_scrape_errors'), legend: '{{instance}}' },
    { expr: cells('cellvisor_cell_scrape_errors'), legend: '{{instance}} {{cell}}' },
  ),
];

function stat(title: string, expr: string, legend: string): Panel {
  return { title, type: 'stat', unit: 'short', width: 6, queries: [{ expr, legend }] };
}

function lines(title: string, unit: string, width: Panel['width'], ...queries: Query[]): Panel {
  return { title, type: 'timeseries', unit, width, queries };
}

/** What Prometheus is asked, with Grafana's variables in it. */
export const QUERIES: readonly string[] = PANELS.flatMap(({ queries }) => queries.map(({ expr }) => expr));

/** The file's text. */
export function grafanaDashboard(): string {
  const dashboard = {
    uid: 'cellvisor',
    title: 'Cellvisor',
    description: 'Jailhouse boards and their cells, as cellvisor exporter sees them',
    tags: ['jailhouse', 'cellvisor'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        variable('instance', 'Board', `label_values(cellvisor_up, instance)`),
        variable('cell', 'Cell', `label_values(${board('cellvisor_cell_info')}, cell)`),
      ],
    },
    panels: placed(PANELS),
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function variable(name: string, label: string, query: string) {
  return {
    name,
    label,
    type: 'query',
    datasource: DATA_SOURCE,
    query: { query, refId: name },
    refresh: 2,
    includeAll: true,
    allValue: '.*',
    multi: true,
    current: { text: 'All', value: '$__all' },
  };
}

/** From left to right, and where a row is full, below. */
function placed(panels: readonly Panel[]) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ title, type, unit, width, queries }, index) => {
    if (x + width > ROW_COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w: width, h: PANEL_HEIGHT[type] };
    x += width;
    rowHeight = Math.max(rowHeight, gridPos.h);
    return {
      id: index + 1,
      title,
      type,
      gridPos,
      datasource: DATA_SOURCE,
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: queries.map(({ expr, legend }, position) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + position),
        expr,
        legendFormat: legend,
        datasource: DATA_SOURCE,
        instant: type !== 'timeseries',
        range: type === 'timeseries',
        ...(type === 'table' ? { format: 'table' } : {}),
      })),
    };
  });
}
