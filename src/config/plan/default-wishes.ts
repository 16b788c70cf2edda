import { nameOf, spareUart } from './cell-devices';
import type { BoardFacts } from '../create/board-facts';
import type { Wish } from './wish';

/** With fewer CPUs there is none for a second Linux beside the inmate. */
const LEAST_CPUS_FOR_LINUX = 3;

/** An inmate that shares memory with Linux, and a second Linux with a network link; they can run at the same time. */
export function defaultWishes(facts: BoardFacts, notes: string[]): Wish[] {
  const none = { devices: [], spis: [] };
  const inmate: Wish = {
    name: 'inmate-demo',
    kind: 'inmate',
    ...none,
    links: [{ peer: 'root', protocol: 'undefined' }],
  };
  if (facts.cpus.length < LEAST_CPUS_FOR_LINUX) {
    notes.push(`no Linux cell: ${facts.cpus.length} CPUs are not enough for one beside the inmate and the root cell`);
    return [inmate];
  }
  const uart = spareUart(facts, []);
  if (!uart) notes.push('linux-demo has no UART of its own: Linux in the root cell uses all of them');
  const linux: Wish = {
    name: 'linux-demo',
    kind: 'linux',
    ...none,
    ...(uart && { uart: nameOf(uart) }),
    links: [{ peer: 'root', protocol: 'veth' }],
  };
  return [inmate, linux];
}
