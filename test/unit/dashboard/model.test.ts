import { newBoard } from '../../../src/dashboard/model/board';
import { layoutOf } from '../../../src/dashboard/model/layout';
import { appendLog, EMPTY_LOG, showable } from '../../../src/dashboard/model/log-buffer';
import { cellAtCursor, shownCells } from '../../../src/dashboard/model/selectors';
import { wrapped } from '../../../src/dashboard/model/confirm';
import { cell, Model, NOW_MS } from './samples';

const ROOT = cell(0, 'imx8mm', { assignedCpus: [0, 1] });
const GIC = cell(1, 'gic-demo', { assignedCpus: [2], perSecond: 50 });
const UART = cell(2, 'uart-demo', { assignedCpus: [3], state: 'shut down', perSecond: 5 });

const three = (changes = {}) => new Model(changes).sampled([ROOT, GIC, UART]);
const names = ({ state }: Model) => shownCells(state).map(({ name }) => name);
const atCursor = ({ state }: Model) => cellAtCursor(state)?.name;

describe('cursor', () => {
  test.each([
    [['j'], 'gic-demo'],
    [['down', 'down'], 'uart-demo'],
    [['j', 'j', 'j', 'j'], 'uart-demo'],
    [['G'], 'uart-demo'],
    [['G', 'k'], 'gic-demo'],
    [['G', 'g'], 'imx8mm'],
    [['up'], 'imx8mm'],
  ])('%j goes to %s', (keys, name) => {
    expect(atCursor(three().press(...keys))).toBe(name);
  });

  test('stays with its cell when the order changes, and when others come and go', () => {
    const model = three().press('j');
    model.press('s', 's', 's');
    expect([names(model), atCursor(model)]).toEqual([['gic-demo', 'uart-demo', 'imx8mm'], 'gic-demo']);
    model.sampled([GIC, UART]);
    expect(atCursor(model)).toBe('gic-demo');
    expect(atCursor(model.sampled([ROOT, UART]))).toBe('uart-demo');
  });
});

test('sorts by each column in turn, and the other way round', () => {
  const model = three();
  expect(names(model)).toEqual(['imx8mm', 'gic-demo', 'uart-demo']);
  expect(names(model.press('s'))).toEqual(['gic-demo', 'imx8mm', 'uart-demo']);
  expect(names(model.press('s'))).toEqual(['imx8mm', 'gic-demo', 'uart-demo']);
  expect(names(model.press('s'))).toEqual(['gic-demo', 'uart-demo', 'imx8mm']);
  expect(names(model.press('S'))).toEqual(['imx8mm', 'uart-demo', 'gic-demo']);
});

test('a filter works while it is typed, and Esc brings the one before back', () => {
  const model = three().type('/demo');
  expect(names(model)).toEqual(['gic-demo', 'uart-demo']);
  expect(names(model.press('enter').type('/x'))).toEqual([]);
  expect(names(model.press('escape'))).toEqual(['gic-demo', 'uart-demo']);
  expect(names(model.press('escape'))).toHaveLength(3);
  // Keys that mean something elsewhere are text here.
  expect(names(model.type('/g').press('backspace').type('uq').press('backspace'))).toEqual(['uart-demo']);
});

describe('panes', () => {
  test('Tab goes round those that are shown', () => {
    const model = three();
    const panes = ['detail', 'log', 'cells', 'detail'].map(() => model.press('tab').state.pane);
    expect(panes).toEqual(['detail', 'log', 'cells', 'detail']);
    expect(model.press('d').state.pane).toBe('cells');
    expect(model.press('tab').state.pane).toBe('log');
    expect(model.press('shift-tab').state.pane).toBe('cells');
  });

  test('Enter opens the details, Esc goes back', () => {
    const model = three().press('d', 'j', 'enter');
    expect(model.state).toMatchObject({ pane: 'detail', isDetailShown: true });
    expect(model.press('escape').state.pane).toBe('cells');
  });

  test('details go through the CPUs of the cell', () => {
    const model = three().press('enter', 'c');
    expect(model.state.detailCpu).toBe(0);
    expect(model.press('c').state.detailCpu).toBe(1);
    expect(model.press('c').state.detailCpu).toBe(0);
    expect(model.press('a').state.detailCpu).toBeUndefined();
  });

  test('logs are stepped through, those of UARTs last', () => {
    const model = three().send({ kind: 'log-opened', board: 0, log: 'uart1' });
    const logs = [1, 2, 3, 4].map(() => model.press(']').state.logSource);
    expect(logs).toEqual(['kernel', 'events', 'uart1', 'hypervisor']);
    expect(model.press('[').state.logSource).toBe('uart1');
  });

  test('whoever has scrolled back in a log reads on undisturbed', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `${line}\n`).join('');
    const model = three().send({ kind: 'logged', board: 0, log: 'hypervisor', text: lines(100) });
    model.press('tab', 'tab', 'k', 'k');
    expect(model.state.logBack).toBe(2);
    expect(model.send({ kind: 'logged', board: 0, log: 'hypervisor', text: lines(5) }).state.logBack).toBe(7);
    expect(model.press('G').state.logBack).toBe(0);
  });
});

describe('hands', () => {
  const GIC_ONLY = [{ id: 1, name: 'gic-demo' }];

  test('start and shut down are done at once, to the cell at the cursor', () => {
    const model = three().press('j', 'r', 'x');
    expect(model.takeEffects()).toEqual([
      { kind: 'hand', board: 0, hand: { kind: 'start', cells: GIC_ONLY } },
      { kind: 'hand', board: 0, hand: { kind: 'shutdown', cells: GIC_ONLY } },
    ]);
    expect(model.state.boards[0]?.busy).toEqual(['starting gic-demo', 'shutting down gic-demo']);
    model.send({ kind: 'hand-done', board: 0, hand: { kind: 'start', cells: GIC_ONLY } });
    expect(model.state.boards[0]?.busy).toEqual(['shutting down gic-demo']);
  });

  test('destroy asks, and only y says yes', () => {
    for (const key of ['n', 'escape', 'enter', 'q', 'ctrl-c']) {
      expect(three().press('j', 'ctrl-d', key).takeEffects()).toEqual([]);
    }
    const model = three().press('j', 'ctrl-d');
    expect(model.state.dialog).toMatchObject({ kind: 'confirm', question: 'Destroy gic-demo?' });
    expect(model.press('x', 'j').takeEffects()).toEqual([]);
    expect(model.press('y').takeEffects()).toEqual([
      { kind: 'hand', board: 0, hand: { kind: 'destroy', cells: GIC_ONLY } },
    ]);
  });

  test('marked cells are taken together, the root cell never', () => {
    const model = three().press('space', 'space', 'space', 'ctrl-d');
    expect(model.state.dialog).toMatchObject({ question: 'Destroy gic-demo, uart-demo?' });
    const root = three().press('ctrl-d');
    expect(root.state).toMatchObject({ dialog: undefined, message: { text: "the root cell is not for 'destroy'" } });
    // What is destroyed by somebody else is not marked any more.
    expect([...(model.press('n').sampled([ROOT, GIC]).state.boards[0]?.marked ?? [])]).toEqual([0, 1]);
  });

  test('disable says which cells end with it', () => {
    expect(three().press('X').state.dialog).toMatchObject({
      question: 'Disable Jailhouse?',
      details: ['These cells end with it: gic-demo, uart-demo.'],
    });
  });

  test('an image is picked from a folder', () => {
    const model = three().press('j', 'o');
    expect(model.takeEffects()).toEqual([{ kind: 'list', folder: '.' }]);
    const entries = [
      { name: 'gic.bin', isFolder: false, sizeBytes: 100 },
      { name: 'inmates', isFolder: true, sizeBytes: 0 },
      { name: '.git', isFolder: true, sizeBytes: 0 },
    ];
    model.send({ kind: 'folder', folder: '.', entries }).press('enter');
    expect(model.takeEffects()).toEqual([{ kind: 'list', folder: 'inmates' }]);
    // An answer about another folder comes too late.
    model.send({ kind: 'folder', folder: '.', entries: [] });
    expect(model.state.dialog).toMatchObject({ folder: 'inmates', entries: undefined });
    model.send({ kind: 'folder', folder: 'inmates', entries }).press('G', 'enter');
    expect(model.takeEffects()).toEqual([
      {
        kind: 'hand',
        board: 0,
        hand: { kind: 'load', cell: GIC_ONLY[0], path: 'inmates/gic.bin', address: 0n },
      },
    ]);
    expect(model.state.dialog).toBeUndefined();
  });

  test('a config is checked before it is used, and its findings are read first', () => {
    const model = three().type(':create my cells/a.cell').press('enter');
    expect(model.takeEffects()).toEqual([{ kind: 'check', board: 0, purpose: 'create', path: 'my cells/a.cell' }]);
    const hand = { kind: 'create', path: 'a.cell', config: Uint8Array.of(1) } as const;
    model.send({ kind: 'checked', board: 0, hand, question: 'Create a?', details: ['error X: bad'] });
    expect(model.press('y').takeEffects()).toEqual([{ kind: 'hand', board: 0, hand }]);
  });

  test('an answer is for the board that was asked about', () => {
    const boards = ['one', 'two'].map((name) => newBoard(name, 'emulated', NOW_MS));
    const model = new Model({ boards }).sampled([ROOT, GIC]).sampled([ROOT], {}, 1).press('j', 'ctrl-d');
    model.send({ kind: 'click', pane: 'boards', row: 3, column: 5 });
    expect(model.state.current).toBe(0);
    expect(model.press('y').takeEffects()).toMatchObject([{ board: 0 }]);
  });

  test('read-only has none, by key or by command', () => {
    const model = three({ isReadOnly: true }).press('j', 'r', 'x', 'o', 'n', 'ctrl-d', 'E', 'X');
    for (const line of ['start', 'shutdown gic-demo', 'destroy gic-demo', 'load gic-demo f', 'create f', 'disable']) {
      model.type(`:${line}`).press('enter');
      expect(model.state.message?.text).toMatch(/^there is no command/);
    }
    expect(model.takeEffects()).toEqual([]);
    expect(model.state.dialog).toBeUndefined();
  });

  test('an error shows with its hint until a key is pressed, and stays in the log of events', () => {
    const hand = { kind: 'start', cells: GIC_ONLY } as const;
    const problem = { text: 'JAILHOUSE_CELL_START: Invalid argument', hint: 'do that' };
    const model = three().press('j', 'r').send({ kind: 'failed', board: 0, hand, problem });
    expect(model.state.message).toEqual({ ...problem, isProblem: true });
    expect(model.state.boards[0]?.busy).toEqual([]);
    model.sampled([ROOT]).send({ kind: 'tick', nowMs: NOW_MS + 60_000 });
    expect(model.state.message?.text).toBe(problem.text);
    expect(model.press('k').state.message).toBeUndefined();
    expect(model.state.boards[0]?.logs.get('events')?.lines.slice(-2)).toEqual([problem.text, 'hint: do that']);
  });
});

describe('commands', () => {
  test.each([
    [':log kernel', { logSource: 'kernel' }],
    [':sort exits', { sort: { column: 'exits', isDescending: true } }],
    [':filter demo', { filter: 'demo' }],
    [':int 2.5s', { intervalMs: 2500 }],
    [':help', { dialog: { kind: 'help', top: 0 } }],
    [':', { message: undefined }],
    [':nonsense', { message: { text: "there is no command 'nonsense'", isProblem: true } }],
    [':s', { message: { text: "'s' can be several commands", hint: 'commands: sort start shutdown' } }],
    [':log nowhere', { message: { text: "there is no log 'nowhere'" } }],
    [':interval 0', { message: { hint: ':interval SECONDS: time between samples' } }],
    [':load gic-demo', { message: { hint: ':load CELL IMAGE [ADDRESS]: load an image' } }],
    [':start nobody', { message: { text: "there is no cell 'nobody'" } }],
  ])('%s', (line, expected) => {
    expect(three().type(line).press('enter').state).toMatchObject(expected);
  });

  test('cells are named by name or id, addresses as in C', () => {
    const model = three().type(':load 2 a.bin 0x1000').press('enter').type(':destroy uart-demo').press('enter', 'y');
    expect(model.takeEffects()).toMatchObject([
      { hand: { kind: 'load', cell: { id: 2, name: 'uart-demo' }, address: 0x1000n } },
      { hand: { kind: 'destroy', cells: [{ id: 2 }] } },
    ]);
  });
});

test('pause and interval are told to who samples', () => {
  const model = three().press('p', 'p', '+', '-', '-');
  expect(model.takeEffects()).toEqual([
    { kind: 'sampling', intervalMs: 1000, isPaused: true },
    { kind: 'sampling', intervalMs: 1000, isPaused: false },
    { kind: 'sampling', intervalMs: 2000, isPaused: false },
    { kind: 'sampling', intervalMs: 1000, isPaused: false },
    { kind: 'sampling', intervalMs: 500, isPaused: false },
  ]);
});

test('a board that does not answer keeps what was known, and a sample makes it live again', () => {
  const connection = { state: 'stale', sinceMs: NOW_MS, problem: { text: 'gone' } } as const;
  const model = three().send({ kind: 'connection', board: 0, connection });
  expect(names(model)).toHaveLength(3);
  expect(model.sampled([ROOT]).state.boards[0]?.connection).toEqual({ state: 'live' });
});

test('the mouse chooses a cell, and opens it', () => {
  const model = three().send({ kind: 'click', pane: 'cells', row: 3, column: 10 });
  expect([atCursor(model), model.state.pane]).toEqual(['gic-demo', 'cells']);
  expect(model.send({ kind: 'click', pane: 'cells', row: 3, column: 10 }).state.pane).toBe('detail');
  expect(atCursor(model.send({ kind: 'wheel', pane: 'cells', rows: 3 }))).toBe('uart-demo');
  expect(model.send({ kind: 'click', pane: 'cells', row: 9, column: 0 }).state.pane).toBe('cells');
});

test('every size of a screen has a layout within it', () => {
  const boards = ['a', 'b', 'c'].map((name) => newBoard(name, 'emulated', NOW_MS));
  for (const columns of [1, 10, 80, 139, 140, 200]) {
    for (let rows = 1; rows < 60; rows++) {
      for (const shown of [boards, boards.slice(0, 1)]) {
        const model = new Model({ boards: shown, columns, rows }).sampled([ROOT, GIC, UART]);
        const { panes } = layoutOf(model.state);
        for (const rect of Object.values(panes)) {
          expect(rect.rows).toBeGreaterThanOrEqual(0);
          expect(rect.left + rect.columns).toBeLessThanOrEqual(columns);
          if (rect.rows > 0) expect(rect.top + rect.rows).toBeLessThanOrEqual(Math.max(rows - 1, 0));
        }
      }
    }
  }
});

test('a pane that would be a title alone leaves its line to the log', () => {
  const { panes } = layoutOf(three({ columns: 60, rows: 14 }).state);
  expect([panes.detail, panes.log?.rows]).toEqual([undefined, 5]);
  expect(layoutOf(three({ columns: 60, rows: 16 }).state).panes.detail?.rows).toBe(3);
});

describe('logs', () => {
  test('lines come in pieces', () => {
    const log = ['one\ntw', 'o\r\n', '\nthree'].reduce(appendLog, EMPTY_LOG);
    expect(log.lines).toEqual(['one', 'two', '', 'three']);
    expect(appendLog(log, '!\n').lines).toEqual(['one', 'two', '', 'three!']);
  });

  test('nothing in them can change the screen', () => {
    expect(showable('a\x1b[2J\x1b]0;title\x07b\x1b[31mc\x07\x00\td\x9b1m\u{1f600}é')).toBe('abc    d?1m??');
  });

  test('they end after a while', () => {
    const log = appendLog(EMPTY_LOG, 'x\n'.repeat(5000));
    expect(log.lines).toHaveLength(2000);
  });
});

test('long lines are wrapped at spaces, and stand in', () => {
  expect(wrapped('  write: leave it out of the region', 20)).toEqual([
    '  write: leave it',
    '    out of the',
    '    region',
  ]);
  expect(wrapped('x'.repeat(25), 10).join('').replaceAll(' ', '')).toBe('x'.repeat(25));
});
