import { tabOf } from '../selectors';
import { PANES } from '../state';
import type { Pane, State } from '../state';

/** Those that the person wants to see, in the order in which Tab goes round. */
export function visiblePanes(state: State): Pane[] {
  const tab = tabOf(state);
  const isShown: Readonly<Record<Pane, boolean>> = {
    boards: state.boards.length > 1,
    cells: tab === 'cells',
    domains: tab === 'domains',
    detail: tab === 'cells' && state.isDetailShown,
    log: tab === 'cells' && state.isLogShown,
    console: tab === 'domains' && state.isLogShown,
  };
  return PANES.filter((pane) => isShown[pane]);
}

/** The keys go to a pane that is there. */
export function withoutHiddenPane(state: State): State {
  return visiblePanes(state).includes(state.pane) ? state : { ...state, pane: tabOf(state) };
}
