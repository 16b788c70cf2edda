import { XenstoreProtocolError } from './protocol-error';

const LETTERS = { none: 'n', read: 'r', write: 'w', both: 'b' } as const;

export type Access = keyof typeof LETTERS;

/** Who may do what with a node (xen-abi reference 12). */
export interface Permissions {
  /** Domain that may do everything, as domain 0 always may. */
  readonly owner: number;
  /** What all domains may that are not named. */
  readonly others: Access;
  readonly domains?: readonly { readonly domid: number; readonly access: Access }[];
}

/** `n0`, `r5`: the owner with the right of everybody else first. */
export function encodePermissions({ owner, others, domains = [] }: Permissions): string[] {
  return [`${LETTERS[others]}${owner}`, ...domains.map(({ domid, access }) => `${LETTERS[access]}${domid}`)];
}

export function decodePermissions(entries: readonly string[]): Permissions {
  const [first, ...domains] = entries.map(decodeEntry);
  if (first === undefined) throw new XenstoreProtocolError('a node has an owner');
  return { owner: first.domid, others: first.access, domains };
}

function decodeEntry(entry: string): { readonly domid: number; readonly access: Access } {
  const match = /^([nrwb])(\d{1,5})$/.exec(entry);
  const access = (Object.keys(LETTERS) as Access[]).find((name) => LETTERS[name] === match?.[1]);
  if (match === null || access === undefined) throw new XenstoreProtocolError(`'${entry}' is no permission`);
  return { domid: Number(match[2]), access };
}
