import { MEM_READ, MEM_WRITE, V2_MAX_PEERS } from '../../../abi/jailhouse';
import { at } from '../finding';
import { firstRegionOf, lastRegionOf, V2_FIXED_SECTIONS } from '../links';
import { cellWords, deviceWords, hex } from '../words';
import type { Report } from '../finding';
import type { LinkEnd } from '../links';
import type { CheckedCell } from '../subject';
import type { MemoryRegion, PciDevice } from '../../../abi/jailhouse';

const STATE_TABLE = 0;
const READ_WRITE = 1;

/** The sections of an end: state table, R/W section, an output section for each peer. */
export function sectionsOf({ config }: CheckedCell, device: PciDevice): readonly MemoryRegion[] {
  return config.memoryRegions.slice(firstRegionOf(device), lastRegionOf(device) + 1);
}

/** One end of a link of version 2 (jailhouse-hypervisor reference 11). */
export function checkSections(end: LinkEnd, report: Report): void {
  const { cell, device, index } = end;
  const { shmemPeers: peers = 0, shmemDevId: id = 0 } = device;
  if (peers < 2 || peers > V2_MAX_PEERS || id >= peers) {
    report('IVSHMEM-PEERS', {
      message: `${cellWords(cell)} is peer ${id} of ${peers} on ${deviceWords(device)}`,
      places: [
        at(cell, `pci_devices[${index}].shmem_dev_id`, `${id}`),
        at(cell, `pci_devices[${index}].shmem_peers`, `${peers}`),
      ],
    });
  }
  checkPermissions(end, report);
  checkOrder(end, report);
}

function checkPermissions({ cell, device }: LinkEnd, report: Report): void {
  sectionsOf(cell, device).forEach(({ size, flags }, section) => {
    const wanted = isWritten(section, device.shmemDevId ?? 0) ? MEM_READ | MEM_WRITE : MEM_READ;
    const found = flags & (MEM_READ | MEM_WRITE);
    if (size > 0n && found !== wanted) {
      const index = firstRegionOf(device) + section;
      report('IVSHMEM-ACCESS', {
        message: `${sectionWords(section)} of ${deviceWords(device)} in ${cellWords(cell)} ${found === MEM_READ ? 'cannot be written' : 'is to be read only, and readable'}`,
        places: [at(cell, `mem_regions[${index}].flags`, hex(flags))],
        remedy: `mem_regions[${index}].flags = ${hex((flags & ~(MEM_READ | MEM_WRITE)) | wanted)}`,
      });
    }
  });
}

function checkOrder({ cell, device }: LinkEnd, report: Report): void {
  const first = firstRegionOf(device);
  let expected: bigint | undefined;
  let outputSize: bigint | undefined;
  for (const [section, { virtStart, size }] of sectionsOf(cell, device).entries()) {
    const field = `mem_regions[${first + section}]`;
    if (section >= V2_FIXED_SECTIONS) {
      outputSize ??= size;
      if (size !== outputSize) {
        report('IVSHMEM-GAP', {
          message: `${sectionWords(section)} of ${deviceWords(device)} in ${cellWords(cell)} has another size than the first`,
          places: [at(cell, `${field}.size`, hex(size))],
          remedy: `${field}.size = ${hex(outputSize)}`,
        });
      }
    }
    if (size === 0n) {
      continue;
    }
    if (expected !== undefined && virtStart !== expected) {
      report('IVSHMEM-GAP', {
        message: `${sectionWords(section)} of ${deviceWords(device)} in ${cellWords(cell)} does not follow the one before it`,
        places: [at(cell, `${field}.virt_start`, hex(virtStart))],
        remedy: `${field}.virt_start = ${hex(expected)}`,
      });
    }
    expected = virtStart + size;
  }
}

function isWritten(section: number, id: number): boolean {
  return section === READ_WRITE || section === V2_FIXED_SECTIONS + id;
}

function sectionWords(section: number): string {
  if (section === STATE_TABLE) {
    return 'the state table';
  }
  return section === READ_WRITE ? 'the R/W section' : `output section ${section - V2_FIXED_SECTIONS}`;
}
