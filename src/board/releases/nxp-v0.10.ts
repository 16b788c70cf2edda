import type { Release } from './release';

/** imx-jailhouse imx_4.14.98_2.0.0_ga on Linux 4.14.98: what the NXP guide describes. */
export const nxpV010: Release = {
  name: 'nxp-v0.10',
  version: 'v0.10',
  dialect: 'nxp-10',
  statistics: 'v0.11',
  sizes: {
    core: 0x1e000,
    perCpu: 0x4000,
    imageFile: 0x18000,
    entryOffset: 0x1000,
    consolePageOffset: 0x18000,
    cellStruct: 8192,
    pciDeviceStruct: 344,
  },
  traits: {
    ivshmemVersion: 1,
    newline: 'lf-cr',
    dumpsElr: false,
    fpEnabledAtReset: false,
    unknownArchCallParks: false,
    trustedCallsForwarded: true,
    gicrTyperUpperHalf: false,
  },
  masksOfflineCpus: true,
  ignoresForeignCellArchitecture: false,
  units: ['irqchip', 'ARM SMMU', 'PCI'],
  printsIommu: true,
  repeatedPinBase: 'replace',
  linux: {
    kernelVersion: '4.14.98-imx_4.14.98_2.0.0_ga',
    cpuKilled: (cpu) => `psci: CPU${cpu} killed.`,
    cpuBooted: (cpu, _mpidr, midr) => `CPU${cpu}: Booted secondary processor [${midr.toString(16).padStart(8, '0')}]`,
  },
};
