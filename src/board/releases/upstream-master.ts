import type { Release } from './release';

/** siemens/jailhouse master at e57d1eff (revision 14) on Linux 5.10. */
export const upstreamMaster: Release = {
  name: 'upstream-master',
  version: 'v0.12 (324-ge57d1eff)',
  dialect: 'upstream-14',
  statistics: 'v0.11',
  sizes: {
    core: 0x1f000,
    perCpu: 0x4000,
    imageFile: 0x19000,
    entryOffset: 0x1000,
    consolePageOffset: 0x19000,
    cellStruct: 8192,
    pciDeviceStruct: 344,
  },
  traits: {
    ivshmemVersion: 2,
    newline: 'cr-lf',
    dumpsElr: true,
    fpEnabledAtReset: true,
    unknownArchCallParks: true,
    trustedCallsForwarded: false,
    gicrTyperUpperHalf: true,
  },
  masksOfflineCpus: false,
  ignoresForeignCellArchitecture: true,
  units: ['irqchip', 'ARM SMMU v3', 'ARM SMMU', 'PVU IOMMU', 'PCI'],
  printsIommu: false,
  repeatedPinBase: 'merge',
  linux: {
    kernelVersion: '5.10.0-jailhouse',
    cpuKilled: (cpu) => `psci: CPU${cpu} killed (polled 0 ms)`,
    cpuBooted: (cpu, mpidr, midr) => {
      const affinity = (mpidr & 0xff_00ff_ffffn).toString(16).padStart(10, '0');
      return `CPU${cpu}: Booted secondary processor 0x${affinity} [0x${midr.toString(16).padStart(8, '0')}]`;
    },
  },
};
