import { MEM_COMM_REGION, MEM_DMA, MEM_EXECUTE, MEM_IO, MEM_LOADABLE, PCI_TYPE_IVSHMEM } from '../../abi/jailhouse';
import { endOf, isWithin, overlaps, rangeBetween } from '../create/ranges';
import type { CellConfig, MemoryRegion, PciDevice, SystemConfig } from '../../abi/jailhouse';
import type { MemoryRange } from '../../boards';
import type { Reservation } from './overlay';

const BUS_BYTES = 0x10_0000n;
/** Behind the configuration space, for BARs: what NXP's boards reserve. */
const BAR_BYTES = 0x10_0000n;

/** What Linux has to keep away from, so that a system and its cells can run: by name as in the guide's section 2.7.1, in order of addresses. */
export function reservationsOf(system: SystemConfig, cells: readonly CellConfig[]): Reservation[] {
  const { hypervisorMemory, pciMmconfigBase, pciMmconfigEndBus, rootCell } = system;
  const all: Reservation[] = [
    {
      name: 'jh',
      physStart: hypervisorMemory.physStart,
      sizeBytes: hypervisorMemory.size,
      comment: 'the hypervisor',
    },
    ...(pciMmconfigBase > 0n
      ? [
          {
            name: 'pci',
            physStart: pciMmconfigBase,
            sizeBytes: BigInt(pciMmconfigEndBus + 1) * BUS_BYTES + BAR_BYTES,
            comment: 'virtual PCI: configuration space, and BARs',
          },
        ]
      : []),
    ...linkMemory(rootCell).map((range) => ({ name: 'ivshmem', ...range, comment: 'shared with cells' })),
    ...cells.flatMap(reservationsOfCell),
  ];
  return withoutRepetition(all);
}

function reservationsOfCell(cell: CellConfig): Reservation[] {
  const shared = linkMemory(cell);
  const isShared = (range: MemoryRange) => shared.some((one) => overlaps(one, range));
  const own = cell.memoryRegions
    .filter(({ flags, size }) => size > 0n && (flags & (MEM_IO | MEM_COMM_REGION)) === 0n)
    .map((region) => ({ region, range: rangeOf(region) }))
    .filter(({ range }) => !isShared(range));
  const hasLinuxRam = own.some(({ region }) => (region.flags & MEM_DMA) !== 0n);
  return [
    ...own.map(({ region, range }) => ({
      name: isLoader(region, hasLinuxRam) ? 'loader' : 'inmate',
      ...range,
      comment: `cell ${cell.name}${isLoader(region, hasLinuxRam) ? ', loader' : ''}`,
    })),
    ...shared.map((range) => ({ name: 'ivshmem', ...range, comment: `shared by cell ${cell.name}` })),
  ];
}

/** Beside RAM for DMA, a Linux cell has a small piece that it starts from. */
function isLoader({ flags }: MemoryRegion, hasLinuxRam: boolean): boolean {
  const wanted = MEM_EXECUTE | MEM_LOADABLE;
  return hasLinuxRam && (flags & MEM_DMA) === 0n && (flags & wanted) === wanted;
}

/** Memory of a cell's ivshmem devices, each as one piece. */
function linkMemory({ pciDevices, memoryRegions }: CellConfig): MemoryRange[] {
  return pciDevices
    .filter(({ type }) => type === PCI_TYPE_IVSHMEM)
    .flatMap((device) => {
      const regions = regionsOf(device, memoryRegions).filter(({ size }) => size > 0n);
      const [first] = regions;
      const last = regions.at(-1);
      return first && last ? [rangeBetween(first.physStart, endOf(rangeOf(last)))] : [];
    });
}

function regionsOf(device: PciDevice, regions: readonly MemoryRegion[]): readonly MemoryRegion[] {
  const { shmemRegion, shmemRegionsStart, shmemPeers = 0 } = device;
  return shmemRegionsStart === undefined
    ? regions.slice(shmemRegion ?? 0, (shmemRegion ?? 0) + 1)
    : regions.slice(shmemRegionsStart, shmemRegionsStart + 2 + shmemPeers);
}

/** Cells that take turns have memory in common: what is within something else needs no node of its own. */
function withoutRepetition(reservations: readonly Reservation[]): Reservation[] {
  return reservations
    .filter(
      (one, index) =>
        !reservations.some(
          (other, at) => at !== index && isWithin(one, other) && (!isWithin(other, one) || at < index),
        ),
    )
    .sort((a, b) => (a.physStart < b.physStart ? -1 : 1));
}

function rangeOf({ physStart, size }: MemoryRegion): MemoryRange {
  return { physStart, sizeBytes: size };
}
