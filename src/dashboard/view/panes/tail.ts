import { plain } from '../line';
import type { Line } from '../line';

/**
 * The last lines of a text, or those that the person has scrolled back to.
 * @param cursor stands behind the last line, where what is typed appears
 */
export function tailLines(lines: readonly string[], back: number, rows: number, cursor?: string): Line[] {
  const room = Math.max(rows, 0);
  const end = Math.max(lines.length - back, Math.min(room, lines.length));
  const shown = lines.slice(Math.max(end - room, 0), end);
  return shown.map((line, index) =>
    plain(` ${line}${cursor !== undefined && back === 0 && index === shown.length - 1 ? cursor : ''}`),
  );
}
