import type { Line } from '../line';

/** The contents of a box before it has a frame. */
export interface Body {
  readonly title: string;
  readonly lines: readonly Line[];
}
