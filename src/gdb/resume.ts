import { parseThread } from './threads';
import type { Resumption } from './target';

/**
 * What `vCont;ACTION[:THREAD];...` asks of each CPU: the leftmost action that fits counts (GDB manual, "Packets", vCont).
 * Signals have no meaning for a cell, and are dropped.
 * @param actions behind `vCont;`
 * @returns undefined for what is no such request
 */
export function parseVcont(actions: string, cpus: readonly number[]): Resumption[] | undefined {
  const parsed = actions.split(';').map((one) => /^(?:([cs])|([CS])[0-9a-f]{2})(?::(.+))?$/i.exec(one));
  const going = new Map<number, Resumption['go']>();
  for (const match of parsed) {
    if (!match) return undefined;
    const thread = parseThread(match[3] ?? '-1');
    if (thread === undefined || (typeof thread === 'number' && !cpus.includes(thread))) return undefined;
    const go = (match[1] ?? match[2])?.toLowerCase() === 's' ? 'step' : 'continue';
    const meant = thread === 'all' ? cpus : thread === 'any' ? cpus.slice(0, 1) : [thread];
    for (const cpu of meant) if (!going.has(cpu)) going.set(cpu, go);
  }
  return [...going].map(([cpu, go]) => ({ cpu, go }));
}
