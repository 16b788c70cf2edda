import { readdirSync, readFileSync } from 'node:fs';
import { parseHost } from '../../src/kernel/remote/host';
import { RemoteKernel } from '../../src/kernel/remote/kernel';
import { openSsh } from '../../src/kernel/remote/ssh';
import { BoardProcesses, untilGone } from '../support/board-processes';
import { SshServer, whyNoSsh } from '../support/ssh-server';
import type { LinkState } from '../../src/kernel/link';

/** What breaks a link in the field, done to real processes of OpenSSH and to a real agent. */
jest.setTimeout(180_000);

/** A loaded machine is not a hanging link. */
const PING = { intervalMs: 500, timeoutMs: 5_000 };
const TIMES = { ping: PING, helloTimeoutMs: 60_000, backoffMs: 50, maxBackoffMs: 200 };

if (whyNoSsh !== undefined) {
  test.skip(`links over SSH (skipped: ${whyNoSsh})`, () => undefined);
} else {
  const boards = new BoardProcesses();
  const server = new SshServer({ CELLVISOR_BACKEND: 'emulated', CELLVISOR_RUNTIME_DIR: boards.path() });
  const { PATH } = process.env;
  let remote: RemoteKernel;
  let states: LinkState[];
  beforeAll(async () => {
    process.env['PATH'] = server.clientEnv['PATH'];
    await server.start();
  });
  afterAll(async () => {
    process.env['PATH'] = PATH;
    await boards.run('cellvisor', 'board', 'stop');
    await server.remove();
    await boards.remove();
  });
  beforeEach(async () => {
    states = [];
    const host = parseHost('board');
    remote = new RemoteKernel({ host: 'board', times: TIMES, open: (mayAsk) => openSsh(host, {}, { mayAsk }) });
    remote.link.onChange((state) => states.push(state));
    await remote.connect();
    await remote.readFile('/sys/devices/jailhouse/enabled');
  });
  afterEach(async () => {
    await remote.close();
    for (const agent of agents()) await untilGone(agent);
  });

  async function lost(): Promise<void> {
    while (remote.link.state.kind === 'connected') await new Promise((resolve) => remote.link.onChange(resolve));
  }

  async function backAgain(): Promise<string[]> {
    while (remote.link.state.kind !== 'connected') await new Promise((resolve) => remote.link.onChange(resolve));
    expect(Buffer.from(await remote.readFile('/sys/devices/jailhouse/enabled')).toString()).toBe('0\n');
    return states.flatMap((state) => (state.kind === 'lost' ? [state.reason] : []));
  }

  /** Agents of this server: a session's environment tells. */
  function agents(): number[] {
    return processes().filter((id) => {
      const isAgent = contentOf(id, 'cmdline').endsWith('cellvisor.js\0agent\0--stdio\0');
      return isAgent && contentOf(id, 'environ').includes(boards.path());
    });
  }

  /** The ssh that carries the link. */
  function clients(): number[] {
    return processes().filter((id) => contentOf(id, 'cmdline').startsWith(`/usr/bin/ssh\0-F\0${server.folder}`));
  }

  const signal = (ids: readonly number[], name: NodeJS.Signals) => {
    expect(ids).toHaveLength(1);
    for (const id of ids) process.kill(id, name);
  };

  test('ssh hangs: found by pings, and made anew', async () => {
    const console = await remote.open('/dev/jailhouse', { access: 'read' });
    const waiting = console.read(4096);
    signal(clients(), 'SIGSTOP');
    await expect(waiting).rejects.toMatchObject({ code: 'E_LINK', message: 'board: no answer for 5 s' });
    expect(await backAgain()).toEqual(['no answer for 5 s']);
  });

  test('the agent is killed', async () => {
    signal(agents(), 'SIGKILL');
    await lost();
    expect((await backAgain())[0]).toBe('the connection was lost');
  });

  test('ssh ends, and the board is away for a while', async () => {
    await server.stop();
    signal(clients(), 'SIGTERM');
    while (states.filter(({ kind }) => kind === 'lost').length < 3) {
      await new Promise((resolve) => remote.link.onChange(resolve));
    }
    await expect(remote.readFile('/x')).rejects.toMatchObject({ code: 'E_LINK' });
    await server.start();
    const reasons = await backAgain();
    expect(reasons[1]).toBe('connection refused');
    expect(new Set(states.flatMap((state) => (state.kind === 'lost' ? [state.sinceMs] : []))).size).toBe(1);
  });

  test('ssh is killed: the agent ends, with what it had open', async () => {
    const [agent] = agents();
    await remote.open('/dev/jailhouse', { access: 'read' });
    signal(clients(), 'SIGKILL');
    await untilGone(agent as number);
    await lost();
    expect((await backAgain())[0]).toBe('ssh was ended by SIGKILL');
  });
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function contentOf(id: number, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
