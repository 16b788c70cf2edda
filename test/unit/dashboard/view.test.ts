import { PassThrough } from 'node:stream';
import * as gicDemo from '../../../cells/imx8mm-gic-demo';
import * as root from '../../../cells/imx8mm';
import { newBoard } from '../../../src/dashboard/model/board';
import { DashboardScreen } from '../../../src/dashboard/view/screen';
import { countInWords, durationInWords, gauge, rateInWords, sparkline } from '../../../src/dashboard/view/figures';
import { glyphsOf, isUtf8Locale } from '../../../src/dashboard/view/glyphs';
import { expectFrame } from '../../support/frames';
import { cell, domain, Model, NOW_MS } from './samples';
import type { KnownConfig } from '../../../src/dashboard/model/board';
import type { DashboardEvent } from '../../../src/dashboard/model/events';
import type { TerminalOptions } from '../../../src/dashboard/view/blessed-screen';

/** A terminal that is no terminal: what is sent to it is kept. */
class FakeTerminal {
  readonly input = Object.assign(new PassThrough(), {
    isRaw: false,
    setRawMode: (isRaw: boolean) => this.raws.push(isRaw),
  });
  readonly output: PassThrough & { columns: number; rows: number; isTTY: boolean };
  readonly raws: boolean[] = [];
  readonly events: DashboardEvent[] = [];
  readonly screen: DashboardScreen;
  private sent = '';

  constructor(columns: number, rows: number, options: Partial<TerminalOptions> = {}) {
    this.output = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
    this.output.on('data', (chunk: Buffer) => (this.sent += chunk.toString()));
    const terminal = { input: this.input, output: this.output, terminal: 'vt100', isUtf8: true, wantsColours: true };
    this.screen = new DashboardScreen({ ...terminal, ...options }, (event) => this.events.push(event));
  }

  /** What was sent since this was asked last. */
  async take(): Promise<string> {
    await new Promise((resolve) => setImmediate(resolve));
    const { sent } = this;
    this.sent = '';
    return sent;
  }
}

const terminals: FakeTerminal[] = [];
function open(...args: ConstructorParameters<typeof FakeTerminal>): FakeTerminal {
  const terminal = new FakeTerminal(...args);
  terminals.push(terminal);
  return terminal;
}
afterEach(() => terminals.splice(0).forEach(({ screen }) => screen.close()));

const CELLS = [
  cell(0, 'imx8mm', { assignedCpus: [0, 1], perSecond: 46 }),
  cell(1, 'gic-demo', { assignedCpus: [2], perSecond: 1234.5 }),
  cell(2, 'broken', { assignedCpus: [3], failedCpus: [3], state: 'failed', perSecond: 0 }),
];

function full(columns: number, rows: number): Model {
  const model = new Model({ columns, rows }).sampled(CELLS);
  const configs = new Map<number, KnownConfig>([
    [0, { dialect: root.dialect, cell: root.config.rootCell, system: root.config }],
    [1, { dialect: gicDemo.dialect, cell: gicDemo.config }],
  ]);
  model.send({ kind: 'configs', board: 0, configs });
  model.send({ kind: 'log-opened', board: 0, log: 'uart2' });
  return model.send({
    kind: 'logged',
    board: 0,
    log: 'hypervisor',
    text: 'Created cell "gic-demo"\nStarted cell "gic-demo"\n',
  });
}

function frameOf(model: Model, options: Partial<TerminalOptions> = {}): string {
  const terminal = open(model.state.columns, model.state.rows, options);
  terminal.screen.draw(model.state);
  return terminal.screen.text().join('\n');
}

describe('frames', () => {
  test('80 x 24', () => expectFrame(frameOf(full(80, 24).press('j')), 'view-80x24'));
  test('200 x 50', () => expectFrame(frameOf(full(200, 50).press('j')), 'view-200x50'));
  test('ASCII', () => {
    const frame = frameOf(full(80, 24), { isUtf8: false });
    expect(frame).toMatch(/^[ -~\n]*$/);
    expectFrame(frame, 'view-ascii');
  });
  test('memory, devices and interrupts', () =>
    expectFrame(frameOf(full(100, 40).press('j', 'l', 'enter', 'G')), 'view-detail'));
  test('help', () => expectFrame(frameOf(full(80, 24).press('?')), 'view-help'));
  test('a question with findings', () => {
    const hand = { kind: 'create', path: 'a.cell', config: new Uint8Array() } as const;
    const details = [
      'Cellvisor: 1 error, 0 warnings, 0 notes',
      '',
      `error MEM-OVERLAP: ${'words of a finding '.repeat(6)}`,
      '  write: less',
    ];
    const model = full(80, 24).send({
      kind: 'checked',
      board: 0,
      hand,
      question: 'Create cell a, with 1 error?',
      details,
    });
    expectFrame(frameOf(model), 'view-question');
  });
  test('an error with its hint', () => {
    const problem = {
      text: 'JAILHOUSE_CELL_CREATE: Device or resource busy',
      hint: 'CPU 3 belongs to cell gic-demo: destroy it',
    };
    expectFrame(frameOf(full(80, 24).send({ kind: 'failed', board: 0, problem })), 'view-error');
  });
  test('several boards, one of them gone', () => {
    const boards = ['lab-1', 'lab-2', 'lab-3'].map((name) =>
      newBoard(name, name === 'lab-3' ? 'emulated' : 'hardware', NOW_MS),
    );
    const model = new Model({ boards, nowMs: NOW_MS + 7000, isReadOnly: true }).sampled(CELLS).sampled([], {}, 2);
    const connection = { state: 'stale', sinceMs: NOW_MS, problem: { text: 'the board does not answer' } } as const;
    model.send({ kind: 'connection', board: 0, connection });
    expectFrame(frameOf(model).replace(/as of \d\d:\d\d:\d\d/, 'as of TT:TT:TT'), 'view-boards');
  });
  test('boards on other hosts: what is known of their links', () => {
    const boards = ['root@one', 'root@two'].map((name) => newBoard(name, undefined, NOW_MS));
    const model = new Model({ boards, nowMs: NOW_MS + 7000, columns: 120 }).sampled(CELLS);
    const problem = { text: 'root@one: no answer', hint: 'is it on?' };
    model.send({ kind: 'connection', board: 0, connection: { state: 'stale', sinceMs: NOW_MS, problem } });
    const loss = { sinceMs: NOW_MS, reason: 'no answer', attempt: 3 };
    const lost = { state: { kind: 'lost', ...loss, nextInMs: 4000 }, nextAtMs: NOW_MS + 10_000 } as const;
    const frame = frameOf(model.send({ kind: 'link', board: 0, link: lost, backend: undefined }));
    expect(frame).toMatch(/^ host root@one .* STALE for 7 s\n root@one: no answer, attempt 3 in 3 s: is it on\?\n/);
    expect(frame).toMatch(/> root@one .* STALE 7 s {2}no answer, attempt 3 in 3 s/);
    expect(frame).toMatch(/ root@two .* connecting\.\.\.\n/);
    const reconnecting = { state: { kind: 'reconnecting', ...loss }, nextAtMs: undefined } as const;
    model.send({ kind: 'link', board: 0, link: reconnecting, backend: undefined });
    expect(frameOf(model)).toMatch(/STALE for 7 s\n.* attempt 3\.\.\.: is/);
    const connected = { state: { kind: 'connected' }, nextAtMs: undefined } as const;
    model.send({ kind: 'link', board: 0, link: connected, backend: 'emulated' }).sampled(CELLS);
    expect(frameOf(model)).toMatch(/^ EMULATED {2}root@one .* every 1 s\n/);
  });
  test('UIO devices and their interrupts, in the root cell', () => {
    const uio = [{ device: 'uio0', name: 'uio_ivshmem', interrupts: 1234 }];
    const model = new Model({ columns: 80, rows: 40 }).sampled(CELLS, { uio }).press('l');
    expect(frameOf(model)).toMatch(/^ UIO +DRIVER +INTERRUPTS\n uio0 +uio_ivshmem +1234\n/m);
    expect(frameOf(model.press('j'))).not.toContain('uio0');
  });
  test('no driver', () => {
    const pool = { sizePages: 0, usedPages: 0 };
    const status = { present: false, enabled: false, version: undefined, memPool: pool, remapPool: pool };
    expect(frameOf(new Model().sampled([], { status }))).toContain('the driver is not loaded: modprobe jailhouse');
  });
});

const DOMAINS = [
  domain(0, 'Domain-0', { state: 'running', onlineVcpus: 2, memoryKib: 655_360, cpuPercent: 34.5 }),
  domain(1, 'web', { cpuTimeSeconds: 12_345.6 }),
  domain(2, 'db', { state: 'crashed', cpuPercent: undefined, history: [] }),
];

/** A board with Xen, its cursor on a guest. */
function withXen(columns: number, rows: number): Model {
  const model = new Model({ columns, rows }).xen(DOMAINS).press('j');
  const text = 'Linux version 6.1\r\n\x1b[1mwelcome\x1b[0m\r\n/ # ';
  return model.send({ kind: 'console-text', console: { board: 0, domain: 1 }, text });
}

describe('frames of Xen', () => {
  test('80 x 24', () => expectFrame(frameOf(withXen(80, 24)), 'view-xen-80x24'));
  test('200 x 50, typing', () => expectFrame(frameOf(withXen(200, 50).press('enter', 'enter')), 'view-xen-200x50'));
  test('ASCII', () =>
    expect(frameOf(withXen(80, 24).press('enter', 'enter'), { isUtf8: false })).toMatch(/^[ -~\n]*$/));
  test('why nothing is known, and how old what is known is', () => {
    const model = new Model().send({ kind: 'xen-found', board: 0 }).press('t');
    const problem = { text: 'opening /dev/xen/privcmd: Permission denied', hint: 'only root may' };
    const frame = frameOf(model.send({ kind: 'xen-failed', board: 0, problem }));
    expect(frame).toMatch(/Xen \? .*\n opening \/dev\/xen\/privcmd: Permission denied: only root may\n/);
    expect(frame).toContain('waiting for Xen');
    const stale = frameOf(withXen(80, 24).send({ kind: 'xen-failed', board: 0, problem }));
    expect(stale).toMatch(/Domains ─ 3, as of \d\d:\d\d:\d\d/);
  });
  test('a console whose domain is gone', () => {
    const model = withXen(80, 24).press('enter', 'enter').xen(DOMAINS.slice(0, 1));
    expect(frameOf(model)).toMatch(/TYPING: Ctrl-\] leaves .* Console ─ 1 is gone/);
  });
  test('what the bottom line offers: whole words, as many as fit', () => {
    const last = (model: Model) => frameOf(model).split('\n').at(-1)?.trim();
    expect(last(withXen(80, 24))).toMatch(/^r run {2}z pause {2}x shut down {2}b reboot/);
    expect(last(withXen(80, 24).press('enter', 'enter'))).toBe('Ctrl-] leave');
    expect(last(withXen(20, 24))).toBe('r run  z pause');
    expect(last(withXen(13, 24))).toBe('r run');
  });
});

test('every size of a screen can be drawn', () => {
  for (const [columns, rows] of [
    [1, 1],
    [5, 2],
    [20, 5],
    [39, 12],
    [300, 90],
  ] as const) {
    const model = full(columns, rows);
    for (const key of ['j', '?', 'escape', 'X', 'n', 'n', 'escape', ':', 'escape']) {
      expect(frameOf(model.press(key)).split('\n')).toHaveLength(rows);
    }
    const xen = withXen(columns, rows);
    for (const key of ['enter', 'enter', 'ctrl-]', 'l', 'ctrl-d', 'n']) {
      expect(frameOf(xen.press(key)).split('\n')).toHaveLength(rows);
    }
  }
});

test('the emulated board cannot be taken for hardware, with colours and without', async () => {
  for (const wantsColours of [true, false]) {
    const terminal = open(80, 24, { terminal: 'linux', wantsColours });
    terminal.screen.draw(full(80, 24).state);
    const sent = await terminal.take();
    expect(sent).toContain(' EMULATED ');
    // 30 to 37 and 40 to 47 choose colours; bold, underlined and inverse do not.
    expect(/\x1b\[(?:\d+;)*[34][0-7](?:;\d+)*m/.test(sent)).toBe(wantsColours);
  }
});

describe('what is sent', () => {
  test('only what has changed', async () => {
    const terminal = open(200, 50);
    const model = full(200, 50);
    terminal.screen.draw(model.state);
    expect((await terminal.take()).length).toBeGreaterThan(2000);
    terminal.screen.draw(model.state);
    expect(await terminal.take()).toBe('');
    model.sampled(CELLS, { uptimeSeconds: 3724 });
    terminal.screen.draw(model.state);
    const sent = await terminal.take();
    expect(sent).toContain('4');
    expect(sent.length).toBeLessThan(40);
  });

  test('all of it, when it is asked for', async () => {
    const terminal = open(80, 24);
    terminal.screen.draw(full(80, 24).state);
    await terminal.take();
    terminal.screen.forget();
    terminal.screen.draw(full(80, 24).state);
    expect((await terminal.take()).length).toBeGreaterThan(1000);
  });

  test.each(['screen-256color', 'alacritty'])(
    'nothing is said about a %s, whose description blessed cannot read',
    (name) => {
      const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
      const frame = frameOf(full(80, 24), { terminal: name });
      expect(said).not.toHaveBeenCalled();
      said.mockRestore();
      expect(frame).toContain('EMULATED');
    },
  );

  test('the terminal is taken and given back: keys, other screen, cursor, mouse', async () => {
    const terminal = open(80, 24, { terminal: 'xterm' });
    terminal.screen.draw(full(80, 24).state);
    const taken = await terminal.take();
    for (const code of ['\x1b[?1049h', '\x1b[?25l', '\x1b[?1000h', '\x1b[?1006h']) expect(taken).toContain(code);
    expect(terminal.raws).toEqual([true]);
    terminal.input.isRaw = true;
    terminal.screen.close();
    terminal.screen.close();
    const given = await terminal.take();
    for (const code of ['\x1b[?1049l', '\x1b[?25h', '\x1b[?1000l', '\x1b[?1006l']) expect(given).toContain(code);
    expect(terminal.raws).toEqual([true, false]);
  });
});

describe('what is typed', () => {
  test('keys', async () => {
    const terminal = open(80, 24);
    terminal.input.write('jG\x04\x1b[A\r /');
    await terminal.take();
    const keys = terminal.events.flatMap((event) => (event.kind === 'key' ? [event.key.name] : []));
    expect(keys).toEqual(['j', 'G', 'ctrl-d', 'up', 'enter', 'space', '/']);
  });

  test('the mouse: where in which pane', async () => {
    const terminal = open(80, 24, { terminal: 'xterm' });
    terminal.screen.draw(full(80, 24).state);
    // Button 0 in column 11, row 7 (from 1); the wheel up there.
    terminal.input.write('\x1b[<0;11;7M');
    terminal.input.write('\x1b[<64;11;7M');
    await terminal.take();
    expect(terminal.events).toEqual([
      { kind: 'click', pane: 'cells', row: 3, column: 10 },
      { kind: 'wheel', pane: 'cells', rows: -3 },
    ]);
  });

  test('another size', async () => {
    const terminal = open(80, 24);
    Object.assign(terminal.output, { columns: 100, rows: 30 });
    terminal.output.emit('resize');
    expect(terminal.events).toEqual([{ kind: 'resized', columns: 100, rows: 30 }]);
  });
});

describe('figures', () => {
  test.each([
    [undefined, '-'],
    [NaN, '-'],
    [0, '0.0'],
    [99.94, '99.9'],
    [99.96, '100'],
    [9999, '9999'],
    [12_345, '12.3k'],
    [999_600, '1.0M'],
  ])('a rate of %p is %s', (rate, text) => expect(rateInWords(rate)).toBe(text));

  test('counts never get long', () => {
    for (let count = 1; count < Number.MAX_SAFE_INTEGER; count = count * 3 + 1) {
      expect(countInWords(count).length).toBeLessThanOrEqual(6);
    }
  });

  test('times and lists', () => {
    expect([0, 3723, 90_061].map(durationInWords)).toEqual(['00:00:00', '01:02:03', '1d 01:01']);
  });

  const ASCII = glyphsOf(false);
  test('a gauge shows anything but nothing', () => {
    expect([0, 1, 500, 994].map((used) => gauge(used, 994, 10, ASCII))).toEqual([
      '..........',
      '#.........',
      '#####.....',
      '##########',
    ]);
    expect(gauge(0, 0, 4, ASCII)).toBe('....');
  });

  test('a sparkline: newest at the right, gaps empty, nothing told from little', () => {
    expect(sparkline([0, 1, NaN, 70], 6, 4, ASCII)).toBe('  _. #');
    expect(sparkline([], 3, 0, ASCII)).toBe('   ');
    expect(sparkline([1, 2], 0, 2, ASCII)).toBe('');
  });

  test('a new value changes the last column, and moves the others only when it is full', () => {
    const values = Array.from({ length: 120 }, (_, index) => (Math.floor(index / 3) % 4) + 1);
    const line = (count: number) => sparkline(values.slice(count - 12, count), 4, count, ASCII);
    expect([line(62), line(63)]).toEqual([line(61), line(61)]);
    expect(line(64).slice(0, 3)).toBe(line(63).slice(1));
    expect(line(64)).not.toBe(line(63));
  });
});

test.each([
  [{ LANG: 'en_GB.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'en_GB.UTF-8', LC_CTYPE: 'de_DE.ISO-8859-1' }, false],
  [{}, false],
])('locale %j', (env, isUtf8) => expect(isUtf8Locale(env)).toBe(isUtf8));
