/** A thread is a CPU of the cell. GDB's numbers begin at 1, for 0 means any thread. */

export function threadOf(cpu: number): string {
  return (cpu + 1).toString(16);
}

/** A CPU, or all of them, or whichever; undefined for what is no thread id. */
export function parseThread(text: string): number | 'all' | 'any' | undefined {
  if (text === '-1') return 'all';
  if (text === '0') return 'any';
  return /^[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) - 1 : undefined;
}
