import type { Style } from './style';

/** Text in one style. No control characters, one column a character. */
export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

export type Line = readonly Span[];

export function plain(text: string): Line {
  return [{ text }];
}

export function styled(text: string, style: Style): Span {
  return { text, style };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** Exactly as wide as wanted: cut, or filled with spaces in the style of the last span. */
export function fit(line: Line, columns: number): Line {
  const spans: Span[] = [];
  let left = columns;
  for (const span of line) {
    if (left <= 0) break;
    spans.push(span.text.length > left ? { ...span, text: span.text.slice(0, left) } : span);
    left -= span.text.length;
  }
  return left > 0 ? [...spans, { text: ' '.repeat(left), style: undefined }] : spans;
}

/** One style over what the line has of its own: for the line at the cursor. */
export function over(line: Line, style: Style): Line {
  return line.map(({ text }) => ({ text, style }));
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Exactly as wide as wanted, at the left. */
export function left(text: string, columns: number): string {
  return text.slice(0, columns).padEnd(columns);
}

/** Exactly as wide as wanted, at the right. */
export function right(text: string, columns: number): string {
  return text.slice(0, columns).padStart(columns);
}
