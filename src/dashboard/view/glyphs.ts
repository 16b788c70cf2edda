/** What things are drawn with. */
export interface Glyphs {
  readonly rule: string;
  readonly separator: string;
  readonly cursor: string;
  readonly mark: string;
  readonly full: string;
  readonly empty: string;
  /** From nothing to the most. */
  readonly spark: readonly string[];
  readonly corners: readonly [string, string, string, string];
  readonly side: string;
  readonly descending: string;
  readonly ascending: string;
}

const UNICODE: Glyphs = {
  rule: '─',
  separator: '│',
  cursor: '>',
  mark: '*',
  full: '█',
  empty: '·',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  corners: ['┌', '┐', '└', '┘'],
  side: '│',
  descending: '↓',
  ascending: '↑',
};

const ASCII: Glyphs = {
  rule: '-',
  separator: '|',
  cursor: '>',
  mark: '*',
  full: '#',
  empty: '.',
  spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
  corners: ['+', '+', '+', '+'],
  side: '|',
  descending: 'v',
  ascending: '^',
};

export function glyphsOf(isUtf8: boolean): Glyphs {
  return isUtf8 ? UNICODE : ASCII;
}

/** What the locale says, by the variables and in the order of locale(7). */
export function isUtf8Locale(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}
