import {
  MEM_READ,
  MEM_ROOTSHARED,
  MEM_WRITE,
  PCI_TYPE_IVSHMEM,
  PROTO_UNDEFINED,
  PROTO_V1_CUSTOM,
  PROTO_V1_VETH,
  PROTO_V2_CUSTOM,
  PROTO_V2_VETH,
  V1_BAR_MASK_INTX,
  V2_BAR_MASK_INTX,
  V2_MAX_PEERS,
} from '../../abi/jailhouse';
import { formatBdf, parseBdf } from '../../abi/pci/bdf';
import { region } from './memory';
import { written } from './origin';
import { bad, hex, KiB, u64 } from './value';
import type { MemoryRegion, PciDevice } from '../../abi/jailhouse';
import type { Quantity } from './value';

/** What is spoken over the shared memory. A number is the n-th custom protocol. */
export type IvshmemProtocol = 'undefined' | 'veth' | { readonly custom: number };

/** A device of a cell that still has to find its memory among the cell's regions. */
export interface DeviceSpec {
  readonly place: (memory: readonly MemoryRegion[]) => PciDevice;
}

export interface IvshmemOptions {
  /** `00:01.0`. Both ends of a link have the same. */
  readonly bdf: string;
  /** Of the virtual PCI host; default 0. */
  readonly domain?: number;
  readonly protocol: IvshmemProtocol;
  /** The shared memory: a region of the cell, or its physical address. */
  readonly region: MemoryRegion | Quantity;
}

export interface IvshmemV2Options extends Omit<IvshmemOptions, 'region'> {
  /** First of the link's regions, the state table; {@link ivshmemSections} makes them. */
  readonly stateTable: MemoryRegion | Quantity;
  /** Number of this end. */
  readonly id: number;
  /** How many ends the link can have. */
  readonly peers: number;
}

/** One end of an ivshmem link as Jailhouse v0.11 and earlier have it, using INTx. */
export function ivshmem(options: IvshmemOptions): DeviceSpec {
  const device = intxDevice(bdfOf(options.bdf), options.domain ?? 0, V1_BAR_MASK_INTX);
  const shmemProtocol = protocolNumber(options.protocol, PROTO_V1_VETH, PROTO_V1_CUSTOM);
  return written({
    place: (memory: readonly MemoryRegion[]) => ({
      ...device,
      shmemRegion: findRegion(memory, options.region, `ivshmem ${options.bdf}`),
      shmemProtocol,
    }),
  });
}

/** One end of an ivshmem link as Jailhouse v0.12 and later have it, using INTx. */
export function ivshmemV2(options: IvshmemV2Options): DeviceSpec {
  const { id, peers } = options;
  const name = `ivshmem ${options.bdf}`;
  if (peers < 2 || peers > V2_MAX_PEERS || id < 0 || id >= peers) {
    throw bad(name, `end ${id} of ${peers}; a link has 2 to ${V2_MAX_PEERS} ends, numbered from 0`);
  }
  const device = intxDevice(bdfOf(options.bdf), options.domain ?? 0, V2_BAR_MASK_INTX);
  const shmemProtocol = protocolNumber(options.protocol, PROTO_V2_VETH, PROTO_V2_CUSTOM);
  return written({
    place(memory: readonly MemoryRegion[]) {
      const shmemRegionsStart = findRegion(memory, options.stateTable, name);
      requireSections(memory.slice(shmemRegionsStart), peers, name);
      return { ...device, shmemRegionsStart, shmemDevId: id, shmemPeers: peers, shmemProtocol };
    },
  });
}

export interface SectionsOptions {
  /** Where the state table starts; guest and physical address are the same. */
  readonly phys: Quantity;
  /** Default 4 KiB. */
  readonly stateTableSize?: Quantity;
  /** Of the section that all ends may write; 0 leaves it out. */
  readonly readWriteSize: Quantity;
  /** Of each end's own section. */
  readonly outputSize: Quantity;
  /** Number of this end: the one whose output section the cell may write. */
  readonly id: number;
  readonly peers: number;
  /** Whether the regions stay with the root cell too. */
  readonly rootShared: boolean;
}

/** The memory regions of one end of an ivshmem v2 link, in the order that the device needs. */
export function ivshmemSections(options: SectionsOptions): MemoryRegion[] {
  const { stateTableSize = 4 * KiB, readWriteSize, outputSize, id, peers, rootShared } = options;
  const start = u64(options.phys, 'ivshmemSections.phys');
  const readWrite = u64(readWriteSize, 'ivshmemSections.readWriteSize');
  const output = u64(outputSize, 'ivshmemSections.outputSize');
  const readable = rootShared ? MEM_READ | MEM_ROOTSHARED : MEM_READ;
  const afterStateTable = start + u64(stateTableSize, 'ivshmemSections.stateTableSize');
  const outputs = afterStateTable + readWrite;
  return [
    region({ phys: start, size: stateTableSize }, readable),
    readWrite > 0n
      ? region({ phys: afterStateTable, size: readWrite }, readable | MEM_WRITE)
      : region({ phys: 0, size: 0 }, 0n),
    ...Array.from({ length: peers }, (_, peer) =>
      region({ phys: outputs + BigInt(peer) * output, size: output }, peer === id ? readable | MEM_WRITE : readable),
    ),
  ];
}

/** A virtual device without MSI-X. */
export function intxDevice(bdf: number, domain: number, barMask: readonly number[]): Omit<PciDevice, 'shmemProtocol'> {
  return {
    type: PCI_TYPE_IVSHMEM,
    iommu: 0,
    domain,
    bdf,
    barMask: [...barMask],
    capsStart: 0,
    numCaps: 0,
    numMsiVectors: 0,
    msiFlags: 0,
    numMsixVectors: 0,
    msixRegionSize: 0,
    msixAddress: 0n,
  };
}

function bdfOf(text: string): number {
  const bdf = parseBdf(text);
  if (bdf === undefined) {
    throw bad('ivshmem.bdf', `${JSON.stringify(text)} is not a PCI address such as "00:01.0"`);
  }
  return bdf;
}

function protocolNumber(protocol: IvshmemProtocol, veth: number, firstCustom: number): number {
  if (protocol === 'undefined') {
    return PROTO_UNDEFINED;
  }
  return protocol === 'veth' ? veth : firstCustom + protocol.custom;
}

function findRegion(memory: readonly MemoryRegion[], wanted: MemoryRegion | Quantity, name: string): number {
  if (typeof wanted === 'object') {
    const index = memory.indexOf(wanted);
    if (index < 0) {
      throw bad(name, `its memory region at ${hex(wanted.physStart)} is not in the cell's memory`);
    }
    return index;
  }
  const address = u64(wanted, name);
  const index = memory.findIndex(({ physStart, size }) => physStart === address && size > 0n);
  if (index < 0) {
    throw bad(name, `no memory region of the cell starts at ${hex(address)}`);
  }
  return index;
}

/** The guest is told one address only: all sections follow each other from there. */
function requireSections(regions: readonly MemoryRegion[], peers: number, name: string): void {
  const sections = regions.slice(0, 2 + peers);
  if (sections.length < 2 + peers) {
    throw bad(name, `${2 + peers} memory regions are needed from the state table on, there are ${sections.length}`);
  }
  const used = sections.filter(({ size }) => size > 0n);
  for (const [index, section] of used.entries()) {
    const next = used[index + 1];
    if (next && next.virtStart !== section.virtStart + section.size) {
      throw bad(name, `its memory does not continue at ${hex(section.virtStart + section.size)}`);
    }
  }
}

/** How a device is called in errors. */
export function deviceName({ bdf }: PciDevice): string {
  return `ivshmem ${formatBdf(bdf)}`;
}
