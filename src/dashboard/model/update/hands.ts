import { names } from '../hand';
import { currentBoard, shownCells, targets } from '../selectors';
import { busy } from './answers';
import { complain } from './parts';
import type { PickPurpose } from '../dialog';
import type { Step } from '../events';
import type { CellHand, Hand, Target } from '../hand';
import type { State } from '../state';

const ROOT_CELL_ID = 0;

export type AskedHand = CellHand['kind'];

/** A key for a hand: asks what is to be asked, or does it at once. */
export function askForHand(state: State, kind: AskedHand): Step<State> {
  switch (kind) {
    case 'create':
    case 'enable':
      return pick(state, { kind });
    case 'disable':
      return disable(state);
    case 'load':
      return withTargets(state, kind, ([cell]) =>
        cell ? pick(state, { kind: 'load', cell }) : { state, effects: [] },
      );
    case 'start':
    case 'shutdown':
      return withTargets(state, kind, (cells) => perform(state, state.current, { kind, cells }));
    case 'destroy':
      return withTargets(state, kind, (cells) => ask(state, `Destroy ${names(cells)}?`, { kind, cells }));
  }
}

/** Everything but the root cell, which is what remains when Jailhouse is disabled. */
function withTargets(state: State, kind: AskedHand, go: (cells: readonly Target[]) => Step<State>): Step<State> {
  const all = targets(state);
  const cells = all.filter(({ id }) => id !== ROOT_CELL_ID);
  if (cells.length > 0) return go(cells);
  const text = all.length === 0 ? `there is no cell to ${kind}` : `the root cell is not for '${kind}'`;
  const hint = all.length === 0 ? 'n creates one from a .cell file' : 'choose another cell; X disables Jailhouse';
  return { state: complain(state, state.current, { text, hint }), effects: [] };
}

function pick(state: State, purpose: PickPurpose): Step<State> {
  const folder = '.';
  return {
    state: { ...state, dialog: { kind: 'picker', purpose, folder, entries: undefined, index: 0 } },
    effects: [{ kind: 'list', folder }],
  };
}

/** A file was named: an image is loaded, a config is looked at first. */
export function take(state: State, purpose: PickPurpose, path: string): Step<State> {
  if (purpose.kind === 'load') {
    return perform(state, state.current, { kind: 'load', cell: purpose.cell, path, address: 0n });
  }
  return { state, effects: [{ kind: 'check', board: state.current, purpose: purpose.kind, path }] };
}

function disable(state: State): Step<State> {
  const others = (currentBoard(state).sample?.cells ?? []).filter(({ id }) => id !== ROOT_CELL_ID);
  const details = others.length === 0 ? [] : [`These cells end with it: ${names(others)}.`];
  return ask(state, 'Disable Jailhouse?', { kind: 'disable' }, details);
}

export function ask(state: State, question: string, hand: Hand, details: readonly string[] = []): Step<State> {
  const board = state.current;
  return { state: { ...state, dialog: { kind: 'confirm', board, question, details, top: 0, hand } }, effects: [] };
}

export function perform(state: State, board: number, hand: Hand): Step<State> {
  return { state: busy(state, board, hand), effects: [{ kind: 'hand', board, hand }] };
}

/** A cell by what a person types: its name or its id. */
export function cellNamed(state: State, text: string): Target | undefined {
  const cells = currentBoard(state).sample?.cells ?? shownCells(state);
  const cell = cells.find(({ name }) => name === text) ?? cells.find(({ id }) => `${id}` === text);
  return cell && { id: cell.id, name: cell.name };
}
