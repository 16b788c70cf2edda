import {
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  memoryFlagsOf,
} from '../../abi/jailhouse';
import { isPossible, ivshmemDevices } from './ownership/pci';
import type { CellConfig, Dialect, MemoryRegion, PciDevice } from '../../abi/jailhouse';
import type { MachineCell, MachinePciDevice, MachineRegion } from '../machine';
import type { Release } from '../releases';

/** Bit of IO_UNALIGNED that the machine expects, whatever the config's dialect has. */
const MACHINE_IO_UNALIGNED = 0x8000;
/** All flags below are the same in every dialect, but 0x0100. */
const COMMON_FLAGS = 0xf_00ffn;
/** State table and R/W section, in front of one output section for each peer. */
const V2_FIXED_REGIONS = 2;

/** A cell's config in the terms of the machine: dialects, and what only Linux needs, are gone. */
export function machineCell(
  id: number,
  config: CellConfig,
  cpus: readonly number[],
  intids: readonly number[],
  release: Release,
): MachineCell {
  const { dialect } = release;
  return {
    id,
    name: config.name,
    cpus,
    regions: config.memoryRegions.map((region) => machineRegion(region, dialect)),
    intids,
    vpciIrqBaseIntid: (config.vpciIrqBase + 32) >>> 0,
    // The machine is taken over before its devices are checked; what will be refused then is not for it.
    pciDevices: ivshmemDevices(config.pciDevices)
      .filter((device) => isPossible(config, device, release))
      .map((device) => machineDevice(device, config, release)),
    consolePermitted: isConsolePermitted(config),
  };
}

/** ACTIVE implies PERMITTED: the driver sees to that when it creates a cell. */
export function isConsolePermitted(config: CellConfig): boolean {
  return (config.flags & (CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED | CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE)) !== 0;
}

function machineRegion(region: MemoryRegion, dialect: Dialect): MachineRegion {
  const unaligned = (region.flags & memoryFlagsOf(dialect).ioUnaligned) !== 0n;
  return {
    physStart: region.physStart,
    virtStart: region.virtStart,
    sizeBytes: region.size,
    flags: Number(region.flags & COMMON_FLAGS) | (unaligned ? MACHINE_IO_UNALIGNED : 0),
  };
}

function machineDevice(device: PciDevice, config: CellConfig, release: Release): MachinePciDevice {
  const v2 = release.traits.ivshmemVersion === 2;
  const peers = v2 ? (device.shmemPeers ?? 0) : 0;
  const first = (v2 ? device.shmemRegionsStart : device.shmemRegion) ?? 0;
  const count = v2 ? V2_FIXED_REGIONS + peers : 1;
  return {
    bdf: device.bdf,
    barMask: device.barMask,
    msixVectors: device.numMsixVectors,
    protocol: device.shmemProtocol,
    regions: config.memoryRegions.slice(first, first + count).map((region) => machineRegion(region, release.dialect)),
    deviceId: device.shmemDevId ?? 0,
    peers,
  };
}
