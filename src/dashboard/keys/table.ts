/** Where a key means something: in a pane, in all of them, in a dialog, or while a domain's console has all others. */
export type Place =
  | 'panes'
  | 'boards'
  | 'cells'
  | 'domains'
  | 'detail'
  | 'log'
  | 'console'
  | 'typing'
  | 'picker'
  | 'confirm'
  | 'help'
  | 'input';

export type Action =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'left'
  | 'right'
  | 'enter'
  | 'back'
  | 'next-pane'
  | 'previous-pane'
  | 'filter'
  | 'command'
  | 'help'
  | 'sort'
  | 'sort-reverse'
  | 'toggle-log'
  | 'toggle-detail'
  | 'next-log'
  | 'previous-log'
  | 'next-cpu'
  | 'all-cpus'
  | 'mark'
  | 'other-tab'
  | 'attach'
  | 'detach'
  | 'pause'
  | 'slower'
  | 'faster'
  | 'redraw'
  | 'quit'
  | 'start'
  | 'shutdown'
  | 'load'
  | 'create'
  | 'destroy'
  | 'enable'
  | 'disable'
  | 'pause-domain'
  | 'unpause'
  | 'reboot'
  | 'yes'
  | 'no';

export interface Binding {
  /** Names of keys: characters, or `up`, `ctrl-d` and the like. The first is the one that is shown. */
  readonly keys: readonly string[];
  readonly action: Action;
  readonly place: Place;
  /** What it does, for `?`. */
  readonly help: string;
  /** One word for the bottom line; absent: not shown there. */
  readonly label?: string;
  /** Changes the board: does not exist when the dashboard may only look. */
  readonly isHand?: boolean;
}

/**
 * Every key there is. What keys do, the `?` screen, the bottom line and docs/dashboard.md come from here; those of k9s and
 * htop where these have one for it.
 */
export const BINDINGS: readonly Binding[] = [
  { keys: ['?'], action: 'help', place: 'panes', help: 'this page', label: 'help' },
  { keys: ['q', 'ctrl-c'], action: 'quit', place: 'panes', help: 'quit', label: 'quit' },
  { keys: ['up', 'k'], action: 'up', place: 'panes', help: 'one line up' },
  { keys: ['down', 'j'], action: 'down', place: 'panes', help: 'one line down' },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', place: 'panes', help: 'one page up' },
  { keys: ['pagedown', 'ctrl-f'], action: 'page-down', place: 'panes', help: 'one page down' },
  { keys: ['g', 'home'], action: 'top', place: 'panes', help: 'to the first line' },
  { keys: ['G', 'end'], action: 'bottom', place: 'panes', help: 'to the last line; a log follows its end again' },
  { keys: ['enter'], action: 'enter', place: 'panes', help: 'look at what is under the cursor', label: 'open' },
  { keys: ['escape'], action: 'back', place: 'panes', help: 'back: drops marks, filter, message' },
  { keys: ['tab'], action: 'next-pane', place: 'panes', help: 'to the next pane', label: 'pane' },
  { keys: ['shift-tab'], action: 'previous-pane', place: 'panes', help: 'to the pane before' },
  { keys: ['/'], action: 'filter', place: 'panes', help: 'only those with this in their name', label: 'filter' },
  { keys: [':'], action: 'command', place: 'panes', help: 'type a command; :help lists them', label: 'command' },
  { keys: ['s'], action: 'sort', place: 'panes', help: 'sort by the next column', label: 'sort' },
  { keys: ['S'], action: 'sort-reverse', place: 'panes', help: 'sort the other way round' },
  { keys: ['l'], action: 'toggle-log', place: 'panes', help: 'log pane, or console, on and off', label: 'log' },
  { keys: ['d'], action: 'toggle-detail', place: 'panes', help: 'detail pane on and off', label: 'detail' },
  { keys: [']'], action: 'next-log', place: 'panes', help: 'next log: hypervisor, kernel, events, UARTs' },
  { keys: ['['], action: 'previous-log', place: 'panes', help: 'log before' },
  { keys: ['t'], action: 'other-tab', place: 'panes', help: 'cells, or the domains where Xen is' },
  { keys: ['p'], action: 'pause', place: 'panes', help: 'pause sampling, and go on', label: 'pause' },
  { keys: ['+', '='], action: 'slower', place: 'panes', help: 'longer interval between samples' },
  { keys: ['-'], action: 'faster', place: 'panes', help: 'shorter interval between samples' },
  { keys: ['ctrl-l'], action: 'redraw', place: 'panes', help: 'draw the whole screen again' },

  { keys: ['space'], action: 'mark', place: 'cells', help: 'mark the cell: what comes next is for all marked ones' },
  { keys: ['left', 'h'], action: 'left', place: 'cells', help: 'columns to the left' },
  { keys: ['right'], action: 'right', place: 'cells', help: 'columns to the right' },
  { keys: ['r'], action: 'start', place: 'cells', help: 'run (start) the cell', label: 'run', isHand: true },
  { keys: ['x'], action: 'shutdown', place: 'cells', help: 'shut the cell down', label: 'shut down', isHand: true },
  { keys: ['o'], action: 'load', place: 'cells', help: 'load an image from a file', label: 'load', isHand: true },
  { keys: ['n'], action: 'create', place: 'cells', help: 'new cell from a .cell file', label: 'new', isHand: true },
  { keys: ['ctrl-d'], action: 'destroy', place: 'cells', help: 'destroy the cell (asks)', isHand: true },
  { keys: ['E'], action: 'enable', place: 'cells', help: 'enable Jailhouse with a system config', isHand: true },
  { keys: ['X'], action: 'disable', place: 'cells', help: 'disable Jailhouse (asks)', isHand: true },

  {
    keys: ['space'],
    action: 'mark',
    place: 'domains',
    help: 'mark the domain: what comes next is for all marked ones',
  },
  { keys: ['r'], action: 'unpause', place: 'domains', help: 'unpause the domain', label: 'run', isHand: true },
  { keys: ['z'], action: 'pause-domain', place: 'domains', help: 'pause the domain', label: 'pause', isHand: true },
  { keys: ['x'], action: 'shutdown', place: 'domains', help: 'ask it to shut down', label: 'shut down', isHand: true },
  { keys: ['b'], action: 'reboot', place: 'domains', help: 'ask it to reboot', label: 'reboot', isHand: true },
  { keys: ['ctrl-d'], action: 'destroy', place: 'domains', help: 'destroy the domain (asks)', isHand: true },

  { keys: ['enter'], action: 'attach', place: 'console', help: 'type into it', label: 'type', isHand: true },

  { keys: ['ctrl-]'], action: 'detach', place: 'typing', help: 'leave it: keys are ours again', label: 'leave' },

  { keys: ['c'], action: 'next-cpu', place: 'detail', help: 'counters of the next CPU', label: 'next CPU' },
  { keys: ['a'], action: 'all-cpus', place: 'detail', help: 'counters of all CPUs', label: 'all CPUs' },

  { keys: ['right'], action: 'next-log', place: 'log', help: 'next log' },
  { keys: ['left', 'h'], action: 'previous-log', place: 'log', help: 'log before' },

  { keys: ['up', 'k'], action: 'up', place: 'picker', help: 'one file up' },
  { keys: ['down', 'j'], action: 'down', place: 'picker', help: 'one file down' },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', place: 'picker', help: 'one page up' },
  { keys: ['pagedown', 'ctrl-f'], action: 'page-down', place: 'picker', help: 'one page down' },
  { keys: ['g', 'home'], action: 'top', place: 'picker', help: 'to the first file' },
  { keys: ['G', 'end'], action: 'bottom', place: 'picker', help: 'to the last file' },
  { keys: ['enter'], action: 'enter', place: 'picker', help: 'take the file, open the folder', label: 'take' },
  { keys: ['left', 'h', 'backspace'], action: 'left', place: 'picker', help: 'folder above', label: 'folder above' },
  { keys: ['escape', 'q', 'ctrl-c'], action: 'back', place: 'picker', help: 'take nothing', label: 'cancel' },

  { keys: ['y'], action: 'yes', place: 'confirm', help: 'do it', label: 'yes' },
  { keys: ['n', 'escape', 'enter', 'q', 'ctrl-c'], action: 'no', place: 'confirm', help: 'do nothing', label: 'no' },
  { keys: ['up', 'k'], action: 'up', place: 'confirm', help: 'scroll up' },
  { keys: ['down', 'j'], action: 'down', place: 'confirm', help: 'scroll down' },

  { keys: ['up', 'k'], action: 'up', place: 'help', help: 'scroll up' },
  { keys: ['down', 'j'], action: 'down', place: 'help', help: 'scroll down' },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', place: 'help', help: 'one page up' },
  { keys: ['pagedown', 'ctrl-f', 'space'], action: 'page-down', place: 'help', help: 'one page down' },
  { keys: ['escape', 'q', '?', 'enter', 'ctrl-c'], action: 'back', place: 'help', help: 'close', label: 'close' },

  { keys: ['enter'], action: 'enter', place: 'input', help: 'take it', label: 'take' },
  { keys: ['escape', 'ctrl-c'], action: 'back', place: 'input', help: 'cancel', label: 'cancel' },
];

/** Places that have the keys of all panes, too. */
export const PANES: ReadonlySet<Place> = new Set(['boards', 'cells', 'domains', 'detail', 'log', 'console']);

/** What a key does at a place; undefined: nothing. A pane's own keys come before those of all panes. */
export function actionOf(key: string, place: Place, isReadOnly: boolean): Action | undefined {
  const places: readonly Place[] = PANES.has(place) ? [place, 'panes'] : [place];
  for (const where of places) {
    const found = bindingsAt(where, isReadOnly).find(({ keys }) => keys.includes(key));
    if (found) return found.action;
  }
  return undefined;
}

export function bindingsAt(place: Place, isReadOnly: boolean): readonly Binding[] {
  return BINDINGS.filter((one) => one.place === place && !(isReadOnly && one.isHand));
}
