import {
  cpuSetOf,
  encodeConfig,
  MEM_COMM_REGION,
  MEM_EXECUTE,
  MEM_LOADABLE,
  MEM_READ,
  MEM_WRITE,
} from '../../src/abi/jailhouse';
import type { CellConfig, Dialect, SystemConfig } from '../../src/abi/jailhouse';

const NO_CONSOLE = { address: 0n, size: 0, type: 0, flags: 0, divider: 0, gateNr: 0, clockReg: 0n };
const BARE = {
  id: 0,
  flags: 0,
  vpciIrqBase: 0,
  cpuResetAddress: 0n,
  msgReplyTimeout: 0n,
  console: NO_CONSOLE,
  cacheRegions: [],
  irqchips: [],
  pciDevices: [],
  pciCapabilities: [],
};

/** A cell with 64 KiB of loadable memory at 0 and a communication region. */
export function cellConfig(changes: Partial<CellConfig> = {}): CellConfig {
  return {
    ...BARE,
    name: 'gic-demo',
    cpuSet: cpuSetOf([3]),
    memoryRegions: [
      { physStart: 0x30860000n, virtStart: 0x30860000n, size: 0x1000n, flags: MEM_READ | MEM_WRITE },
      {
        physStart: 0xbb700000n,
        virtStart: 0n,
        size: 0x10000n,
        flags: MEM_READ | MEM_WRITE | MEM_EXECUTE | MEM_LOADABLE,
      },
      { physStart: 0n, virtStart: 0x80000000n, size: 0x1000n, flags: MEM_READ | MEM_WRITE | MEM_COMM_REGION },
    ],
    ...changes,
  };
}

export function cellFile(changes: Partial<CellConfig> = {}, dialect: Dialect = 'nxp-10'): Uint8Array {
  return encodeConfig(cellConfig(changes), dialect);
}

export function systemFile(changes: Partial<SystemConfig> = {}, dialect: Dialect = 'nxp-10'): Uint8Array {
  const system: SystemConfig = {
    architecture: 'arm64',
    flags: 1,
    hypervisorMemory: { physStart: 0xfdc00000n, virtStart: 0n, size: 0x400000n, flags: 0n },
    debugConsole: NO_CONSOLE,
    pciMmconfigBase: 0n,
    pciMmconfigEndBus: 0,
    pciIsVirtual: 1,
    pciDomain: 0,
    arm: {
      maintenanceIrq: 25,
      gicVersion: 3,
      gicdBase: 0x38800000n,
      giccBase: 0n,
      gichBase: 0n,
      gicvBase: 0n,
      gicrBase: 0x38880000n,
    },
    rootCell: cellConfig({ name: 'imx8mq', cpuSet: cpuSetOf([0, 1, 2, 3]) }),
    ...changes,
  };
  return encodeConfig(system, dialect);
}
