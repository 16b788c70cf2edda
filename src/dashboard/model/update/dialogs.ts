import { posix } from 'node:path';
import { detailRows, detailsOf, dialogColumns } from '../confirm';
import { helpPage } from '../help-page';
import { dialogRows } from '../layout';
import { pickerEntries } from '../picker';
import { perform, take } from './hands';
import { clamp } from './parts';
import { run } from './commands';
import type { Action } from '../../keys/table';
import type { ConfirmDialog, Dialog, HelpDialog, InputDialog, PickerDialog } from '../dialog';
import type { Key, Step } from '../events';
import type { State } from '../state';

/** What an action does in the dialog in front. */
export function actInDialog(state: State, dialog: Dialog, action: Action): Step<State> {
  switch (dialog.kind) {
    case 'help':
      return only(inHelp(state, dialog, action));
    case 'confirm':
      return inConfirm(state, dialog, action);
    case 'picker':
      return inPicker(state, dialog, action);
    case 'input':
      return inInput(state, dialog, action);
  }
}

function inHelp(state: State, dialog: HelpDialog, action: Action): State {
  if (action === 'back') return closed(state);
  const last = Math.max(helpPage(state.isReadOnly).length - dialogRows(state), 0);
  return { ...state, dialog: { ...dialog, top: clamp(dialog.top + rowsOf(action, dialogRows(state)), 0, last) } };
}

function inConfirm(state: State, dialog: ConfirmDialog, action: Action): Step<State> {
  if (action === 'yes') return perform(closed(state), dialog.board, dialog.hand);
  if (action === 'no') return only(closed(state));
  const page = detailRows(state);
  const last = Math.max(detailsOf(dialog, dialogColumns(state)).length - page, 0);
  return only({ ...state, dialog: { ...dialog, top: clamp(dialog.top + rowsOf(action, page), 0, last) } });
}

function inPicker(state: State, dialog: PickerDialog, action: Action): Step<State> {
  const entries = pickerEntries(dialog);
  switch (action) {
    case 'back':
      return only(closed(state));
    case 'left':
      return inFolder(state, dialog, posix.join(dialog.folder, '..'));
    case 'enter': {
      const entry = entries[dialog.index];
      if (!entry) return only(state);
      const path = posix.join(dialog.folder, entry.name);
      return entry.isFolder ? inFolder(state, dialog, path) : take(closed(state), dialog.purpose, path);
    }
    default: {
      const index = clamp(dialog.index + rowsOf(action, dialogRows(state)), 0, Math.max(entries.length - 1, 0));
      return only({ ...state, dialog: { ...dialog, index } });
    }
  }
}

function inFolder(state: State, dialog: PickerDialog, folder: string): Step<State> {
  return {
    state: { ...state, dialog: { ...dialog, folder, entries: undefined, index: 0, problem: undefined } },
    effects: [{ kind: 'list', folder }],
  };
}

function inInput(state: State, dialog: InputDialog, action: Action): Step<State> {
  if (action === 'back') return only({ ...closed(state), filter: dialog.before });
  if (dialog.purpose === 'filter') return only({ ...closed(state), filter: dialog.text });
  return run(closed(state), dialog.text);
}

/** A key that means nothing else is text. A filter works while it is typed. */
export function typed(state: State, dialog: InputDialog, key: Key): Step<State> {
  const text = edited(dialog.text, key);
  if (text === dialog.text) return only(state);
  const next = { ...state, dialog: { ...dialog, text } };
  return only(dialog.purpose === 'filter' ? { ...next, filter: text } : next);
}

function edited(text: string, key: Key): string {
  if (key.name === 'backspace') return text.slice(0, -1);
  if (key.name === 'ctrl-u') return '';
  if (key.name === 'ctrl-w') return text.replace(/\S*\s*$/, '');
  return key.text === undefined ? text : text + key.text;
}

function rowsOf(action: Action, page: number): number {
  const rows: Partial<Record<Action, number>> = {
    up: -1,
    down: 1,
    'page-up': -page,
    'page-down': page,
    top: -Infinity,
    bottom: Infinity,
  };
  return rows[action] ?? 0;
}

function closed(state: State): State {
  return { ...state, dialog: undefined };
}

function only(state: State): Step<State> {
  return { state, effects: [] };
}
