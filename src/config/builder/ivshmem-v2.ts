import {
  MEM_ROOTSHARED,
  PCI_TYPE_IVSHMEM,
  PROTO_UNDEFINED,
  PROTO_V1_CUSTOM,
  PROTO_V1_VETH,
  PROTO_V2_CUSTOM,
  PROTO_V2_VETH,
  V2_BAR_MASK_INTX,
  V2_BAR_MASK_MSIX,
} from '../../abi/jailhouse';
import { deviceName, intxDevice, ivshmemSections } from './ivshmem';
import { bad, hex, KiB } from './value';
import type { CellConfig, MemoryRegion, PciDevice } from '../../abi/jailhouse';

const PAGE = BigInt(4 * KiB);
const PEERS = 2;

/**
 * Turns a cell's ivshmem links of v1 into links of v2 with two ends: the one region that both share becomes state table,
 * common section and one output section for each end, within the same addresses.
 *
 * @param end which end the cell is: 0 for the root cell, 1 for the other
 */
export function ivshmemToV2(cell: CellConfig, end: 0 | 1): CellConfig {
  const links = cell.pciDevices.filter(({ type }) => type === PCI_TYPE_IVSHMEM);
  const protocolOf = new Map(links.map((device) => [regionIndex(device, cell), device.shmemProtocol]));
  const starts: number[] = [];
  const memoryRegions: MemoryRegion[] = [];
  for (const [index, region] of cell.memoryRegions.entries()) {
    starts.push(memoryRegions.length);
    const protocol = protocolOf.get(index);
    memoryRegions.push(...(protocol === undefined ? [region] : sections(region, protocol === PROTO_V1_VETH, end)));
  }
  const pciDevices = cell.pciDevices.map((device) =>
    device.type === PCI_TYPE_IVSHMEM ? deviceToV2(device, starts[regionIndex(device, cell)] as number, end) : device,
  );
  return { ...cell, memoryRegions, pciDevices };
}

function regionIndex(device: PciDevice, cell: CellConfig): number {
  const index = device.shmemRegion ?? 0;
  if (index >= cell.memoryRegions.length) {
    throw bad(deviceName(device), `it shares memory region ${index}, the cell has ${cell.memoryRegions.length}`);
  }
  return index;
}

function deviceToV2(device: PciDevice, shmemRegionsStart: number, end: 0 | 1): PciDevice {
  const usesMsix = device.numMsixVectors > 0;
  return {
    ...intxDevice(device.bdf, device.domain, usesMsix ? V2_BAR_MASK_MSIX : V2_BAR_MASK_INTX),
    numMsixVectors: device.numMsixVectors,
    shmemRegionsStart,
    shmemDevId: end,
    shmemPeers: PEERS,
    shmemProtocol: protocolToV2(device),
  };
}

function protocolToV2(device: PciDevice): number {
  const { shmemProtocol } = device;
  if (shmemProtocol === PROTO_UNDEFINED) {
    return PROTO_UNDEFINED;
  }
  if (shmemProtocol === PROTO_V1_VETH) {
    return PROTO_V2_VETH;
  }
  const custom = shmemProtocol - PROTO_V1_CUSTOM;
  if (custom < 0 || custom >= PROTO_V1_CUSTOM - PROTO_V2_CUSTOM) {
    throw bad(deviceName(device), `ivshmem v2 has no number for protocol ${hex(shmemProtocol)}`);
  }
  return PROTO_V2_CUSTOM + custom;
}

/** A network device uses only the output sections; for everything else half of the memory is for both to write. */
function sections(region: MemoryRegion, network: boolean, end: 0 | 1): MemoryRegion[] {
  const available = region.size - PAGE;
  const output = (available / (network ? 2n : 4n) / PAGE) * PAGE;
  if (output <= 0n || region.virtStart !== region.physStart) {
    throw bad('ivshmem', `the region at ${hex(region.physStart)} is too small, or moved, for ivshmem v2`);
  }
  return ivshmemSections({
    phys: region.physStart,
    readWriteSize: network ? 0 : available - 2n * output,
    outputSize: output,
    id: end,
    peers: PEERS,
    rootShared: (region.flags & MEM_ROOTSHARED) !== 0n,
  });
}
