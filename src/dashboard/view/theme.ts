import type { Line } from './line';
import type { Style } from './style';

/** Select-graphic-rendition parameters: of the 16 colours that every colour terminal has. */
type Theme = Readonly<Record<Style, string>>;

const COLOURS: Theme = {
  title: '36',
  focused: '1;36',
  head: '4',
  dim: '90',
  strong: '1',
  cursor: '7',
  mark: '1;33',
  running: '32',
  locked: '36',
  down: '33',
  failed: '1;31',
  emulated: '30;43',
  hardware: '1;32',
  problem: '1;31',
  hint: '33',
  key: '7',
  figure: '36',
  cell0: '30;46',
  cell1: '30;42',
  cell2: '30;45',
  cell3: '30;44',
  cell4: '30;43',
  cell5: '37;41',
};

/** https://no-color.org: no colour at all; what has to stand out is bold, inverse or underlined. */
const NO_COLOURS: Theme = {
  title: '',
  focused: '1;7',
  head: '4',
  dim: '',
  strong: '1',
  cursor: '7',
  mark: '1',
  running: '',
  locked: '',
  down: '',
  failed: '1',
  emulated: '1;7',
  hardware: '1',
  problem: '1',
  hint: '',
  key: '7',
  figure: '',
  cell0: '',
  cell1: '7',
  cell2: '',
  cell3: '7',
  cell4: '',
  cell5: '7',
};

/** Of eight colours the dark grey would be black: invisible. */
const FEW_COLOURS: Theme = { ...COLOURS, dim: '' };

/** @param colours how many the terminal has, and is wanted to show */
export function themeOf(colours: number): Theme {
  if (colours < 8) return NO_COLOURS;
  return colours < 16 ? FEW_COLOURS : COLOURS;
}

export type { Theme };

/** A line with its styles as escape sequences. */
export function paint(line: Line, theme: Theme): string {
  return line
    .map(({ text, style }) => {
      const code = style === undefined ? '' : theme[style];
      return code === '' ? text : `\x1b[${code}m${text}\x1b[0m`;
    })
    .join('');
}
