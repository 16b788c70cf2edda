import { actionOf } from '../../keys/table';
import { placeOf } from '../selectors';
import { actInDialog, typed } from './dialogs';
import { act } from './panes';
import { typedIntoConsole } from './xen';
import type { Key, Step } from '../events';
import type { State } from '../state';

/** A key press: the dialog in front has it, else the pane. */
export function keyPressed(state: State, key: Key): Step<State> {
  const action = actionOf(key.name, placeOf(state), state.isReadOnly);
  if (state.dialog?.kind === 'input' && action === undefined) return typed(state, state.dialog, key);
  if (!state.dialog && state.typingInto && action === undefined) return typedIntoConsole(state, state.typingInto, key);
  if (action === undefined) return { state, effects: [] };
  // What was said has been read.
  const read = state.message === undefined ? state : { ...state, message: undefined };
  return state.dialog ? actInDialog(read, state.dialog, action) : act(read, action);
}
