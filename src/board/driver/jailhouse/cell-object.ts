import type { MemoryRegion } from '../../../abi/jailhouse';

/** A cell as the driver keeps it: one directory in sysfs. */
export interface CellObject {
  readonly id: number;
  readonly name: string;
  /** The root cell's shrink and grow with the other cells. */
  cpusAssigned: number[];
  readonly memoryRegions: readonly MemoryRegion[];
  /** CPUs that the driver took offline for the cell and brings back after it. */
  readonly offlinedCpus: number[];
}
