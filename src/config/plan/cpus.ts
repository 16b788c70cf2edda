import { cannot } from '../create/create-error';
import type { Cpu } from '../create/cpus';
import type { Wish } from './wish';

/** Linux in the root cell boots on it and keeps it. */
const BOOT_CPU = 0;

/**
 * CPUs for each wish, by name. Where a wish does not say which, an inmate gets those of the cluster that Linux boots on, as
 * NXP's demos do, and a second Linux those of another cluster where there is one.
 *
 * @throws CellvisorError `E_CREATE_CPUS`
 */
export function planCpus(wishes: readonly Wish[], cpus: readonly Cpu[]): Map<string, number[]> {
  const taken = new Map<number, string>();
  const planned = new Map<string, number[]>();
  const give = (name: string, numbers: readonly number[]) => {
    for (const number of numbers) taken.set(number, name);
    planned.set(
      name,
      [...numbers].sort((a, b) => a - b),
    );
  };
  for (const { name, cpus: wanted } of wishes) {
    if (wanted === undefined) continue;
    for (const number of wanted) {
      requireThere(number, name, cpus);
      const owner = taken.get(number);
      if (owner !== undefined) {
        throw cannot('E_CREATE_CPUS', `cells '${owner}' and '${name}' both want CPU ${number}`);
      }
    }
    give(name, wanted);
  }
  for (const wish of wishes.filter((one) => one.cpus === undefined)) {
    give(wish.name, choose(wish, cpus, taken));
  }
  if (taken.size >= cpus.length) {
    throw cannot('E_CREATE_CPUS', 'no CPU is left for the root cell', 'let a cell have fewer');
  }
  return planned;
}

function choose({ name, kind, cpuCount }: Wish, cpus: readonly Cpu[], taken: ReadonlyMap<number, string>): number[] {
  const free = cpus.filter(({ number }) => number !== BOOT_CPU && !taken.has(number));
  const count = cpuCount ?? (kind === 'linux' ? Math.max(1, Math.floor(free.length / 2)) : 1);
  if (count < 1 || free.length < count) {
    throw cannot(
      'E_CREATE_CPUS',
      `cell '${name}' wants ${count === 1 ? 'a CPU' : `${count} CPUs`}, and ${free.length === 0 ? 'none is' : `${free.length} are`} free`,
    );
  }
  const home = cpus[BOOT_CPU]?.cluster;
  const clusters = [...new Set(free.map(({ cluster }) => cluster))].sort(
    (a, b) => (Number(b === home) - Number(a === home)) * (kind === 'linux' ? -1 : 1),
  );
  const cluster = clusters.find((one) => free.filter((cpu) => cpu.cluster === one).length >= count);
  const candidates = cluster === undefined ? free : free.filter((cpu) => cpu.cluster === cluster);
  return candidates.slice(-count).map(({ number }) => number);
}

function requireThere(number: number, name: string, cpus: readonly Cpu[]): void {
  if (!cpus.some((cpu) => cpu.number === number)) {
    throw cannot('E_CREATE_CPUS', `cell '${name}' wants CPU ${number}; the board has ${cpus.length} CPUs, from 0`);
  }
}
