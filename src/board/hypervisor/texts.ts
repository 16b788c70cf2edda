/**
 * What the hypervisor prints on its console, word for word (jailhouse-abi reference 5.3). Lines that running cells cause,
 * such as crash reports, come from the machine.
 */
import { formatBdf } from '../../abi/pci/bdf';
import type { PagePool } from './page-pool';

export interface Pools {
  readonly memPool: PagePool;
  readonly remapPool: PagePool;
}

/** Virtual address that the hypervisor is linked to, and where its first C function ends up (release builds). */
const CODE_LOCATION = 0xffff_c020_0800n;

export const texts = {
  initializing: (version: string, cpu: number) => `\nInitializing Jailhouse hypervisor ${version} on CPU ${cpu}\n`,
  codeLocation: () => `Code location: 0x${CODE_LOCATION.toString(16).padStart(16, '0')}\n`,
  pools: (when: string, { memPool, remapPool }: Pools) =>
    `Page pool usage ${when}: mem ${memPool.usedPages}/${memPool.sizePages}, ` +
    `remap ${remapPool.usedPages}/${remapPool.sizePages}\n`,
  initializingProcessors: () => 'Initializing processors:\n',
  processor: (cpu: number) => ` CPU ${cpu}... `,
  processorOk: () => 'OK\n',
  processorFailed: () => 'FAILED\n',
  initializingUnit: (unit: string) => `Initializing unit: ${unit}\n`,
  noRedistributor: (cpu: number) => `GIC: No redist found for CPU${cpu}\n`,
  noSmmu: () => 'No SMMU\n',
  probingSmmu: (version: number) => `probing hardware configuration...\nSMMUv${version} with:\n`,
  smmuMasters: (count: number) => `Found ${count} masters\n`,
  iommuCommit: (cell: string) => `iommu_config_commit ${cell}\n`,
  activating: () => 'Activating hypervisor\n',

  addingVirtualDevice: (bdf: number, cell: string) => `Adding virtual PCI device ${formatBdf(bdf)} to cell "${cell}"\n`,
  addingDevice: (bdf: number, cell: string) => `Adding PCI device ${formatBdf(bdf)} to cell "${cell}"\n`,
  removingDevice: (bdf: number, cell: string) => `Removing PCI device ${formatBdf(bdf)} from cell "${cell}"\n`,
  connected: (cell: string, peer: string) => `Shared memory connection established: "${cell}" <--> "${peer}"\n`,
  connectedPeers: (peers: readonly string[]) =>
    `Shared memory connection established, peer cells:\n${peers.map((peer) => ` "${peer}"\n`).join('')}`,

  created: (cell: string) => `Created cell "${cell}"\n`,
  loadable: (cell: string) => `Cell "${cell}" can be loaded\n`,
  started: (cell: string) => `Started cell "${cell}"\n`,
  closing: (cell: string) => `Closing cell "${cell}"\n`,
  timeout: () => 'Timeout expired while waiting for reply from target cell\n',
  memoryNotReturned: () => 'WARNING: Failed to re-assign memory region to root cell\n',

  shuttingDown: () => 'Shutting down hypervisor\n',
  releasing: (cpu: number) => ` Releasing CPU ${cpu}\n`,
};
