import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { QUERIES } from '../../scripts/grafana-dashboard';
import { EmulatedBoard } from '../support/emulated-board';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The exporter of a board, scraped by the real Prometheus, which is then asked what Grafana would ask it. */
jest.setTimeout(120_000);

const root = join(__dirname, '../..');
const missing = ['prometheus', 'promtool'].find((program) => spawnSync(program, ['--version']).error);
const withPrometheus = missing === undefined ? describe : describe.skip;
const why =
  missing === undefined ? '' : ` (skipped: ${missing} is not installed; Debian has it in the package prometheus)`;

withPrometheus(`Prometheus${why}`, () => {
  const board = new EmulatedBoard();
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-prometheus-'));
  const children: ChildProcess[] = [];
  let server: string;

  function start(program: string, args: readonly string[]): ChildProcess & { readonly stderr: Readable } {
    const env = { ...process.env, ...board.env };
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    return child;
  }

  /** The first line of a program's stderr that matches; the rest is read and dropped. */
  async function lineOf(child: { readonly stderr: Readable }, pattern: RegExp): Promise<string> {
    const lines: string[] = [];
    return new Promise((resolve, reject) => {
      const reader = createInterface({ input: child.stderr });
      reader.on('line', (line) => {
        lines.push(line);
        const found = pattern.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      reader.once('close', () => reject(new Error(`it ended without ${pattern}:\n${lines.join('\n')}`)));
    });
  }

  function jailhouse(...args: string[]): void {
    const env = { ...process.env, ...board.env };
    const { status, stderr } = spawnSync(process.execPath, ['dist/bin/jailhouse.js', ...args], { cwd: root, env });
    expect({ status, err: stderr.toString() }).toEqual({ status: 0, err: '' });
  }

  beforeAll(async () => {
    await (await board.openKernel()).close();
    jailhouse('enable', 'cells/imx8mm.cell');
    jailhouse('cell', 'create', 'cells/imx8mm-gic-demo.cell');
    jailhouse('cell', 'load', 'gic-demo', 'inmates/gic-demo.bin');
    jailhouse('cell', 'start', 'gic-demo');
    const exporter = start(process.execPath, ['dist/bin/cellvisor.js', 'exporter', '--listen', '127.0.0.1:0']);
    const target = await lineOf(exporter, /^metrics are at http:\/\/(\S+)\/metrics$/);
    const config = join(folder, 'prometheus.yml');
    const scrape = { job_name: 'cellvisor', scrape_interval: '1s', static_configs: [{ targets: [target] }] };
    writeFileSync(config, JSON.stringify({ scrape_configs: [scrape] }));
    const prometheus = start('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ]);
    server = await lineOf(prometheus, /msg="Listening on" address=(127\.0\.0\.1:[1-9]\d*)/);
    // It listens before it has opened its data, and says 503 meanwhile.
    while (!(await fetch(`http://${server}/-/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  afterAll(async () => {
    await Promise.all(
      children.map((child) => {
        const ended = child.exitCode === null && new Promise((resolve) => child.once('exit', resolve));
        child.kill();
        return ended;
      }),
    );
    await board.stop();
    rmSync(folder, { recursive: true });
  });

  interface Answer {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  }

  /** Asks until there is data: a rate needs two scrapes. */
  async function query(expr: string) {
    for (;;) {
      const url = `http://${server}/api/v1/query?query=${encodeURIComponent(expr)}`;
      const answer = (await (await fetch(url)).json()) as Answer;
      if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
      if (answer.data && answer.data.result.length > 0) return answer.data.result;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  test('scrapes the exporter, and answers', async () => {
    expect((await query('cellvisor_cell_assigned_cpus{cell="gic-demo"}'))[0]?.value[1]).toBe('1');
    expect((await query('cellvisor_cell_state == 1')).map(({ metric }) => metric['cell'])).toEqual(
      expect.arrayContaining(['imx8mm', 'gic-demo']),
    );
    const [exits] = await query(
      'increase(cellvisor_cell_vm_exits_by_reason_total{cell="gic-demo",reason="virt_irq"}[30s]) > 0',
    );
    expect(Number(exits?.value[1])).toBeGreaterThan(0);
    const { data } = (await (await fetch(`http://${server}/api/v1/targets`)).json()) as {
      data: { activeTargets: { health: string; lastError: string }[] };
    };
    expect(data.activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
    // In OpenMetrics, the type belongs to the family.
    const metadata = await (await fetch(`http://${server}/api/v1/metadata?metric=cellvisor_console_lines`)).json();
    expect(metadata).toMatchObject({ data: { cellvisor_console_lines: [{ type: 'counter' }] } });
  });

  test.each(QUERIES)("data for Grafana's %s", async (expr) => {
    const asked = expr.replaceAll(/\$(instance|cell)\b/g, '.*').replaceAll('$__rate_interval', '30s');
    expect(asked).not.toContain('$');
    for (const { value } of await query(asked)) expect(Number(value[1])).not.toBeNaN();
  });

  test('the examples of docs/metrics.md are right', () => {
    const examples = [...readFileSync(join(root, 'docs/metrics.md'), 'utf8').matchAll(/```yaml\n([^]*?)```/g)];
    const kinds = examples.map(([, text = ''], index) => {
      const kind = text.startsWith('groups:') ? 'rules' : 'config';
      const path = join(folder, `example-${index}.yml`);
      writeFileSync(path, text);
      const { status, stderr } = spawnSync('promtool', ['check', kind, path], { encoding: 'utf8' });
      expect({ text, status, stderr }).toEqual({ text, status: 0, stderr: '' });
      return kind;
    });
    expect(kinds).toEqual(['config', 'rules']);
  });
});
