/** Exit code of both programs for everything that goes wrong: exit(-1) in C. */
export const EXIT_UIO_ERROR = 255;

/** atol(3): what stands there as a decimal number, garbage is 0. */
export function atol(text: string): number {
  return Number(/^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1] ?? 0);
}

/** Milliseconds of `250`, `250ms`, `1s` or `0.5s`. */
export function parseInterval(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : undefined;
}
