/** First line of a list that is shown, so that the one with the cursor is among those that are. */
export function firstShown(cursor: number, count: number, rows: number): number {
  if (count <= rows) return 0;
  return Math.max(0, Math.min(cursor - Math.floor(rows / 2), count - rows));
}

/** The same of a table, whose cursor is on one of its rows, or on none yet. */
export function firstRowShown<T extends { readonly id: number }>(
  all: readonly T[],
  cursor: T | undefined,
  rows: number,
): number {
  const at = all.findIndex(({ id }) => id === cursor?.id);
  return firstShown(Math.max(at, 0), all.length, rows);
}
