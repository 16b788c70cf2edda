import { nodeNameOf } from './places';
import type { Reservation } from '../overlay/overlay';
import type { Plan } from '../plan/plan';

const COMMENTS = {
  hypervisor: 'the hypervisor',
  inmates: 'RAM of cells',
  loader: 'loaders of Linux cells',
  sharedMemory: 'ivshmem: shared by cells',
  virtualPci: 'virtual PCI: configuration space, and BARs',
} as const;

/** What Linux still has to be kept from. */
export function reservationsOf({ placement }: Plan): Reservation[] {
  if (placement.origin === 'tree') return [];
  return (Object.keys(COMMENTS) as (keyof typeof COMMENTS)[])
    .map((name) => ({ name: nodeNameOf(name), ...placement.places[name], comment: COMMENTS[name] }))
    .sort((a, b) => (a.physStart < b.physStart ? -1 : 1));
}
