/** First line of a list that is shown, so that the one with the cursor is among those that are. */
export function firstShown(cursor: number, count: number, rows: number): number {
  if (count <= rows) return 0;
  return Math.max(0, Math.min(cursor - Math.floor(rows / 2), count - rows));
}
