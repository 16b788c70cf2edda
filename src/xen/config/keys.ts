import { ACTING_KEYS } from './keys/acting';
import { IGNORED_KEYS } from './keys/ignored';
import { NXP_KEYS } from './keys/nxp';
import type { ConfigKey } from './keys/key';

/** Every key of xl.cfg(5), and NXP's. */
export const CONFIG_KEYS: readonly ConfigKey[] = [...ACTING_KEYS, ...NXP_KEYS, ...IGNORED_KEYS];

const BY_NAME: ReadonlyMap<string, ConfigKey> = new Map(CONFIG_KEYS.map((key) => [key.name, key]));

export function configKey(name: string): ConfigKey | undefined {
  return BY_NAME.get(name);
}

/** The known key that is written most like `name`; undefined when none is near. */
export function nearestKey(name: string): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let nearest: string | undefined;
  let least = limit + 1;
  for (const key of BY_NAME.keys()) {
    const distance = editDistance(name, key, least);
    if (distance < least) [nearest, least] = [key, distance];
  }
  return nearest;
}

/** Letters to change, add or remove (Levenshtein); `limit` or more when it is not below that. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? limit;
}
