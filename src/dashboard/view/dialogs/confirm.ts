import { detailRows, detailsOf, dialogColumns } from '../../model/confirm';
import { currentBoard } from '../../model/selectors';
import { plain, styled } from '../line';
import type { ConfirmDialog } from '../../model/dialog';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Body } from './body';

/** A question that only `y` says yes to. What is done to real hardware says so. */
export function confirmBody(state: State, dialog: ConfirmDialog): Body {
  const { question, top, board } = dialog;
  const details = detailsOf(dialog, dialogColumns(state));
  const { name, backend } = state.boards[board] ?? currentBoard(state);
  const where = backend === 'emulated' ? `on the emulated board ${name}` : `on ${name}, real hardware`;
  const room = detailRows(state);
  const shown = details.slice(top, top + room);
  const lines: Line[] = [
    ...shown.map((text) => plain(text)),
    ...(details.length > room
      ? [[styled(`lines ${top + 1} to ${top + shown.length} of ${details.length}; j and k scroll`, 'dim')]]
      : []),
    ...(details.length > 0 ? [[]] : []),
    [styled(question, 'strong'), { text: ` (${where})` }],
    [styled(' y ', 'key'), { text: ' yes   ' }, styled(' n ', 'key'), { text: ' no' }],
  ];
  return { title: 'Sure?', lines };
}
