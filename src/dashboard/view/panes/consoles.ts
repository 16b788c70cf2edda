import { DOMAIN_0 } from '../../model/domain';
import { canType, shownConsole } from '../../model/selectors';
import { plain, styled } from '../line';
import { titleLine } from '../paper';
import { tailLines } from './tail';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Paper } from '../paper';

/** The end of what a domain prints, or what the person has scrolled back to. Beside domain 0 it is what Xen itself prints. */
export function consoleLines(state: State, paper: Paper): Line[] {
  const isFocused = state.pane === 'console';
  const console = shownConsole(state);
  if (!console) return [titleLine('Console', 'no domain', isFocused, paper)];
  const xen = state.boards[console.board]?.xen;
  const lines = xen?.consoles.get(console.domain)?.lines ?? [];
  const back = state.consoleBack > 0 ? `  ${state.consoleBack} lines back, G follows` : '';
  const title = titleLine('Console', `${whoseWords(state)}${back}`, isFocused, paper);
  return [
    state.typingInto ? [styled(` TYPING: Ctrl-] leaves `, 'key'), ...title] : title,
    ...tailLines(lines, state.consoleBack, paper.rows - 1, state.typingInto ? paper.glyphs.full : undefined),
    ...(lines.length === 0 ? [plain(' (nothing yet)')] : []),
  ];
}

function whoseWords(state: State): string {
  const console = shownConsole(state);
  if (!console || console.domain === DOMAIN_0) return 'what Xen prints';
  const domain = state.boards[console.board]?.xen?.figures?.domains.find(({ id }) => id === console.domain);
  const name = domain ? `${domain.id} ${domain.name}` : `${console.domain} is gone`;
  return state.pane === 'console' && !state.typingInto && canType(state) ? `${name}, Enter types` : name;
}
