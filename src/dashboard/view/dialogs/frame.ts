import { fit } from '../line';
import type { Line } from '../line';
import type { Glyphs } from '../glyphs';

/** Lines in a box with a title, exactly as large as wanted. */
export function framed(title: string, lines: readonly Line[], columns: number, rows: number, glyphs: Glyphs): Line[] {
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const inner = Math.max(columns - 4, 0);
  const shown = ` ${title} `.slice(0, Math.max(columns - 3, 0));
  const top = `${topLeft}${glyphs.rule}${shown}${glyphs.rule.repeat(Math.max(columns - 3 - shown.length, 0))}${topRight}`;
  return [
    [{ text: top, style: 'focused' }],
    ...Array.from({ length: Math.max(rows - 2, 0) }, (_, row): Line => [
      { text: `${glyphs.side} `, style: 'focused' },
      ...fit(lines[row] ?? [], inner),
      { text: ` ${glyphs.side}`, style: 'focused' },
    ]),
    [{ text: `${bottomLeft}${glyphs.rule.repeat(Math.max(columns - 2, 0))}${bottomRight}`, style: 'focused' }],
  ];
}
