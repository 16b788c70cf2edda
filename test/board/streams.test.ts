import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EmulatedBoard } from '../support/emulated-board';
import type { ChildProcess, StdioOptions } from 'node:child_process';

/** stats, events and exporter as processes: how they begin, what they see, and how they end. */
jest.setTimeout(60_000);

const root = join(__dirname, '../..');
const board = new EmulatedBoard();
const env = { ...process.env, ...board.env };

beforeAll(async () => (await board.openKernel()).close());
afterAll(async () => {
  children.forEach((child) => child.kill('SIGKILL'));
  await board.stop();
});
const children: ChildProcess[] = [];

function jailhouse(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['dist/bin/jailhouse.js', ...args], { cwd: root, env });
  expect({ status, err: stderr.toString() }).toEqual({ status: 0, err: '' });
}

function start(...args: string[]): ChildProcess {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, ['dist/bin/cellvisor.js', ...args], { cwd: root, env, stdio });
  children.push(child);
  return child;
}

/** The lines of a program, one by one; undefined at their end. */
function linesOf(stream: NodeJS.ReadableStream | null): () => Promise<string | undefined> {
  if (stream === null) throw new Error('nothing to read');
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };
}

const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );

/** A pipeline in a shell, with the exit code of each of its commands. */
function shell(pipeline: string): { readonly out: string; readonly codes: string } {
  const script = `${pipeline}; echo "codes \${PIPESTATUS[*]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: root, env, encoding: 'utf8', timeout: 50_000 });
  const [, out = '', codes = ''] = /^([^]*)codes (.*)\n$/.exec(stdout) ?? [];
  expect(stderr).toBe('');
  return { out, codes };
}

test('events of a cell, from enable to disable', async () => {
  const child = start('events', '--json', '--interval', '20ms');
  const next = linesOf(child.stdout);
  const event = async () => JSON.parse((await next()) ?? 'null');
  // Only what changes after the first look is an event: it has been taken once the first change is told.
  const [first] = await Promise.all([
    event(),
    (async () => {
      await seesBoard(child);
      jailhouse('enable', 'cells/imx8mm.cell');
    })(),
  ]);
  expect(first).toEqual({ time: expect.stringMatching(/^20.*Z$/), type: 'hypervisor-enabled' });
  expect(await event()).toMatchObject({ type: 'cell-appeared', cell: { id: 0, name: 'imx8mm', state: 'running' } });
  jailhouse('cell', 'create', 'cells/imx8mm-gic-demo.cell');
  expect(await event()).toMatchObject({
    type: 'cell-appeared',
    cell: { id: 1, name: 'gic-demo', state: 'shut down', assignedCpus: [3] },
  });
  jailhouse('cell', 'start', 'gic-demo');
  expect(await event()).toMatchObject({ type: 'state-changed', from: 'shut down', to: 'running' });
  jailhouse('disable');
  expect(await event()).toMatchObject({ type: 'cell-gone', cell: { name: 'imx8mm' } });
  expect(await event()).toMatchObject({ type: 'cell-gone', cell: { name: 'gic-demo' } });
  expect(await event()).toMatchObject({ type: 'hypervisor-closed' });
  child.kill('SIGTERM');
  expect(await ended(child)).toEqual({ code: 0, signal: null });
  expect(await next()).toBeUndefined();
});

/** Waits until the program has looked at the board: it has connected, which is a third socket, and gone to sleep many times. */
async function seesBoard({ pid }: ChildProcess): Promise<void> {
  const sockets = () => readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
  const sleeps = () =>
    Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  while (sockets() < 3) await soon();
  const before = sleeps();
  while (sleeps() < before + 20) await soon();
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false;
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends stats with a whole line and exit code 0',
  async (signal) => {
    const child = start('stats', '--json', '--interval', '10ms');
    const next = linesOf(child.stdout);
    JSON.parse((await next()) ?? '');
    child.kill(signal);
    const end = ended(child);
    for (let line = await next(); line !== undefined; line = await next()) JSON.parse(line);
    expect(await end).toEqual({ code: 0, signal: null });
  },
);

describe('a reader that goes', () => {
  const cellvisor = `${process.execPath} dist/bin/cellvisor.js`;

  test('stats', () => {
    const { out, codes } = shell(`${cellvisor} stats --json --interval 10ms | head -1`);
    expect(JSON.parse(out)).toMatchObject({ driver: 'loaded' });
    expect(codes).toBe('141 0');
  });

  test('while there is nothing to write, and would be none for an hour', () =>
    expect(shell(`${cellvisor} events --interval 1h | true`)).toEqual({ out: '', codes: '141 0' }));

  test('after the last line: no error', () =>
    expect(shell(`${cellvisor} stats --json --count 1 | cat >/dev/null`).codes).toBe('0 0'));
});

test('output that cannot be written is an error', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['dist/bin/cellvisor.js', 'stats', '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect({ status, err: stderr.toString() }).toEqual({
    status: 1,
    err: 'writing output: No space left on device\n',
  });
});

describe('the exporter', () => {
  test('a board that cannot be asked: a metric, and a line that says why, once', async () => {
    const child = spawn(process.execPath, ['dist/bin/cellvisor.js', 'exporter', '--listen', '127.0.0.1:0'], {
      cwd: root,
      env: { ...env, CELLVISOR_BOARD: 'nosuch' },
    });
    children.push(child);
    const errors = linesOf(child.stderr);
    const url = (await errors())?.split(' ').at(-1) ?? '';
    for (let scrape = 0; scrape < 2; scrape++) {
      expect(await (await fetch(url)).text()).toContain('cellvisor_up 0\n');
    }
    const end = ended(child);
    child.kill('SIGTERM');
    expect(await errors()).toMatch(/^the emulated board nosuch does not start/);
    expect(await errors()).toMatch(/^hint: /);
    expect([await errors(), await end]).toEqual([undefined, { code: 0, signal: null }]);
  });

  test('answers, says when its address is in use, and ends with a signal', async () => {
    const first = start('exporter', '--listen', '127.0.0.1:0');
    const url = /^metrics are at (\S+)$/.exec((await linesOf(first.stderr)()) ?? '')?.[1] ?? '';
    expect(await (await fetch(url)).text()).toContain('cellvisor_up 1\n');
    const second = start('exporter', '--listen', new URL(url).host);
    const end = ended(second);
    expect(await linesOf(second.stderr)()).toBe(`cannot listen on ${new URL(url).host}: the address is in use`);
    expect(await end).toEqual({ code: 1, signal: null });
    const firstEnd = ended(first);
    first.kill('SIGTERM');
    expect(await firstEnd).toEqual({ code: 0, signal: null });
  });
});

test('a board that goes away ends a stream with a message', async () => {
  const child = start('stats', '--json', '--interval', '10ms');
  const [next, errors] = [linesOf(child.stdout), linesOf(child.stderr)];
  await next();
  process.kill(boardProcess(), 'SIGKILL');
  const end = ended(child);
  while ((await next()) !== undefined);
  const { code } = await end;
  const messages: string[] = [];
  for (let line = await errors(); line !== undefined; line = await errors()) messages.push(line);
  // When it notices between two calls, it says so and starts the board anew; this one has a name that is no board's.
  const between = /is gone \(.* was killed\); starting afresh\n(.*\n)*.*there is no emulated board 'board'/;
  expect(messages.join('\n')).toMatch(new RegExp(`Connection reset by peer|${between.source}`));
  expect(code).toBe(1);
});

function boardProcess(): number {
  const path = join(board.env.CELLVISOR_RUNTIME_DIR, 'board/state.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { processId: number }).processId;
}
