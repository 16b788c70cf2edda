import { keyPressed } from './keys';
import { clicked, wheeled } from './mouse';
import { connectionChanged, linkChanged, logged, logOpened, sampled } from './feeds';
import { checked, failed, folderFailed, folderRead, handDone } from './answers';
import { withBoard } from './parts';
import { consoleText, isSame, xenFailed, xenFound, xenSampled } from './xen';
import { shownConsole } from '../selectors';
import type { DashboardEvent, Step } from '../events';
import type { State } from '../state';

/** The whole behaviour of the dashboard: what an event makes of the state, and what is to be done because of it. */
export function update(state: State, event: DashboardEvent): Step<State> {
  const step = afterEvent(state, event);
  const console = shownConsole(step.state);
  if (isSame(shownConsole(state), console)) return step;
  return { ...step, effects: [...step.effects, { kind: 'console', console }] };
}

function afterEvent(state: State, event: DashboardEvent): Step<State> {
  switch (event.kind) {
    case 'key':
      return keyPressed(state, event.key);
    case 'click':
      return clicked(state, event);
    case 'wheel':
      return wheeled(state, event);
    case 'resized':
      return only({ ...state, columns: event.columns, rows: event.rows });
    case 'tick':
      return only({ ...state, nowMs: event.nowMs });
    case 'sampled':
      return only(sampled(state, event.board, event.sample));
    case 'connection':
      return only(connectionChanged(state, event.board, event.connection));
    case 'link':
      return only(linkChanged(state, event));
    case 'configs':
      return only(withBoard(state, event.board, (board) => ({ ...board, configs: event.configs })));
    case 'logged':
      return only(logged(state, event.board, event.log, event.text));
    case 'log-opened':
      return only(logOpened(state, event.board, event.log));
    case 'xen-found':
      return only(xenFound(state, event.board));
    case 'xen-sampled':
      return only(xenSampled(state, event.board, event.figures));
    case 'xen-failed':
      return only(xenFailed(state, event.board, event.problem));
    case 'console-text':
      return only(consoleText(state, event));
    case 'folder':
      return only(folderRead(state, event.folder, event.entries));
    case 'folder-failed':
      return only(folderFailed(state, event.folder, event.problem));
    case 'checked':
      return only(checked(state, event));
    case 'hand-done':
      return only(handDone(state, event.board, event.hand));
    case 'failed':
      return only(failed(state, event));
  }
}

function only(state: State): Step<State> {
  return { state, effects: [] };
}
