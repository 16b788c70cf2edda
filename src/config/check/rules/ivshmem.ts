import { MEM_READ, MEM_ROOTSHARED, MEM_WRITE, PROTO_V1_VETH, PROTO_V2_VETH } from '../../../abi/jailhouse';
import { at, atRegion } from '../finding';
import { firstRegionOf, isV2, ivshmemDevices, lastRegionOf, linksOf, regionField } from '../links';
import { allCells } from '../subject';
import { cellWords, deviceWords, hex } from '../words';
import { checkSections, sectionsOf } from './ivshmem-v2';
import type { Report } from '../finding';
import type { LinkEnd } from '../links';
import type { Subject } from '../subject';
import type { MemoryRegion, PciDevice } from '../../../abi/jailhouse';

const V1_ENDS = 2;
const MAX_VECTORS = { v1: 1, v2: 16 };

/** Devices of shared memory: each by itself, and the ends of a link beside each other (reference 6.1, checks 12 to 14, and 11). */
export function checkIvshmem(subject: Subject, report: Report): void {
  const cells = allCells(subject);
  for (const cell of cells) {
    for (const { device, index } of ivshmemDevices(cell.config)) {
      checkDevice({ cell, device, index }, report);
    }
  }
  for (const ends of linksOf(cells).values()) {
    checkLink(ends, subject, report);
  }
}

function checkDevice(end: LinkEnd, report: Report): void {
  const { cell, device, index } = end;
  const name = `pci_devices[${index}]`;
  const count = cell.config.memoryRegions.length;
  if (lastRegionOf(device) >= count) {
    report('IVSHMEM-REGION', {
      message: `${name}.${regionField(device)} needs memory region ${lastRegionOf(device)}; the cell has ${count}`,
      places: [
        at(cell, `${name}.${regionField(device)}`, `${firstRegionOf(device)}`),
        at(cell, cell.isRoot ? 'root_cell.num_memory_regions' : 'num_memory_regions', `${count}`),
      ],
    });
  } else {
    checkMemory(end, report);
  }
  const limit = isV2(device) ? MAX_VECTORS.v2 : MAX_VECTORS.v1;
  if (device.numMsixVectors > limit) {
    report('IVSHMEM-VECTORS', {
      message: `${deviceWords(device)} of ${cellWords(cell)} asks for ${device.numMsixVectors} vectors, it can have ${limit}`,
      places: [at(cell, `${name}.num_msix_vectors`, `${device.numMsixVectors}`)],
    });
  }
  const noTable = isV2(device) && device.numMsixVectors > 0 && device.barMask[1] === 0;
  if (device.barMask[0] === 0 || noTable) {
    report('IVSHMEM-BAR-MASK', {
      message: `${deviceWords(device)} of ${cellWords(cell)} has no register window: bar_mask[${noTable ? 1 : 0}] is 0`,
      places: [at(cell, `${name}.bar_mask`, `{ ${device.barMask.map(hex).join(', ')} }`)],
    });
  }
}

function checkMemory(end: LinkEnd, report: Report): void {
  const { cell, device } = end;
  const first = firstRegionOf(device);
  if (isV2(device)) {
    checkSections(end, report);
  } else {
    const region = cell.config.memoryRegions[first] as MemoryRegion;
    if ((region.flags & (MEM_READ | MEM_WRITE)) !== (MEM_READ | MEM_WRITE)) {
      report('IVSHMEM-ACCESS', {
        message: `${cellWords(cell)} cannot read and write the memory of ${deviceWords(device)}`,
        places: [at(cell, `mem_regions[${first}].flags`, hex(region.flags))],
        remedy: `mem_regions[${first}].flags = ${hex(region.flags | MEM_READ | MEM_WRITE)}`,
      });
    }
  }
}

function checkLink(ends: readonly LinkEnd[], subject: Subject, report: Report): void {
  const [first, ...others] = ends as [LinkEnd, ...LinkEnd[]];
  if (others.length === 0) {
    checkAlone(first, subject, report);
  }
  checkCrowd(ends, report);
  for (const other of others) {
    comparePeers(first, other, report);
  }
  const rootEnd = ends.find(({ cell }) => cell.isRoot);
  for (const end of rootEnd ? ends.filter(({ cell }) => !cell.isRoot) : []) {
    checkSharedWithRoot(end, rootEnd as LinkEnd, report);
  }
}

/** The root cell's ends wait for cells that come later; a cell that is checked without its system says nothing. */
function checkAlone({ cell, device, index }: LinkEnd, { system }: Subject, report: Report): void {
  if (system && !cell.isRoot) {
    report('IVSHMEM-ALONE', {
      message: `no other cell has an end of ${deviceWords(device)} of ${cellWords(cell)}`,
      places: [at(cell, `pci_devices[${index}].bdf`, hex(device.bdf))],
    });
  }
}

function checkCrowd(ends: readonly LinkEnd[], report: Report): void {
  const places = (some: readonly LinkEnd[], field: string, value: (device: PciDevice) => string) =>
    some.map(({ cell, device, index }) => at(cell, `pci_devices[${index}].${field}`, value(device)));
  const v1 = ends.filter(({ device }) => !isV2(device));
  if (v1.length > V1_ENDS) {
    const surplus = v1.slice(V1_ENDS).map(({ cell }) => cellWords(cell));
    report('IVSHMEM-CROWDED', {
      message: `${deviceWords((v1[0] as LinkEnd).device)} has ${v1.length} ends, it can have ${V1_ENDS}: ${surplus.join(', ')} too many`,
      places: places(v1, 'bdf', ({ bdf }) => hex(bdf)),
    });
  }
  const ids = new Map<number, LinkEnd>();
  for (const end of ends.filter(({ device }) => isV2(device))) {
    const id = end.device.shmemDevId ?? 0;
    const earlier = ids.get(id);
    if (earlier) {
      report('IVSHMEM-CROWDED', {
        message: `${cellWords(earlier.cell)} and ${cellWords(end.cell)} are both peer ${id} of ${deviceWords(end.device)}`,
        places: places([earlier, end], 'shmem_dev_id', () => `${id}`),
      });
    } else {
      ids.set(id, end);
    }
  }
}

function comparePeers(a: LinkEnd, b: LinkEnd, report: Report): void {
  const name = (end: LinkEnd) => `pci_devices[${end.index}]`;
  if (isV2(a.device) !== isV2(b.device)) {
    return; // Found as DIALECT-MIX.
  }
  if (a.device.shmemProtocol !== b.device.shmemProtocol) {
    report('IVSHMEM-PROTOCOL', {
      message: `${cellWords(a.cell)} and ${cellWords(b.cell)} speak different protocols on ${deviceWords(a.device)}`,
      places: [a, b].map((end) => at(end.cell, `${name(end)}.shmem_protocol`, protocolWords(end.device))),
    });
  }
  if ((a.device.shmemPeers ?? 0) !== (b.device.shmemPeers ?? 0)) {
    report('IVSHMEM-PEERS', {
      message: `${cellWords(a.cell)} and ${cellWords(b.cell)} count different numbers of peers on ${deviceWords(a.device)}`,
      places: [a, b].map((end) => at(end.cell, `${name(end)}.shmem_peers`, `${end.device.shmemPeers ?? 0}`)),
    });
    return;
  }
  const sections = [memoryOf(a), memoryOf(b)] as const;
  const different = sections[0].findIndex((region, section) => !sameMemory(region, sections[1][section]));
  if (different >= 0 && sections[0].length === sections[1].length) {
    report('IVSHMEM-MEMORY', {
      message: `${cellWords(a.cell)} and ${cellWords(b.cell)} share different memory on ${deviceWords(a.device)}`,
      places: [a, b].map((end) => atRegion(end.cell, firstRegionOf(end.device) + different, 'physStart')),
    });
  }
}

function checkSharedWithRoot({ cell, device }: LinkEnd, root: LinkEnd, report: Report): void {
  memoryOf({ cell, device, index: 0 }).forEach((region, section) => {
    const index = firstRegionOf(device) + section;
    if (region.size > 0n && (region.flags & MEM_ROOTSHARED) === 0n) {
      report('IVSHMEM-NOT-SHARED', {
        message: `${cellWords(cell)} takes the memory of ${deviceWords(device)} away from the root cell`,
        places: [
          at(cell, `mem_regions[${index}].flags`, hex(region.flags)),
          at(root.cell, `pci_devices[${root.index}].bdf`, hex(root.device.bdf)),
        ],
        remedy: `mem_regions[${index}].flags = ${hex(region.flags | MEM_ROOTSHARED)}`,
      });
    }
  });
}

/** The regions of an end that are there. */
function memoryOf({ cell, device }: LinkEnd): readonly MemoryRegion[] {
  return isV2(device) ? sectionsOf(cell, device) : cell.config.memoryRegions.slice(firstRegionOf(device)).slice(0, 1);
}

function sameMemory(a: MemoryRegion, b: MemoryRegion | undefined): boolean {
  return b === undefined || (a.size === b.size && (a.physStart === b.physStart || a.size === 0n));
}

function protocolWords(device: PciDevice): string {
  const { shmemProtocol } = device;
  const veth = isV2(device) ? PROTO_V2_VETH : PROTO_V1_VETH;
  const name = shmemProtocol === 0 ? ' (UNDEFINED)' : shmemProtocol === veth ? ' (VETH)' : '';
  return `${hex(shmemProtocol)}${name}`;
}
