import { KernelError } from '../../../src/errors';
import { XenFeed } from '../../../src/dashboard/feeds/xen-feed';
import { wordOf } from '../../../src/dashboard/feeds/domain-figures';
import { domainAt } from '../../support/domains';
import type { DomainConsole, XenAccess, XenSource } from '../../../src/dashboard/source';
import type { DashboardEvent } from '../../../src/dashboard/model/events';
import type { Domain } from '../../../src/xen/host/domain';

/** A Xen that a test plays: lists of domains, one a sample; the last one is repeated. An errno: it cannot be asked. */
class FakeXen implements XenAccess {
  readonly events: DashboardEvent[] = [];
  readonly typed: string[] = [];
  readonly hands: string[] = [];
  readonly opened: number[] = [];
  connections = 0;
  closed = 0;
  private waiting: { readonly wanted: (event: DashboardEvent) => boolean; readonly found: () => void }[] = [];
  readonly feed = new XenFeed(this, 0, (event) => this.take(event), 1);
  isHere = true;
  outputs: string[] = [];

  constructor(private readonly answers: (readonly Domain[] | 'EIO')[]) {}

  async isThere(): Promise<boolean> {
    return this.isHere;
  }

  async connect(): Promise<XenSource> {
    this.connections++;
    return {
      sample: async () => {
        const [answer] = this.answers.length > 1 ? this.answers.splice(0, 1) : this.answers;
        if (answer === undefined || answer === 'EIO') throw new KernelError('sysctl', 'EIO');
        const clockMs = performance.now();
        const host = { version: '4.17', cpuCount: 2, memoryKib: 100, freeKib: 50 };
        return { ...host, takenAtMs: 7, clockMs, domains: answer, cpuPercents: new Map([[1, 25]]) };
      },
      console: async (id, signal) => this.console(id, signal),
      perform: async ({ action }) => {
        this.hands.push(action);
        return [`${action}: something is left`];
      },
      close: async () => void this.closed++,
    };
  }

  /** Waits until there is such an event, from the beginning. */
  async until(wanted: (event: DashboardEvent) => boolean): Promise<DashboardEvent> {
    if (!this.events.some(wanted)) await new Promise<void>((found) => this.waiting.push({ wanted, found }));
    return this.events.find(wanted) as DashboardEvent;
  }

  private take(event: DashboardEvent): void {
    this.events.push(event);
    const [found, waiting] = [this.waiting.filter(({ wanted }) => wanted(event)), this.waiting];
    this.waiting = waiting.filter((one) => !found.includes(one));
    for (const one of found) one.found();
  }

  private console(id: number, signal: AbortSignal): DomainConsole {
    this.opened.push(id);
    const { outputs } = this;
    return {
      async *[Symbol.asyncIterator]() {
        for (const text of outputs.splice(0)) yield new TextEncoder().encode(text);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      write: async (bytes) => void this.typed.push(new TextDecoder().decode(bytes)),
    };
  }
}

const feeds: XenFeed[] = [];
function start(answers: (readonly Domain[] | 'EIO')[], isHere = true): FakeXen & { done: Promise<void> } {
  const xen = new FakeXen(answers);
  xen.isHere = isHere;
  feeds.push(xen.feed);
  return Object.assign(xen, { done: xen.feed.run() });
}
afterEach(() => feeds.splice(0).forEach((feed) => feed.close()));

const isSample = ({ kind }: DashboardEvent) => kind === 'xen-sampled';
const isLogged = (text: RegExp) => (event: DashboardEvent) => event.kind === 'logged' && text.test(event.text);

test('nothing where Xen is not', async () => {
  const xen = start([[]], false);
  await xen.done;
  expect([xen.events, xen.connections]).toEqual([[], 0]);
});

test('domains with what they use, and the connection is closed at the end', async () => {
  const xen = start([
    [domainAt(0, { name: 'Domain-0', isRunning: true }), domainAt(1, { name: 'w\x1b[2J', isBlocked: true })],
  ]);
  const event = await xen.until(isSample);
  expect(event).toMatchObject({
    figures: {
      version: '4.17',
      domains: [
        { id: 0, name: 'Domain-0', state: 'running', cpuPercent: undefined },
        { id: 1, name: 'w', state: 'blocked', cpuPercent: 25, history: [25] },
      ],
    },
  });
  xen.feed.close();
  await xen.done;
  expect([xen.connections, xen.closed]).toEqual([1, 1]);
});

test('what happens to domains is logged', async () => {
  const [zero, one] = [domainAt(0), domainAt(1, { name: 'web' })];
  const crashed = domainAt(1, { name: 'web', isShutDown: true, shutdownReason: 'crash' });
  const xen = start([[zero], [zero, one], [zero, crashed], [zero]]);
  await xen.until(isLogged(/domain 1 web was created/));
  await xen.until(isLogged(/domain 1 web has shut down: crash/));
  await xen.until(isLogged(/domain 1 web is gone/));
});

test('a Xen that cannot be asked is asked again, over a new connection', async () => {
  const xen = start(['EIO', [domainAt(0)]]);
  expect(await xen.until(({ kind }) => kind === 'xen-failed')).toMatchObject({
    problem: { text: 'sysctl: Input/output error' },
  });
  await xen.until(isSample);
  expect([xen.connections, xen.closed]).toEqual([2, 1]);
});

test('a console is read and typed into; another takes its place', async () => {
  const xen = start([[domainAt(0), domainAt(1)]]);
  await xen.until(isSample);
  xen.outputs = ['# ', 'caf', '\xc3'];
  xen.feed.follow(1);
  expect(await xen.until(({ kind }) => kind === 'console-text')).toEqual({
    kind: 'console-text',
    console: { board: 0, domain: 1 },
    text: '# ',
  });
  await Promise.all([xen.feed.type('l'), xen.feed.type('s\r')]);
  expect(xen.typed).toEqual(['l', 's\r']);
  xen.outputs = ['other'];
  xen.feed.follow(2);
  await xen.until((event) => event.kind === 'console-text' && event.console.domain === 2);
  xen.feed.follow(undefined);
  await xen.feed.type('nobody');
  expect([xen.opened, xen.typed]).toEqual([
    [1, 2],
    ['l', 's\r'],
  ]);
});

test('what a hand leaves behind is logged', async () => {
  const xen = start([[domainAt(1)]]);
  await xen.until(isSample);
  await xen.feed.perform({ kind: 'domain', action: 'destroy', domains: [{ id: 1, name: 'web' }] });
  await xen.until(isLogged(/destroy: something is left/));
  expect(xen.hands).toEqual(['destroy']);
});

test('paused: no sample until it goes on', async () => {
  const xen = start([[domainAt(1)]]);
  await xen.until(isSample);
  xen.feed.setSampling(1, true);
  await new Promise((resolve) => setImmediate(resolve));
  const before = xen.events.filter(isSample).length;
  xen.feed.setSampling(1, false);
  await xen.until((event) => isSample(event) && xen.events.filter(isSample).length > before);
});

test.each([
  [{ isRunning: true }, 'running'],
  [{ isBlocked: true }, 'blocked'],
  [{}, 'ready'],
  [{ isBlocked: true, isPaused: true }, 'paused'],
  [{ isPaused: true, isShutDown: true, shutdownReason: 'poweroff' }, 'shut down'],
  [{ isShutDown: true, shutdownReason: 'crash' }, 'crashed'],
  [{ isShutDown: true, shutdownReason: 'crash', isDying: true }, 'dying'],
] as const)('%j is %s', (parts, word) => expect(wordOf(domainAt(1, parts))).toBe(word));
