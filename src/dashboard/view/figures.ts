import type { Glyphs } from './glyphs';

/** A rate in at most six characters: `0.0`, `12.5`, `1250`, `12.5k`, `1.2M`. */
export function rateInWords(perSecond: number | undefined): string {
  if (perSecond === undefined || Number.isNaN(perSecond)) return '-';
  if (perSecond < 99.95) return perSecond.toFixed(1);
  return countInWords(Math.round(perSecond));
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P'];

/** A count in at most six characters; up to 9999 it is exact. */
export function countInWords(count: number): string {
  if (count < 10_000) return `${count}`;
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1)}${UNITS[unit]}`;
}

/** `3d 04:05`, `04:05:06`: never longer than nine characters below a thousand days. */
export function durationInWords(seconds: number): string {
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds) % 60,
  ].map((part) => `${part}`);
  const two = (part: string | undefined) => (part ?? '').padStart(2, '0');
  return days === '0' ? `${two(hours)}:${two(minutes)}:${two(rest)}` : `${days}d ${two(hours)}:${two(minutes)}`;
}

/** `64K`, `1M`, `512M`: exact where a unit divides it, else in hexadecimal. */
export function sizeInWords(bytes: bigint): string {
  for (const [unit, shift] of [
    ['G', 30n],
    ['M', 20n],
    ['K', 10n],
  ] as const) {
    const one = 1n << shift;
    if (bytes >= one && bytes % one === 0n) return `${bytes / one}${unit}`;
  }
  return `0x${bytes.toString(16)}`;
}

/**
 * The last values as a row of small bars, the newest at the right, scaled to the largest one. More values than columns:
 * each column is the mean of some. Where nothing is known it is empty.
 *
 * @param recorded how many values there ever were: columns begin at the same values each time, so that a new value changes
 *   the last column and not all of them
 */
export function sparkline(values: readonly number[], columns: number, recorded: number, { spark }: Glyphs): string {
  if (columns <= 0) return '';
  const perColumn = Math.max(Math.ceil(values.length / columns), 1);
  const means: number[] = [];
  for (let end = values.length; end > 0 && means.length < columns;) {
    const start = means.length === 0 ? end - (recorded % perColumn || perColumn) : end - perColumn;
    const known = values.slice(Math.max(start, 0), end).filter((value) => !Number.isNaN(value));
    means.unshift(known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length);
    end = start;
  }
  const most = Math.max(...means.filter((mean) => !Number.isNaN(mean)), 0);
  return means
    .map((mean) => (Number.isNaN(mean) ? ' ' : barOf(mean, most, spark)))
    .join('')
    .padStart(columns);
}

/** Nothing at all has a bar of its own. */
function barOf(value: number, most: number, spark: readonly string[]): string {
  if (value <= 0 || most <= 0) return spark[0] ?? '';
  const steps = spark.length - 1;
  return spark[Math.max(1, Math.min(Math.ceil((value / most) * steps), steps))] ?? '';
}

/** `####......`: what part of a whole is used. Anything but nothing shows. */
export function gauge(used: number, size: number, columns: number, { full, empty }: Glyphs): string {
  const share = size > 0 ? Math.min(used / size, 1) : 0;
  const count = share > 0 ? Math.max(Math.round(share * columns), 1) : 0;
  return full.repeat(count) + empty.repeat(columns - count);
}
