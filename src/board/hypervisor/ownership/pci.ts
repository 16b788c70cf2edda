import { KernelError } from '../../../errors';
import { PCI_TYPE_IVSHMEM, V2_MAX_PEERS } from '../../../abi/jailhouse';
import { pagesFor } from '../page-pool';
import { rootCellOf } from '../state';
import { texts } from '../texts';
import type { CellConfig, PciDevice } from '../../../abi/jailhouse';
import type { Release } from '../../releases';
import type { HypervisorCell, HypervisorState, IvshmemEnd, IvshmemLink } from '../state';

/** Ends of an ivshmem v1 link: positions 0 and 1. */
const V1_ENDS = 2;
const V2_MAX_VECTORS = 16;
/** State table and R/W section come before the output sections. */
const V2_FIXED_REGIONS = 2;

export function ivshmemDevices(devices: readonly PciDevice[]): PciDevice[] {
  return devices.filter(({ type }) => type === PCI_TYPE_IVSHMEM);
}

/** Pages of the pool that a cell's table of devices takes. */
export function deviceTablePages(state: HypervisorState, cell: HypervisorCell): number {
  return pagesFor(cell.config.pciDevices.length * state.release.sizes.pciDeviceStruct);
}

/**
 * Adds a cell's devices in the order of its config: virtual ones join their links, physical ones leave the root cell.
 *
 * @throws KernelError EINVAL, EBUSY, ENOMEM (jailhouse-hypervisor reference 6.1 and 11); `removeDevices` cleans up
 */
export function addDevices(state: HypervisorState, cell: HypervisorCell, operation: string): void {
  const { machine } = state;
  for (const device of cell.config.pciDevices) {
    if (device.type === PCI_TYPE_IVSHMEM) {
      machine.consoleWrite(texts.addingVirtualDevice(device.bdf, cell.config.name));
      join(state, cell, device, operation);
    } else {
      if (cell !== rootCellOf(state) && ownsDevice(rootCellOf(state), device)) {
        machine.consoleWrite(texts.removingDevice(device.bdf, rootCellOf(state).config.name));
      }
      machine.consoleWrite(texts.addingDevice(device.bdf, cell.config.name));
    }
  }
}

/** Takes a cell's devices away. Physical ones go back to the root cell if they are in its config. */
export function removeDevices(state: HypervisorState, cell: HypervisorCell): void {
  const { machine } = state;
  for (const device of cell.config.pciDevices.filter(({ type }) => type !== PCI_TYPE_IVSHMEM)) {
    machine.consoleWrite(texts.removingDevice(device.bdf, cell.config.name));
    if (ownsDevice(rootCellOf(state), device)) {
      machine.consoleWrite(texts.addingDevice(device.bdf, rootCellOf(state).config.name));
    }
  }
  leaveLinks(state, cell);
}

/** Takes a cell out of its links; a link that nobody uses gives its page back. */
export function leaveLinks(state: HypervisorState, cell: HypervisorCell): void {
  for (const link of [...state.links]) {
    const left = link.ends.filter((end) => end.cell !== cell);
    link.ends.splice(0, link.ends.length, ...left);
    if (left.length === 0) {
      state.links.splice(state.links.indexOf(link), 1);
      state.memPool.free(1);
    }
  }
}

function ownsDevice(cell: HypervisorCell, device: PciDevice): boolean {
  return cell.config.pciDevices.some(({ bdf, domain }) => bdf === device.bdf && domain === device.domain);
}

function join(state: HypervisorState, cell: HypervisorCell, device: PciDevice, operation: string): void {
  const v2 = state.release.traits.ivshmemVersion === 2;
  const refuse = (errno: 'EINVAL' | 'EBUSY') => new KernelError(operation, errno);
  if (!isPossible(cell.config, device, state.release)) {
    throw refuse('EINVAL');
  }
  const link = state.links.find(({ bdf }) => bdf === device.bdf);
  if (v2 && link?.ends.some(({ id }) => id === device.shmemDevId)) {
    throw refuse('EBUSY');
  }
  if (!v2 && link && link.ends.length >= V1_ENDS) {
    throw refuse('EBUSY');
  }
  if (!v2 && link?.ends.some((end) => !sharesMemory(end, cell, device))) {
    throw refuse('EINVAL');
  }
  const peers = link?.ends.map((end) => end.cell.config.name) ?? [];
  const joined = link ?? newLink(state, device.bdf);
  joined.ends.push({ cell, id: v2 ? (device.shmemDevId ?? 0) : freePosition(joined) });
  if (peers.length > 0) {
    const text = v2 ? texts.connectedPeers(peers) : texts.connected(cell.config.name, peers[0] as string);
    state.machine.consoleWrite(text);
  }
}

/** Whether a device's memory regions exist, and its other numbers are within the limits of its version. */
export function isPossible(config: CellConfig, device: PciDevice, release: Release): boolean {
  const available = config.memoryRegions.length;
  if (release.traits.ivshmemVersion === 1) {
    return (device.shmemRegion ?? 0) < available;
  }
  return (
    (device.shmemRegionsStart ?? 0) + V2_FIXED_REGIONS + (device.shmemPeers ?? 0) <= available &&
    device.numMsixVectors <= V2_MAX_VECTORS &&
    (device.shmemDevId ?? 0) < V2_MAX_PEERS
  );
}

/** Both ends of a v1 link must name the same memory and speak the same protocol. */
function sharesMemory(end: IvshmemEnd, cell: HypervisorCell, device: PciDevice): boolean {
  const peerDevice = ivshmemDevices(end.cell.config.pciDevices).find(({ bdf }) => bdf === device.bdf);
  const own = cell.config.memoryRegions[device.shmemRegion ?? 0];
  const peer = end.cell.config.memoryRegions[peerDevice?.shmemRegion ?? 0];
  return (
    own?.physStart === peer?.physStart && own?.size === peer?.size && device.shmemProtocol === peerDevice?.shmemProtocol
  );
}

function newLink(state: HypervisorState, bdf: number): IvshmemLink {
  state.memPool.allocate(1);
  const link = { bdf, ends: [] };
  state.links.push(link);
  return link;
}

function freePosition(link: IvshmemLink): number {
  return link.ends.some(({ id }) => id === 0) ? 1 : 0;
}
