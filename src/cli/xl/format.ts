/**
 * Numbers of CPUs or nodes as the C tool shows them: `all`, `none`, or ranges such as `0,2-3`.
 *
 * @param count how many there are
 */
export function formatSet(numbers: readonly number[], count: number): string {
  const inside = numbers.filter((number) => number < count);
  if (inside.length === count) return 'all';
  if (inside.length === 0) return 'none';
  const ranges: [number, number][] = [];
  for (const number of inside) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** Answers of `--json`, for programs. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one), 2)}\n`;
}

/** What printf shows of a name that is not there. */
export function formatName(name: string | undefined): string {
  return name ?? '(null)';
}
