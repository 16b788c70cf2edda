import { PassThrough } from 'node:stream';
import { LinkError } from '../../../../src/kernel/link';
import { RemoteKernel } from '../../../../src/kernel/remote/kernel';
import { AgentPipe } from '../../../support/agent-pipe';
import { FakeKernel } from '../../../support/fake-kernel';
import type { LinkState } from '../../../../src/kernel/link';
import type { RemoteLinkOptions } from '../../../../src/kernel/remote/link';
import type { AgentStream } from '../../../../src/kernel/remote/stream';

const FAST = {
  ping: { intervalMs: 10, timeoutMs: 1_000 },
  helloTimeoutMs: 2_000,
  backoffMs: 5,
  maxBackoffMs: 20,
};

let remote: RemoteKernel;
let pipes: AgentPipe[];
let states: LinkState[];
beforeEach(() => {
  pipes = [];
  states = [];
});
afterEach(() => remote?.close());

/** @param open answers attempt N, from 0 */
function linked(
  open: (attempt: number, mayAsk: boolean) => AgentStream,
  options: Partial<RemoteLinkOptions> = {},
): void {
  let attempt = 0;
  remote = new RemoteKernel({ host: 'board', open: (mayAsk) => open(attempt++, mayAsk), times: FAST, ...options });
  remote.link.onChange((state) => states.push(state));
}

function agent(): AgentPipe {
  const pipe = new AgentPipe(new FakeKernel({ '/sys/a': 'text' }));
  pipes.push(pipe);
  return pipe;
}

/** Ended before anybody said hello. */
function broken(reason: string): AgentStream {
  const ended = Promise.resolve(new LinkError('board', reason));
  return { input: new PassThrough(), output: new PassThrough(), ended, kill: () => undefined };
}

async function until(kind: LinkState['kind']): Promise<LinkState> {
  for (;;) {
    const { state } = remote.link;
    if (state.kind === kind) return state;
    await new Promise((resolve) => remote.link.onChange(resolve));
  }
}

const kinds = () => states.map(({ kind }) => kind);

describe('a link that is lost', () => {
  test('fails the calls under way and those that follow, says since when and why, and comes back', async () => {
    linked(agent);
    const file = await remote.readFile('/sys/a');
    expect(Buffer.from(file).toString()).toBe('text');
    const before = Date.now();
    const call = remote.agent.call('ping', {});
    pipes[0]?.break('the connection was closed');
    await expect(call).rejects.toMatchObject({ code: 'E_LINK', message: 'board: the connection was closed' });
    expect(await until('lost')).toMatchObject({
      reason: 'the connection was closed',
      attempt: 1,
      nextInMs: expect.any(Number),
    });
    await expect(remote.readFile('/sys/a')).rejects.toBeInstanceOf(LinkError);
    await until('connected');
    expect(Buffer.from(await remote.readFile('/sys/a')).toString()).toBe('text');
    expect(kinds()).toEqual(['connected', 'lost', 'reconnecting', 'connected']);
    const lost = states[1] as Extract<LinkState, { kind: 'lost' }>;
    expect(lost.sinceMs).toBeGreaterThanOrEqual(before);
    expect(states[2]).toMatchObject({ kind: 'reconnecting', sinceMs: lost.sinceMs, attempt: 1 });
  });

  test('is tried again with growing pauses, all of one loss', async () => {
    linked((attempt) => (attempt > 0 && attempt < 5 ? broken('connection refused') : agent()));
    await remote.connect();
    pipes[0]?.break('gone');
    await until('lost');
    await until('connected');
    const losses = states.filter((state) => state.kind === 'lost');
    expect(losses.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(losses.map(({ reason }) => reason)).toEqual(['gone', ...Array<string>(4).fill('connection refused')]);
    expect(new Set(losses.map(({ sinceMs }) => sinceMs)).size).toBe(1);
    const pauses = losses.map(({ nextInMs }) => nextInMs);
    [5, 10, 20, 20, 20].forEach((least, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(least);
      expect(pauses[index]).toBeLessThanOrEqual(least * 1.2 + 1);
    });
  });

  test('takes what was open along', async () => {
    linked(() => {
      const pipe = new AgentPipe(new FakeKernel({}, { '/dev/jailhouse': { ioctl: () => 0 } }));
      pipes.push(pipe);
      return pipe;
    });
    const file = await remote.open('/dev/jailhouse', { access: 'read-write' });
    expect(await file.ioctl(1)).toBe(0);
    pipes[0]?.break('gone');
    await until('lost');
    await until('connected');
    const other = await remote.open('/dev/jailhouse', { access: 'read-write' });
    await expect(file.ioctl(1)).rejects.toMatchObject({ code: 'E_LINK' });
    expect(await other.ioctl(1)).toBe(0);
    await file.close();
    expect(await other.ioctl(1)).toBe(0);
  });

  test('closed on purpose, it stays closed', async () => {
    linked(agent);
    await remote.connect();
    await remote.close();
    expect(await pipes[0]?.reason).toBeUndefined();
    await expect(remote.readFile('/sys/a')).rejects.toMatchObject({ code: 'E_LINK' });
    expect(kinds()).toEqual(['connected']);
    expect(pipes).toHaveLength(1);
  });
});

describe('closed while an attempt is under way', () => {
  /** An ssh that waits for a machine that does not answer, until it is killed. */
  function hanging(killed: Set<string>, name: string): AgentStream {
    let end: (error: LinkError) => void = () => undefined;
    const ended = new Promise<LinkError>((resolve) => (end = resolve));
    const kill = () => {
      killed.add(name);
      end(new LinkError('board', 'ssh was ended by SIGKILL'));
    };
    return { input: new PassThrough(), output: new PassThrough(), ended, kill };
  }

  test('the first one: ssh is killed, and whoever waits is told', async () => {
    const killed = new Set<string>();
    linked(() => hanging(killed, 'first'));
    const connecting = remote.connect();
    await remote.close();
    await expect(connecting).rejects.toMatchObject({ code: 'E_LINK' });
    expect([killed, kinds()]).toEqual([new Set(['first']), []]);
  });

  test('a later one', async () => {
    const killed = new Set<string>();
    linked((attempt) => (attempt === 0 ? agent() : hanging(killed, `attempt ${attempt}`)));
    await remote.connect();
    pipes[0]?.break('gone');
    await until('reconnecting');
    await remote.close();
    expect(killed).toEqual(new Set(['attempt 1']));
    expect(kinds()).toEqual(['connected', 'lost', 'reconnecting']);
  });
});

describe('a link that hangs', () => {
  test('is found by pings, not by TCP', async () => {
    linked(agent, { times: { ...FAST, ping: { intervalMs: 10, timeoutMs: 100 } } });
    await remote.connect();
    const call = remote.agent.call('ping', {});
    pipes[0]?.hang();
    await expect(call).rejects.toMatchObject({ code: 'E_LINK', message: 'board: no answer for 0.1 s' });
    await until('connected');
    expect(kinds()).toEqual(['connected', 'lost', 'reconnecting', 'connected']);
  });

  test('before the hello, when nobody can be asked for a password', async () => {
    const silent: AgentStream = {
      input: new PassThrough(),
      output: new PassThrough(),
      ended: new Promise(() => undefined),
      kill: () => undefined,
    };
    linked(() => silent, { isUnattended: true, times: { ...FAST, helloTimeoutMs: 20 } });
    await expect(remote.connect()).rejects.toMatchObject({ message: 'board: no answer for 0.02 s' });
  });

  test('an idle one that answers its pings goes on', async () => {
    linked(agent, { times: { ...FAST, ping: { intervalMs: 5, timeoutMs: 5_000 } } });
    await remote.connect();
    let pings = 0;
    pipes[0]?.input.on('data', () => pings++);
    while (pings < 5) await new Promise((resolve) => setImmediate(resolve));
    expect(kinds()).toEqual(['connected']);
  });
});

describe('the hello', () => {
  const says = (text: string) => {
    const stream = { ...broken(''), ended: new Promise<LinkError>(() => undefined) };
    (stream.output as PassThrough).write(text);
    return stream;
  };

  test('another version: both are named', async () => {
    linked(() => says('{"jsonrpc":"2.0","method":"hello","params":{"protocol":2,"version":"9.9.9"}}\n'));
    await expect(remote.connect()).rejects.toMatchObject({
      code: 'E_LINK',
      message: expect.stringMatching(
        /^board: its cellvisor 9\.9\.9 speaks version 2 .* this cellvisor 0\.1\.0 version 1$/,
      ),
      hint: 'install the same version on both sides',
    });
  });

  test('one that says nothing of itself', async () => {
    linked(() => says('{"jsonrpc":"2.0","method":"hello"}\n'));
    await expect(remote.connect()).rejects.toMatchObject({ code: 'E_LINK' });
  });

  test('what login scripts print before it is skipped', async () => {
    linked(() => {
      const pipe = new PassThrough();
      pipe.write('Welcome to board!\n{}\n\n');
      const { input, output, ended } = agent();
      output.pipe(pipe);
      return { input, output: pipe, ended, kill: () => undefined };
    });
    expect(Buffer.from(await remote.readFile('/sys/a')).toString()).toBe('text');
  });

  test('but not without end', async () => {
    linked(() => says('y\n'.repeat(100_000)));
    await expect(remote.connect()).rejects.toMatchObject({ message: 'board: no agent answers there, but: "y"' });
  });

  test('only the first attempt may ask', async () => {
    const asked: boolean[] = [];
    linked((_, mayAsk) => {
      asked.push(mayAsk);
      return agent();
    });
    await remote.connect();
    pipes[0]?.break('gone');
    await until('lost');
    await until('connected');
    expect(asked).toEqual([true, false]);
  });
});
