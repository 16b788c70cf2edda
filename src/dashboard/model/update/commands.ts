import { SORT_COLUMNS, TABS } from '../state';
import { currentBoard, logNames, tabOf } from '../selectors';
import { askForHand, cellNamed, perform, take } from './hands';
import { complain } from './parts';
import { act, atBoard, sampling } from './panes';
import { askForDomainHand, chooseTab, domainNamed } from './xen';
import type { Step } from '../events';
import type { DomainAction } from '../hand';
import type { State } from '../state';

interface Command {
  readonly name: string;
  /** What stands behind it, for people. */
  readonly takes: string;
  readonly help: string;
  readonly isHand?: boolean;
  /** Undefined: it was not called as it has to be. */
  run(state: State, args: readonly string[]): Step<State> | undefined;
}

/** What `:` takes. Each can be shortened, as long as it stays one command. */
export const COMMANDS: readonly Command[] = [
  { name: 'help', takes: '', help: 'all keys', run: (state) => act(state, 'help') },
  { name: 'quit', takes: '', help: 'leave', run: (state) => act(state, 'quit') },
  { name: 'board', takes: 'NAME', help: 'look at another board', run: board },
  { name: 'log', takes: 'NAME', help: 'show a log', run: log },
  { name: 'filter', takes: '[TEXT]', help: 'only those with this in their name', run: filter },
  { name: 'tab', takes: TABS.join('|'), help: 'Jailhouse’s cells, or Xen’s domains', run: tab },
  { name: 'sort', takes: SORT_COLUMNS.join('|'), help: 'sort cells or domains; exits: by their cost', run: sort },
  { name: 'interval', takes: 'SECONDS', help: 'time between samples', run: interval },
  { name: 'start', takes: '[CELL]', help: 'run a cell', isHand: true, run: onCell('start') },
  { name: 'shutdown', takes: '[NAME]', help: 'shut a cell or a domain down', isHand: true, run: onCell('shutdown') },
  { name: 'destroy', takes: '[NAME]', help: 'destroy a cell or a domain (asks)', isHand: true, run: onCell('destroy') },
  { name: 'pause', takes: '[DOMAIN]', help: 'pause a domain', isHand: true, run: onDomain('pause') },
  { name: 'unpause', takes: '[DOMAIN]', help: 'let a domain run on', isHand: true, run: onDomain('unpause') },
  { name: 'reboot', takes: '[DOMAIN]', help: 'ask a domain to reboot', isHand: true, run: onDomain('reboot') },
  { name: 'load', takes: 'CELL IMAGE [ADDRESS]', help: 'load an image', isHand: true, run: load },
  { name: 'create', takes: '[FILE]', help: 'new cell from a .cell file', isHand: true, run: onFile('create') },
  { name: 'enable', takes: '[FILE]', help: 'enable Jailhouse', isHand: true, run: onFile('enable') },
  {
    name: 'disable',
    takes: '',
    help: 'disable Jailhouse (asks)',
    isHand: true,
    run: (state) => askForHand(state, 'disable'),
  },
];

/** Runs a line that was typed behind the colon. */
export function run(state: State, line: string): Step<State> {
  const [word = '', ...args] = line.trim().split(/\s+/);
  if (word === '') return only(state);
  const known = COMMANDS.filter(({ isHand }) => !(isHand && state.isReadOnly));
  const exact = known.find(({ name }) => name === word);
  const meant = exact ? [exact] : known.filter(({ name }) => name.startsWith(word));
  const [command] = meant;
  if (!command || meant.length > 1) {
    const text = meant.length > 1 ? `'${word}' can be several commands` : `there is no command '${word}'`;
    return refused(state, text, `commands: ${(meant.length > 1 ? meant : known).map(({ name }) => name).join(' ')}`);
  }
  const usage = `:${command.name} ${command.takes}`.trimEnd();
  return (
    command.run(state, args) ?? refused(state, `that is not how ${command.name} is called`, `${usage}: ${command.help}`)
  );
}

function board(state: State, [name]: readonly string[]): Step<State> | undefined {
  const index = state.boards.findIndex((one) => one.name === name);
  if (name !== undefined && index === -1) {
    return refused(state, `there is no board '${name}' here`, state.boards.map((one) => one.name).join(' '));
  }
  return name === undefined ? undefined : only(atBoard(state, index));
}

function log(state: State, [name]: readonly string[]): Step<State> | undefined {
  const logs = logNames(currentBoard(state));
  if (name === undefined) return undefined;
  if (!logs.includes(name)) return refused(state, `there is no log '${name}'`, `logs: ${logs.join(' ')}`);
  return only({ ...state, logSource: name, logBack: 0, isLogShown: true });
}

function filter(state: State, [text = '']: readonly string[]): Step<State> {
  return only({ ...state, filter: text });
}

function tab(state: State, [word]: readonly string[]): Step<State> | undefined {
  const found = TABS.find((one) => one === word);
  return found && only(chooseTab(state, found));
}

function sort(state: State, [word]: readonly string[]): Step<State> | undefined {
  const column = SORT_COLUMNS.find((one) => one === word);
  return column && only({ ...state, sort: { column, isDescending: column === 'exits' } });
}

const MIN_INTERVAL_MS = 100;

function interval(state: State, [text = '']: readonly string[]): Step<State> | undefined {
  const match = /^(\d+(?:\.\d+)?)s?$/.exec(text);
  const intervalMs = Math.round(Number(match?.[1]) * 1000);
  return intervalMs >= MIN_INTERVAL_MS ? sampling({ ...state, intervalMs }) : undefined;
}

function onCell(kind: 'start' | 'shutdown' | 'destroy'): Command['run'] {
  return (state, args) => {
    if (kind !== 'start' && tabOf(state) === 'domains') return onDomain(kind)(state, args);
    const [name] = args;
    if (name === undefined) return askForHand(state, kind);
    const cell = cellNamed(state, args.join(' '));
    if (!cell) return refused(state, `there is no cell '${args.join(' ')}'`);
    if (kind !== 'destroy') return perform(state, state.current, { kind, cells: [cell] });
    const marked = { ...currentBoard(state), marked: new Set([cell.id]) };
    const boards = state.boards.map((one, at) => (at === state.current ? marked : one));
    return askForHand({ ...state, boards, filter: '' }, kind);
  };
}

function onDomain(action: DomainAction): Command['run'] {
  return (state, args) => {
    if (tabOf(state) !== 'domains')
      return refused(state, `${action} is for domains`, ':tab domains shows those of Xen');
    if (args.length === 0) return askForDomainHand(state, action);
    const domain = domainNamed(state, args.join(' '));
    if (!domain) return refused(state, `there is no domain '${args.join(' ')}'`);
    return askForDomainHand(state, action, [domain]);
  };
}

function load(state: State, [name = '', path, address = '0']: readonly string[]): Step<State> | undefined {
  if (path === undefined || !/^(?:0x[0-9a-f]+|\d+)$/i.test(address)) return undefined;
  const cell = cellNamed(state, name);
  if (!cell) return refused(state, `there is no cell '${name}'`);
  return perform(state, state.current, { kind: 'load', cell, path, address: BigInt(address) });
}

function onFile(kind: 'create' | 'enable'): Command['run'] {
  return (state, args) => (args.length === 0 ? askForHand(state, kind) : take(state, { kind }, args.join(' ')));
}

function refused(state: State, text: string, hint?: string): Step<State> {
  return only(complain(state, state.current, { text, hint }));
}

function only(state: State): Step<State> {
  return { state, effects: [] };
}
