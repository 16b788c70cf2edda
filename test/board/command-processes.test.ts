import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import { loadSyscalls } from '../../src/native/syscalls';
import { EmulatedBoard } from '../support/emulated-board';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { NativePty } from '../../src/native/syscalls';

/** The built commands as processes: what only a process can show. */
jest.setTimeout(30_000);
const root = join(__dirname, '../..');
const board = new EmulatedBoard();

function start(command: string, options: { stdio?: StdioOptions; env?: NodeJS.ProcessEnv } = {}): ChildProcess {
  const [name = '', ...args] = command.split(' ');
  const { stdio = ['ignore', 'pipe', 'pipe'], env = board.env } = options;
  return spawn(process.execPath, [join(root, 'dist/bin', `${name}.js`), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio,
  });
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  return { code, signal, out, err };
}

const run = (command: string, env?: NodeJS.ProcessEnv) => outcome(start(command, env ? { env } : {}));

beforeAll(async () => {
  const kernel = await board.openKernel();
  await kernel.close();
  for (const command of [
    'jailhouse enable cells/imx8mm.cell',
    'jailhouse cell create cells/imx8mm-gic-demo.cell',
    'jailhouse cell load 1 inmates/gic-demo.bin',
    'jailhouse cell start 1',
  ]) {
    expect(await run(command)).toEqual({ code: 0, signal: null, out: '', err: '' });
  }
});
afterAll(() => board.stop());

test('errors and hints of the parts that are files of their own', async () => {
  expect(await run('jailhouse config create --dtb no-such.dtb')).toMatchObject({
    code: 1,
    err: 'opening no-such.dtb: No such file or directory\n',
  });
  const { code, err } = await run('jailhouse cell create cells/imx8mm-uart-demo.cell');
  expect([code, err]).toEqual([1, expect.stringMatching(/^JAILHOUSE_CELL_CREATE: .*\nhint: .+\n$/)]);
});

test('the console, in a pipe', async () => {
  const { code, out } = await run('jailhouse console');
  expect(code).toBe(0);
  expect(out).toContain('Started cell "gic-demo"\n');
});

test('a reader that goes away ends a command like SIGPIPE', async () => {
  const child = start('jailhouse cell list');
  child.stdout?.destroy();
  expect(await outcome(child)).toMatchObject({ code: 141, err: '' });
});

test('output that cannot be written is an error', async () => {
  const full = openSync('/dev/full', 'w');
  const { code, err } = await outcome(start('jailhouse --help', { stdio: ['ignore', full, 'pipe'] }));
  closeSync(full);
  expect({ code, err }).toEqual({ code: 1, err: 'writing output: No space left on device\n' });
});

test('following the console ends by Ctrl-C', async () => {
  const child = start('jailhouse console -f');
  child.stdout?.once('data', () => child.kill('SIGINT'));
  expect(await outcome(child)).toMatchObject({ signal: 'SIGINT', err: '' });
});

const onThisMachine = existsSync('/dev/jailhouse') ? test.skip : test;
onThisMachine('without CELLVISOR_BACKEND, no emulated board answers', async () => {
  const { code, err } = await run('jailhouse disable', { ...board.env, CELLVISOR_BACKEND: '' });
  expect(code).toBe(1);
  expect(err).toMatch(/^opening \/dev\/jailhouse: No such file or directory\nhint: .*CELLVISOR_BACKEND=emulated.*\n$/);
});

test('an unknown backend is named', async () => {
  const { code, err } = await run('jailhouse --backend=real cell list');
  expect(code).toBe(1);
  expect(err).toMatch(/^'real' is not a backend\nhint: /);
});

describe('cell stats on a terminal', () => {
  /** Starts it on a pseudo-terminal, and collects what the screen gets. */
  function watch() {
    const pty = loadSyscalls().openPty() as NativePty;
    const child = start('jailhouse cell stats gic-demo', { stdio: [pty.terminal, pty.terminal, 'pipe'] });
    const waiting = new Set<() => void>();
    let screen = '';
    const master = new ReadStream(pty.master);
    master.on('data', (data: Buffer) => {
      screen += data.toString();
      waiting.forEach((wake) => wake());
    });
    master.on('error', () => master.destroy()); // EIO: nobody has the terminal open any more.
    const collected = new Promise((resolve) => master.once('close', resolve));
    const ended = outcome(child).then(async (result) => {
      closeSync(pty.terminal);
      await collected;
      return result;
    });
    return {
      child,
      ended,
      type: (keys: string) => writeSync(pty.master, keys),
      shows: async (text: string) => {
        while (!screen.includes(text)) {
          await new Promise<void>((resolve) => waiting.add(resolve));
        }
      },
      screen: () => screen,
    };
  }

  test('shows counters, takes keys, and gives the screen back', async () => {
    const { ended, type, shows, screen } = watch();
    await shows('Statistics for gic-demo cell');
    await shows('vmexits_total');
    await shows('COUNTER (All CPUs)');
    type('c');
    await shows('COUNTER (CPU 3)');
    type('q');
    expect(await ended).toMatchObject({ code: 0, err: '' });
    expect(screen()).toMatch(/^\x1b\[\?1049h[^]*\x1b\[\?1049l$/);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s gives the screen back, too', async (signal) => {
    const { child, ended, shows, screen } = watch();
    await shows('vmexits_total');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, err: '' });
    expect(screen()).toMatch(/\x1b\[\?1049l$/);
  });
});
