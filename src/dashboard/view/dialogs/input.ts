import { styled } from '../line';
import type { InputDialog } from '../../model/dialog';
import type { Line } from '../line';

/** One line to type in; its end is shown when it is longer than the screen. */
export function inputLine({ purpose, text }: InputDialog, columns: number): Line {
  const sign = purpose === 'filter' ? '/' : ':';
  const room = Math.max(columns - 3, 1);
  return [styled(` ${sign}`, 'focused'), { text: text.slice(-room) }, styled(' ', 'cursor')];
}
