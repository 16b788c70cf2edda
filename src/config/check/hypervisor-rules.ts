import { IRQCHIP_PINS } from '../../abi/jailhouse/config/irqchip';
import { PCI_TYPE_IVSHMEM } from '../../abi/jailhouse/config/pci';
import type { CellConfig } from '../../abi/jailhouse/config/cell';
import type { PciDevice } from '../../abi/jailhouse/config/pci';

const CPU_SET_LIMIT_BYTES = 4096;
const GIC_INTIDS = 1024;

/**
 * Why the hypervisor answers EINVAL to a cell config, whatever else runs (jailhouse-hypervisor reference 6.1 and 11).
 *
 * @returns one line that names the field, or undefined when it would not
 */
export function hypervisorRefuses(cell: CellConfig): string | undefined {
  if (cell.cpuSet.length > CPU_SET_LIMIT_BYTES) {
    return `cpu_set_size is ${cell.cpuSet.length}; the hypervisor takes at most ${CPU_SET_LIMIT_BYTES} bytes`;
  }
  return refusedPins(cell) ?? refusedLinks(cell);
}

function refusedPins({ irqchips }: CellConfig): string | undefined {
  const index = irqchips.findIndex(({ pinBase }) => pinBase % 32 !== 0 || pinBase + IRQCHIP_PINS > GIC_INTIDS);
  return index < 0
    ? undefined
    : `irqchips[${index}].pin_base is ${irqchips[index]?.pinBase}; it must be a multiple of 32, at most ${GIC_INTIDS - IRQCHIP_PINS}`;
}

function refusedLinks({ pciDevices, memoryRegions }: CellConfig): string | undefined {
  for (const [index, device] of pciDevices.entries()) {
    const last = device.type === PCI_TYPE_IVSHMEM ? lastRegion(device) : undefined;
    if (last && last.region >= memoryRegions.length) {
      return `pci_devices[${index}].${last.field} needs memory region ${last.region}; the cell has ${memoryRegions.length}`;
    }
  }
  return undefined;
}

/** Index of the last memory region that an ivshmem device uses: one in v1, state table, R/W and output sections in v2. */
function lastRegion(device: PciDevice): { field: string; region: number } {
  return device.shmemRegionsStart === undefined
    ? { field: 'shmem_region', region: device.shmemRegion ?? 0 }
    : { field: 'shmem_regions_start', region: device.shmemRegionsStart + 1 + (device.shmemPeers ?? 0) };
}
