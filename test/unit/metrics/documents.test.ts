import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grafanaDashboard, QUERIES } from '../../../scripts/grafana-dashboard';
import { METRICS } from '../../../src/metrics/metrics';

/** What is made of the table of metrics. `UPDATE_DOCS=1` makes it anew. */
const root = join(__dirname, '../../..');
const update = process.env['UPDATE_DOCS'] === '1';

test("Grafana's dashboard", () => {
  const path = join(root, 'packaging/grafana/cellvisor.json');
  if (update) writeFileSync(path, grafanaDashboard());
  expect(readFileSync(path, 'utf8')).toBe(grafanaDashboard());
});

test('the dashboard names no metric that does not exist, and lacks none but what never changes', () => {
  const named = new Set(QUERIES.flatMap((query) => query.match(/cellvisor_\w+/g) ?? []));
  const existing = METRICS.map(({ name }) => name);
  expect([...named].filter((name) => !existing.includes(name))).toEqual([]);
  expect(existing.filter((name) => !named.has(name))).toEqual(['cellvisor_driver_loaded', 'cellvisor_driver_info']);
});

test('the table in docs/metrics.md', () => {
  const path = join(root, 'docs/metrics.md');
  const rows = METRICS.map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  const table = ['| metric | type | labels | |', '|---|---|---|---|', ...rows].join('\n');
  const text = readFileSync(path, 'utf8');
  const made = text.replace(/(<!-- metrics -->\n)[^]*(\n<!-- end -->)/, `$1${table.replaceAll('$', '$$$$')}$2`);
  if (update) writeFileSync(path, made);
  expect(text).toContain('<!-- metrics -->');
  expect(readFileSync(path, 'utf8')).toBe(made);
});
