import { helpPage } from '../../model/help-page';
import { styled } from '../line';
import type { HelpDialog } from '../../model/dialog';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Body } from './body';

const KEY_COLUMNS = 26;

export function helpBody({ isReadOnly }: State, { top }: HelpDialog, rows: number): Body {
  const all = helpPage(isReadOnly).map(({ keys, text }): Line =>
    keys === undefined ? [styled(text, 'strong')] : [styled(keys.padEnd(KEY_COLUMNS), 'figure'), { text: ` ${text}` }],
  );
  const first = Math.min(top, Math.max(all.length - rows, 0));
  const where = all.length > rows ? `, lines ${first + 1} to ${first + rows} of ${all.length}` : '';
  return { title: `Keys and commands${where}`, lines: all.slice(first, first + rows) };
}
