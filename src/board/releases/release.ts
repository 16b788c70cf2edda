import type { Dialect, StatisticsGeneration } from '../../abi/jailhouse';
import type { MachineTraits } from '../machine';

/** Sizes that the hypervisor's memory accounting depends on, in bytes. */
export interface HypervisorSizes {
  /** From the image's header (jailhouse-abi reference 5.1). */
  readonly core: number;
  readonly perCpu: number;
  /** jailhouse.bin as a file: the core without what is only zeros at its end. */
  readonly imageFile: number;
  readonly entryOffset: number;
  readonly consolePageOffset: number;
  /** `struct cell`, communication page included, and `struct pci_device` (reference 5.3). */
  readonly cellStruct: number;
  readonly pciDeviceStruct: number;
}

/** What the Linux that goes with a release prints when CPUs go and come (reference 1.8). */
export interface LinuxTexts {
  readonly kernelVersion: string;
  readonly cpuKilled: (cpu: number) => string;
  readonly cpuBooted: (cpu: number, mpidr: bigint, midr: bigint) => string;
}

/** A release of Jailhouse below the seam: all that differs between releases, as data. */
export interface Release {
  /** Used on command lines: `nxp-v0.10`. */
  readonly name: string;
  /** What hypervisor and driver call themselves. */
  readonly version: string;
  /** The one layout of configs that driver and hypervisor were compiled with; also decides the communication region. */
  readonly dialect: Dialect;
  readonly statistics: StatisticsGeneration;
  readonly sizes: HypervisorSizes;
  readonly traits: MachineTraits;

  /** The driver takes offline CPUs out of the root cell's set (reference 1.3, step 18). */
  readonly masksOfflineCpus: boolean;
  /** CELL_CREATE of another architecture's config returns 0 without creating anything (reference 1.5, step 5b). */
  readonly ignoresForeignCellArchitecture: boolean;

  /** Units in the order of their initialisation, as the console names them. */
  readonly units: readonly ('irqchip' | 'ARM SMMU v3' | 'ARM SMMU' | 'PVU IOMMU' | 'PCI')[];
  /** The SMMU unit reports what it finds, and every commit prints a line (GA). */
  readonly printsIommu: boolean;
  /** Two irqchip entries with one pin_base: the later replaces the earlier, or both count. */
  readonly repeatedPinBase: 'replace' | 'merge';

  readonly linux: LinuxTexts;
}
