import { once } from 'node:events';
import { BoardProcesses } from '../support/board-processes';
import { FakeSsh } from '../support/fake-ssh';
import type { ChildProcess } from 'node:child_process';

/** Programs that go on when the link is lost, as whole processes. */
jest.setTimeout(60_000);

const HOST = 'root@board';
let boards: BoardProcesses;
let ssh: FakeSsh;
let child: ChildProcess | undefined;

beforeEach(() => {
  boards = new BoardProcesses();
  ssh = new FakeSsh(boards.folder, { [HOST]: 'imx8mm-evk' });
  boards.env['PATH'] = ssh.path;
});
afterEach(async () => {
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await boards.run('cellvisor', 'board', 'stop');
  await boards.remove();
});

/** Starts a command, and gives what it wrote to one of its outputs, once that is as wanted. */
function start(...args: string[]) {
  const started = boards.start('cellvisor', ['--host', HOST, ...args]);
  child = started;
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    started[name]?.on('data', (bytes: Buffer) => (text[name] += bytes.toString()));
  }
  return async (name: 'stdout' | 'stderr', wanted: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = wanted.exec(text[name]);
      if (found) return found;
      if (started.exitCode !== null) throw new Error(`it ended: ${text.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
}

test('stats says that the link is lost, and goes on', async () => {
  const until = start('stats', '--json', '--interval', '50ms');
  await until('stdout', /"driver":"loaded"/);
  ssh.cut(HOST);
  await until('stderr', /root@board: connection refused; waiting for it\n/);
  ssh.mend(HOST);
  await until('stderr', /the link is back\n/);
  expect(child?.exitCode).toBeNull();
});

test('the exporter has a metric for it', async () => {
  const until = start('exporter', '--listen', '127.0.0.1:0');
  const [, url = ''] = await until('stderr', /metrics are at (\S+)\n/);
  const up = async () => /^cellvisor_up \d/m.exec(await (await fetch(url)).text())?.[0];
  expect(await up()).toBe('cellvisor_up 1');
  ssh.cut(HOST);
  while ((await up()) !== 'cellvisor_up 0') expect(child?.exitCode).toBeNull();
  ssh.mend(HOST);
  while ((await up()) !== 'cellvisor_up 1') expect(child?.exitCode).toBeNull();
});

test.each([
  [['exporter', '--listen', '9853'], '--listen is an address and a port'],
  [['agent', 'x'], '--stdio'],
])('%j, a program in parts: a wrong command line has its usage and exit code 2', async (args, message) => {
  const { code, err } = await boards.run('cellvisor', ...args);
  expect(code).toBe(2);
  expect(err).toMatch(new RegExp(`^${message}[^\\n]*\\n\\nUsage: cellvisor ${args[0]}`));
});
