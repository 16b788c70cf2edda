import type { Glyphs } from './glyphs';
import type { Line } from './line';

/** What a pane is drawn on. */
export interface Paper {
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;
}

/** The rule above a pane: its name, what there is to know, and by its style whether it has the keys. */
export function titleLine(title: string, rest: string, isFocused: boolean, { columns, glyphs }: Paper): Line {
  const style = isFocused ? 'focused' : 'title';
  const text = rest === '' ? ` ${title} ` : ` ${title} ${glyphs.rule} ${rest} `;
  const shown = text.slice(0, Math.max(columns - 2, 0));
  return [
    { text: glyphs.rule, style },
    { text: shown, style },
    { text: glyphs.rule.repeat(Math.max(columns - 1 - shown.length, 0)), style },
  ];
}
