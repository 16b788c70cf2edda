import { pickerEntries } from '../../model/picker';
import { firstShown } from '../../model/scroll';
import { sizeInWords } from '../figures';
import { left, over, plain, right, styled } from '../line';
import type { PickerDialog } from '../../model/dialog';
import type { Line } from '../line';
import type { Body } from './body';
import { showable } from '../../model/log-buffer';

const NAME_COLUMNS = 50;

/** Files to choose from. The first line says where they are. */
export function pickerBody(dialog: PickerDialog, rows: number): Body {
  const entries = pickerEntries(dialog);
  const top = firstShown(dialog.index, entries.length, rows);
  const files = entries.slice(top, top + rows).map(({ name, isFolder, sizeBytes }, index): Line => {
    const size = isFolder ? '' : sizeInWords(BigInt(sizeBytes)).replace(/^0x.*/, `${sizeBytes}`);
    const line = plain(`${left(` ${showable(name)}${isFolder ? '/' : ''}`, NAME_COLUMNS)} ${right(size, 10)}`);
    return top + index === dialog.index ? over(line, 'cursor') : line;
  });
  const state: Line[] = [
    ...(dialog.entries === undefined ? [plain(' reading...')] : []),
    ...(dialog.problem === undefined ? [] : [[styled(` ${dialog.problem}`, 'problem')]]),
  ];
  return { title: titleOf(dialog), lines: [[styled(showable(dialog.folder), 'strong')], ...files, ...state] };
}

function titleOf({ purpose }: PickerDialog): string {
  switch (purpose.kind) {
    case 'load':
      return `Load which image into ${purpose.cell.name}?`;
    case 'create':
      return 'Create a cell from which config?';
    case 'enable':
      return 'Enable Jailhouse with which system config?';
  }
}
