import { cannot } from '../create/create-error';
import type { MemoryRange } from '../../boards';
import type { Wish } from './wish';

const PAGE = 0x1000n;
/** A device each on bus 0. */
const MOST_LINKS = 32;
/** Enough for rings of packets; what NXP's boards reserve has room for two such. More links get less each. */
const LINK_BYTES = 0x10_0000n;
const LEAST_LINK_BYTES = 0x1_0000n;

export const ROOT = 'root';

/** An ivshmem device, and the cells that have an end of it. */
export interface Link extends MemoryRange {
  /** On bus 0; both ends have the same. */
  readonly device: number;
  /** `root` first, where it is one. */
  readonly cells: readonly string[];
  readonly protocol: 'undefined' | 'veth';
  /** Layout of the memory: v1 (one region for two ends) or v2 (state table, common section, a section each). */
  readonly version: 1 | 2;
}

/** One cell's end of a link. */
export interface LinkEnd {
  readonly link: Link;
  /** Place among the link's cells. */
  readonly id: number;
}

type LinkCells = Pick<Link, 'cells' | 'protocol'>;

/**
 * The links that the wishes make: with v1 one for each two cells; with v2 one for all that a wish names together, except for
 * network links, which have two ends.
 *
 * @throws CellvisorError `E_CREATE_WISH`
 */
export function linksOf(wishes: readonly Wish[], version: 1 | 2): LinkCells[] {
  const links: LinkCells[] = [];
  const add = (cells: readonly string[], protocol: Link['protocol']) => {
    const ordered = [...cells].sort((a, b) => Number(b === ROOT) - Number(a === ROOT));
    const same = links.find((one) => one.protocol === protocol && ordered.every((cell) => one.cells.includes(cell)));
    if (!same) links.push({ cells: ordered, protocol });
  };
  for (const { name, links: wanted } of wishes) {
    for (const { peer } of wanted) {
      if (peer === name || (peer !== ROOT && !wishes.some((one) => one.name === peer))) {
        throw cannot(
          'E_CREATE_WISH',
          `cell '${name}' cannot share memory with '${peer}'`,
          'its peers are root and other cells',
        );
      }
    }
    const plain = wanted.filter(({ protocol }) => protocol === 'undefined').map(({ peer }) => peer);
    if (version === 2 && plain.length > 0) add([name, ...plain], 'undefined');
    if (version === 1) plain.forEach((peer) => add([name, peer], 'undefined'));
    wanted.filter(({ protocol }) => protocol === 'veth').forEach(({ peer }) => add([name, peer], 'veth'));
  }
  if (links.length > MOST_LINKS)
    throw cannot('E_CREATE_WISH', `there are ${links.length} links; a bus has ${MOST_LINKS}`);
  return links;
}

/** What links need at least. */
export function leastSharedBytes(linkCount: number): bigint {
  return BigInt(linkCount) * LEAST_LINK_BYTES;
}

/** What they get where it can be chosen freely. */
export function usualSharedBytes(linkCount: number): bigint {
  return BigInt(Math.max(2, linkCount)) * LINK_BYTES;
}

/** Gives each link its device number and its piece of the memory. */
export function placeLinks(links: readonly LinkCells[], memory: MemoryRange, version: 1 | 2): Link[] {
  let sizeBytes = LINK_BYTES;
  while (sizeBytes * BigInt(links.length) > memory.sizeBytes) sizeBytes /= 2n;
  return links.map((link, device) => ({
    ...link,
    version,
    device,
    physStart: memory.physStart + BigInt(device) * sizeBytes,
    sizeBytes,
  }));
}

export function endsOf(name: string, links: readonly Link[]): LinkEnd[] {
  return links.filter(({ cells }) => cells.includes(name)).map((link) => ({ link, id: link.cells.indexOf(name) }));
}

/** `00:01.0`. */
export function bdfOf({ device }: Link): string {
  return `00:${device.toString(16).padStart(2, '0')}.0`;
}

/** Sizes of a v2 link's sections: a network link only has one for each end, others mostly share. */
export function sectionSizes({ sizeBytes, cells, protocol }: Link): { readWriteSize: bigint; outputSize: bigint } {
  const rest = sizeBytes - PAGE;
  const shares = BigInt(cells.length) * (protocol === 'veth' ? 1n : 2n);
  const outputSize = (rest / shares / PAGE) * PAGE;
  return protocol === 'veth'
    ? { readWriteSize: 0n, outputSize }
    : { readWriteSize: rest - BigInt(cells.length) * outputSize, outputSize };
}
