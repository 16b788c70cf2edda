import { alignUp } from '../memory-plan';
import { cells } from './cells';
import { GIC_PHANDLE, ppi } from './interrupts';
import type { DeviceTreeNode } from '../../../fdt';
import type { Region } from '../memory-plan';
import type { GuestTreeRequest } from './request';

const PPI_EVENT_CHANNEL = 31;
const BLOCK_BYTES = 2n * 1024n * 1024n;
const LEAST_EXTENDED_BYTES = 64n * 1024n * 1024n;

/** How a guest finds Xen: the grant table's place, unused ranges to map foreign pages in, and the event channel's interrupt. */
export function addHypervisor(node: DeviceTreeNode, request: GuestTreeRequest): void {
  const { grantTable } = request.map;
  const ranges = [{ base: grantTable.base, sizeBytes: grantTable.maxBytes }, ...extendedRegions(request)];
  node
    .set('compatible', [`xen,xen-${request.release}`, 'xen,xen'])
    .set('reg', cells(...ranges.flatMap(({ base, sizeBytes }) => [base, sizeBytes])))
    .set('interrupts', ppi(PPI_EVENT_CHANNEL))
    .set('interrupt-parent', GIC_PHANDLE);
}

/** What is left of each bank behind its RAM, as far as the guest's addresses reach. */
export function extendedRegions({ map, banks, guestAddressBits }: GuestTreeRequest): Region[] {
  if (guestAddressBits === undefined || guestAddressBits === 0) return [];
  const limit = 1n << BigInt(guestAddressBits);
  return map.banks.flatMap(({ base, maxBytes }) => {
    const ram = banks.find((bank) => bank.base === base)?.sizeBytes ?? 0n;
    const start = alignUp(base + ram, BLOCK_BYTES);
    const bankEnd = base + maxBytes;
    const end = bankEnd < limit ? bankEnd : limit;
    return end - start >= LEAST_EXTENDED_BYTES ? [{ base: start, sizeBytes: end - start }] : [];
  });
}
