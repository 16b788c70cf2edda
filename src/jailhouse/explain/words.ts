import type { Cell } from '../cell';

/** `"gic-demo" (id 1)` */
export function showCell(cell: Cell): string {
  return `${JSON.stringify(cell.name)} (id ${cell.id})`;
}

/** `0 "imx8mq", 1 "gic-demo"` */
export function showCells(cells: readonly Cell[]): string {
  return cells.map(({ id, name }) => `${id} ${JSON.stringify(name)}`).join(', ');
}

/** `a`, `a and b`, `a, b and c` */
export function listWords(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `CPU 3`, `CPUs 2 and 3` */
export function showCpus(cpus: readonly number[]): string {
  return `CPU${cpus.length === 1 ? '' : 's'} ${listWords(cpus)}`;
}

/** `CPU 3 is offline`, `CPUs 2 and 3 are offline` need the verb in the right number. */
export function verb(count: number, one: string, more: string): string {
  return count === 1 ? one : more;
}

export const NOT_ENABLED = 'Jailhouse is not enabled; enable it first: jailhouse enable SYSCONFIG';

export const NO_DRIVER =
  'the Jailhouse driver is not loaded: insmod jailhouse.ko, or set CELLVISOR_BACKEND=emulated to use an emulated board';
