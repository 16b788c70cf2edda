import { isSubPage } from '../../abi/jailhouse';
import { cpuSetPages } from './ownership/cpus';
import { ivshmemDevices } from './ownership/pci';
import { mmioPages } from './footprint';
import type { CellConfig } from '../../abi/jailhouse';
import type { BoardDescription } from '../../boards';

/** Windows that are emulated for each ivshmem device while its memory decode is on. */
const MMIO_REGIONS_PER_DEVICE = 2;

/**
 * Pages for a cell's CPU set and its lists of emulated regions: the distributor, a redistributor for each CPU of the
 * board, PCI config space, ivshmem devices and sub-page regions (jailhouse-hypervisor reference 3).
 *
 * @throws KernelError EINVAL for a CPU set over 4096 bytes
 */
export function listPages(
  config: CellConfig,
  board: BoardDescription,
  hasConfigSpace: boolean,
  operation: string,
): number {
  const mmioRegions =
    1 +
    board.cpus.length +
    (hasConfigSpace ? 1 : 0) +
    MMIO_REGIONS_PER_DEVICE * ivshmemDevices(config.pciDevices).length +
    config.memoryRegions.filter(isSubPage).length;
  return cpuSetPages(config, operation) + mmioPages(mmioRegions);
}
