import { names } from '../hand';
import { appendLog, EMPTY_LOG } from '../log-buffer';
import { DOMAIN_0, NEW_XEN } from '../domain';
import { canType, currentBoard, domainTargets, shownConsole, tabOf } from '../selectors';
import { ask, perform } from './hands';
import { complain, say, withBoard } from './parts';
import { withoutHiddenPane } from './panes-shown';
import type { DashboardEvent, Key, Step } from '../events';
import type { DomainAction, Target } from '../hand';
import type { ConsoleRef, XenFigures, XenState } from '../domain';
import type { Problem } from '../problem';
import type { State, Tab } from '../state';

/** Xen is there. Where Jailhouse is not, the domains are what the board is looked at for, until somebody chooses. */
export function xenFound(state: State, index: number): State {
  return withFirstTab(withXen(state, index, (xen) => xen));
}

export function withFirstTab(state: State): State {
  const { xen, sample } = currentBoard(state);
  if (state.tab !== undefined || !xen || sample?.status?.present !== false) return state;
  return inTab(state, 'domains');
}

export function xenSampled(state: State, index: number, figures: XenFigures): State {
  const ids = new Set(figures.domains.map(({ id }) => id));
  return withXen(state, index, (xen) => ({
    ...xen,
    figures,
    problem: undefined,
    marked: new Set([...xen.marked].filter((id) => ids.has(id))),
  }));
}

/** What was known stays, so that it can be read; the view says from when it is. */
export function xenFailed(state: State, index: number, problem: Problem): State {
  return withXen(state, index, (xen) => ({ ...xen, problem }));
}

export function consoleText(state: State, { console, text }: Extract<DashboardEvent, { kind: 'console-text' }>): State {
  const lines = (of: State) => of.boards[console.board]?.xen?.consoles.get(console.domain)?.lines.length ?? 0;
  const next = withXen(state, console.board, (xen) => ({
    ...xen,
    consoles: new Map(xen.consoles).set(console.domain, appendLog(xen.consoles.get(console.domain) ?? EMPTY_LOG, text)),
  }));
  if (state.consoleBack === 0 || !isSame(shownConsole(state), console)) return next;
  // Whoever has scrolled back reads on undisturbed.
  return { ...next, consoleBack: state.consoleBack + Math.max(lines(next) - lines(state), 0) };
}

export function isSame(one: ConsoleRef | undefined, other: ConsoleRef | undefined): boolean {
  return one?.board === other?.board && one?.domain === other?.domain;
}

/** Cells or domains. */
export function chooseTab(state: State, tab: Tab): State {
  if (tab === 'domains' && !currentBoard(state).xen) return say(state, 'there is no Xen on this board');
  return inTab(state, tab);
}

export function otherTab(state: State): State {
  return chooseTab(state, tabOf(state) === 'cells' ? 'domains' : 'cells');
}

function inTab(state: State, tab: Tab): State {
  return withoutHiddenPane({ ...state, tab });
}

export function atDomain(state: State, id: number | undefined): State {
  if (id === undefined || id === currentBoard(state).xen?.cursor) return state;
  return { ...withXen(state, state.current, (xen) => ({ ...xen, cursor: id })), consoleBack: 0 };
}

export function markDomain(state: State, id: number): State {
  return withXen(state, state.current, (xen) => {
    const marked = new Set(xen.marked);
    if (!marked.delete(id)) marked.add(id);
    return { ...xen, marked };
  });
}

export function withoutDomainMarks(state: State): State {
  return withXen(state, state.current, (xen) => ({ ...xen, marked: new Set() }));
}

/** From now on every key but one goes to the domain. */
export function attached(state: State): State {
  if (canType(state)) return { ...state, typingInto: shownConsole(state), consoleBack: 0 };
  if (shownConsole(state) === undefined) return state;
  return say(state, 'what Xen prints has no keyboard: choose another domain than 0 to type into its console');
}

export function typedIntoConsole(state: State, console: ConsoleRef, { sequence }: Key): Step<State> {
  // A domain that is gone takes nothing, and what was meant for it must not be taken for something else.
  const isThere = state.boards[console.board]?.xen?.figures?.domains.some(({ id }) => id === console.domain);
  if (sequence === undefined || !isThere) return { state, effects: [] };
  return { state, effects: [{ kind: 'type', console, text: sequence }] };
}

/** A key for a domain: asks what is to be asked, or does it at once. */
export function askForDomainHand(
  state: State,
  action: DomainAction,
  all: readonly Target[] = domainTargets(state),
): Step<State> {
  const domains = all.filter(({ id }) => id !== DOMAIN_0);
  if (domains.length === 0) {
    const text = all.length === 0 ? `there is no domain to ${action}` : `domain 0 is not for '${action}'`;
    const hint = all.length === 0 ? "'xl create' makes one" : 'all others, and this dashboard, live from it';
    return { state: complain(state, state.current, { text, hint }), effects: [] };
  }
  const hand = { kind: 'domain', action, domains } as const;
  if (action !== 'destroy') return perform(state, state.current, hand);
  return ask(state, `Destroy ${names(domains)}?`, hand, [
    'A domain that is destroyed cannot save anything; x asks it to shut down.',
  ]);
}

/** A domain by what a person types: its name or its id. */
export function domainNamed(state: State, text: string): Target | undefined {
  const domains = currentBoard(state).xen?.figures?.domains ?? [];
  const domain = domains.find(({ name }) => name === text) ?? domains.find(({ id }) => `${id}` === text);
  return domain && { id: domain.id, name: domain.name };
}

function withXen(state: State, index: number, change: (xen: XenState) => XenState): State {
  return withBoard(state, index, (board) => ({ ...board, xen: change(board.xen ?? NEW_XEN) }));
}
