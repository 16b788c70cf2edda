import { newBoard } from '../../../src/dashboard/model/board';
import { domainAtCursor, shownConsole, shownDomains, tabOf } from '../../../src/dashboard/model/selectors';
import { cell, domain, Model, NOW_MS, xenFigures } from './samples';

const DOMAINS = [
  domain(0, 'Domain-0', { state: 'running', cpuPercent: 30 }),
  domain(1, 'web', { cpuPercent: 80 }),
  domain(2, 'db', { state: 'paused' }),
];
const three = (changes = {}) => new Model(changes).xen(DOMAINS);
const names = ({ state }: Model) => shownDomains(state).map(({ name }) => name);
const atCursor = ({ state }: Model) => domainAtCursor(state)?.name;
const handOf = (model: Model) => model.takeEffects().find(({ kind }) => kind === 'hand');

describe('what is shown', () => {
  test('domains, where Xen is and Jailhouse is not; nobody who has chosen is moved', () => {
    const model = three();
    expect([tabOf(model.state), model.state.pane]).toEqual(['domains', 'domains']);
    expect(tabOf(model.press('t').state)).toBe('cells');
    expect(tabOf(model.xen(DOMAINS).state)).toBe('cells');
    expect(tabOf(model.type(':tab domains').press('enter').state)).toBe('domains');
  });

  test('cells, where both are, until somebody asks; nothing else where Xen is not', () => {
    const model = new Model().sampled([cell(0, 'root')]).press('t');
    expect([tabOf(model.state), model.state.message?.text]).toEqual(['cells', 'there is no Xen on this board']);
    model.send({ kind: 'xen-found', board: 0 });
    expect(tabOf(model.state)).toBe('cells');
    expect(model.press('t').state.pane).toBe('domains');
  });

  test('of another board without Xen its cells', () => {
    const model = three({ boards: [newBoard('one', 'hardware', NOW_MS), newBoard('two', 'hardware', NOW_MS)] });
    model
      .sampled([cell(0, 'root')], {}, 1)
      .type(':board two')
      .press('enter');
    expect([tabOf(model.state), model.state.pane]).toEqual(['cells', 'cells']);
    expect(tabOf(model.type(':board one').press('enter').state)).toBe('domains');
  });

  test('sorted and filtered as cells are', () => {
    const model = three();
    expect(names(model.press('s', 's', 's'))).toEqual(['web', 'Domain-0', 'db']);
    expect(names(model.press('S'))).toEqual(['db', 'Domain-0', 'web']);
    expect(names(model.type('/b').press('enter'))).toEqual(['db', 'web']);
  });

  test('the cursor stays with its domain, and marks go with theirs', () => {
    const model = three().press('j', 'space');
    expect([atCursor(model), model.state.boards[0]?.xen?.marked]).toEqual(['db', new Set([1])]);
    model.send({ kind: 'xen-sampled', board: 0, figures: xenFigures(DOMAINS.slice(2)) });
    expect([atCursor(model), model.state.boards[0]?.xen?.marked.size]).toEqual(['db', 0]);
    expect(model.press('space').press('escape').state.boards[0]?.xen?.marked.size).toBe(0);
  });

  test('when Xen cannot be asked, what was known stays', () => {
    const model = three().send({ kind: 'xen-failed', board: 0, problem: { text: 'connecting to xenstore: no' } });
    expect(names(model)).toHaveLength(3);
    expect(model.state.boards[0]?.xen?.problem?.text).toBe('connecting to xenstore: no');
    model.send({ kind: 'xen-sampled', board: 0, figures: xenFigures(DOMAINS) });
    expect(model.state.boards[0]?.xen?.problem).toBeUndefined();
  });
});

describe('consoles', () => {
  const consoles = (model: Model) =>
    model.takeEffects().flatMap((effect) => (effect.kind === 'console' ? [effect.console?.domain] : []));

  test('one is read: that of the domain at the cursor, while it is shown', () => {
    const model = three();
    expect(consoles(model)).toEqual([0]);
    expect(consoles(model.press('j'))).toEqual([1]);
    expect(consoles(model.press('l'))).toEqual([undefined]);
    expect(consoles(model.press('l', 't', 't', 's', 's'))).toEqual([1, undefined, 1]);
    expect(consoles(model.send({ kind: 'xen-sampled', board: 0, figures: xenFigures(DOMAINS.slice(0, 1)) }))).toEqual([
      0,
    ]);
  });

  test('Enter goes to it, Enter again types, and every key but Ctrl-] is the domain’s', () => {
    const model = three().press('j', 'enter');
    expect([model.state.pane, model.state.typingInto]).toEqual(['console', undefined]);
    model.press('enter').takeEffects();
    model.press('q', 'enter', 'ctrl-c', 'up', '?');
    const typed = model.takeEffects();
    expect(typed.map((effect) => (effect.kind === 'type' ? effect.text : effect.kind))).toEqual([
      'q',
      '\r',
      '\x03',
      '\x1b[A',
      '?',
    ]);
    expect(typed[0]).toMatchObject({ console: { board: 0, domain: 1 } });
    model.press('ctrl-]', 'q');
    expect(model.takeEffects()).toEqual([{ kind: 'quit' }]);
  });

  test('keys for a domain that is gone do nothing at all', () => {
    const model = three().press('j', 'enter', 'enter');
    model.send({ kind: 'xen-sampled', board: 0, figures: xenFigures(DOMAINS.slice(0, 1)) });
    model.takeEffects();
    expect(model.press('q', 'x').takeEffects()).toEqual([]);
    expect(shownConsole(model.state)?.domain).toBe(1);
    expect(shownConsole(model.press('ctrl-]').state)?.domain).toBe(0);
  });

  test('a click elsewhere leaves it', () => {
    const model = three().press('j', 'enter', 'enter');
    model.send({ kind: 'click', pane: 'console', row: 1, column: 1 });
    expect(model.state.typingInto?.domain).toBe(1);
    model.send({ kind: 'click', pane: 'domains', row: 4, column: 1 });
    expect([model.state.typingInto, atCursor(model)]).toEqual([undefined, 'db']);
    model.send({ kind: 'click', pane: 'domains', row: 4, column: 1 });
    expect(model.state.pane).toBe('console');
  });

  test('nobody types to Xen itself, or when one may only look', () => {
    const model = three().press('enter', 'enter');
    expect([model.state.typingInto, model.state.message?.text]).toEqual([
      undefined,
      'what Xen prints has no keyboard: choose another domain than 0 to type into its console',
    ]);
    expect(three({ isReadOnly: true }).press('j', 'enter', 'enter').state.typingInto).toBeUndefined();
  });

  test('lines and backspaces; whoever has scrolled back reads on undisturbed', () => {
    const model = three().press('j', 'enter');
    const say = (text: string, id = 1) => model.send({ kind: 'console-text', console: { board: 0, domain: id }, text });
    const lines = () => model.state.boards[0]?.xen?.consoles.get(1)?.lines;
    say('login: rooo');
    say('\b \bt\x1b[6n\r\n# ');
    say('another', 2);
    expect(lines()).toEqual(['login: root', '# ']);
    say('line\n'.repeat(100));
    model.press('k');
    say('more\n');
    expect(model.state.consoleBack).toBe(2);
    expect(model.press('G').state.consoleBack).toBe(0);
  });
});

describe('hands', () => {
  const domains = [{ id: 1, name: 'web' }];
  test.each([
    ['r', 'unpause'],
    ['z', 'pause'],
    ['x', 'shutdown'],
    ['b', 'reboot'],
  ])('%s: %s', (key, action) => {
    const model = three().press('j', key);
    expect(handOf(model)).toEqual({ kind: 'hand', board: 0, hand: { kind: 'domain', action, domains } });
    expect(model.state.boards[0]?.busy).toHaveLength(1);
    expect(handOf(three({ isReadOnly: true }).press('j', key))).toBeUndefined();
  });

  test('destroy asks, and takes all that are marked', () => {
    const model = three().press('j', 'space', 'space', 'ctrl-d');
    expect(model.state.dialog).toMatchObject({ kind: 'confirm', question: 'Destroy web, db?' });
    expect(handOf(model.press('n'))).toBeUndefined();
    expect(handOf(model.press('ctrl-d', 'y'))).toMatchObject({
      hand: { action: 'destroy', domains: [{ id: 1 }, { id: 2 }] },
    });
  });

  test('domain 0 is never meant', () => {
    const model = three().press('ctrl-d');
    expect([model.state.dialog, model.state.message?.text]).toEqual([undefined, "domain 0 is not for 'destroy'"]);
    expect(handOf(model.press('space', 'x'))).toBeUndefined();
  });

  test.each([
    ['pause db', { action: 'pause', domains: [{ id: 2, name: 'db' }] }],
    ['shut 1', { action: 'shutdown', domains }],
    ['reboot', { action: 'reboot', domains: [{ id: 1, name: 'web' }] }],
  ])(':%s', (line, hand) => {
    expect(handOf(three().press('j').type(`:${line}`).press('enter'))).toMatchObject({ hand });
  });

  test('commands for domains that are not there, or for cells', () => {
    const said = (line: string, model = three()) => model.type(`:${line}`).press('enter').state.message?.text;
    expect(said('destroy nobody')).toBe("there is no domain 'nobody'");
    expect(said('pause', new Model().sampled([cell(0, 'root')]))).toBe('pause is for domains');
    expect(said('tab nonsense')).toBe('that is not how tab is called');
  });
});
