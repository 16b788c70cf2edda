import type { ErrnoName } from '../../errno';

/**
 * error: the hypervisor or the driver refuses the config, or a cell that runs with it does what nobody wants. warning: it
 * works, until somebody relies on what is missing. note: good to know; shipped configs have it.
 */
export const SEVERITIES = ['error', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What there is to know about one kind of finding. `docs/findings.md` and `cellvisor explain` are made of these. */
export interface FindingPage {
  readonly severity: Severity;
  /** A few words, without a full stop. */
  readonly title: string;
  /** What happens, and why: whole sentences. */
  readonly explanation: string;
  /** What to write instead: whole sentences. */
  readonly remedy: string;
  /** What the driver answers, where it refuses. */
  readonly errno?: ErrnoName;
}

/** Keeps the codes of a table as its type. */
export function pages<Code extends string>(table: Readonly<Record<Code, FindingPage>>): typeof table {
  return table;
}
