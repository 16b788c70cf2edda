import type { Connection, LinkView } from '../model/board';

/** How old what is shown of a board is. */
export function staleSeconds({ sinceMs }: Extract<Connection, { state: 'stale' }>, nowMs: number): number {
  return Math.max(Math.round((nowMs - sinceMs) / 1000), 0);
}

/** What is done about a link that is not there, as in `, attempt 3 in 4 s`; empty while there is nothing to say. */
export function linkInWords(link: LinkView | undefined, nowMs: number): string {
  if (link?.state.kind === 'reconnecting') return `, attempt ${link.state.attempt}...`;
  if (link?.state.kind !== 'lost' || link.nextAtMs === undefined) return '';
  return `, attempt ${link.state.attempt} in ${Math.max(Math.ceil((link.nextAtMs - nowMs) / 1000), 0)} s`;
}
