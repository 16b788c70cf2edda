import type { Domain } from './domain';

/** What happened to a domain. */
export type DomainEvent =
  | { readonly kind: 'created'; readonly domain: Domain }
  | { readonly kind: 'shutdown'; readonly domain: Domain }
  | { readonly kind: 'destroyed'; readonly domain: Domain };

/**
 * What changed between two lists. A domain that came and went between them is not seen; an id that was given anew shows by
 * its UUID.
 */
export function changes(before: readonly Domain[], after: readonly Domain[]): DomainEvent[] {
  const key = ({ id, uuid }: Domain) => `${id} ${uuid}`;
  const now = new Map(after.map((domain) => [key(domain), domain]));
  const then = new Map(before.map((domain) => [key(domain), domain]));
  const gone = before.filter((domain) => !now.has(key(domain)));
  const events: DomainEvent[] = gone.map((domain) => ({ kind: 'destroyed', domain }));
  for (const domain of after) {
    const earlier = then.get(key(domain));
    if (earlier === undefined) events.push({ kind: 'created', domain });
    if (domain.isShutDown && !earlier?.isShutDown) events.push({ kind: 'shutdown', domain });
  }
  return events;
}
