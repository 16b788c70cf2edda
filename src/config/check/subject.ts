import { cpusOf, MEM_DMA, MEM_EXECUTE } from '../../abi/jailhouse';
import type { CellConfig, Dialect, SystemConfig } from '../../abi/jailhouse';
import type { Origin } from '../builder/origin';
import type { Hardware } from './hardware';

/** What every checked config has. */
interface Checked {
  /** As the user named it. Absent: it is not from a file. */
  readonly file?: string | undefined;
  readonly dialect: Dialect;
  /** Length of the file in bytes. */
  readonly sizeBytes?: number | undefined;
  /** Where a field was written, by its name in C; absent where the config has no TypeScript source. */
  readonly sourceOf?: ((field: string) => Origin | undefined) | undefined;
}

export interface CheckedSystem extends Checked {
  readonly config: SystemConfig;
}

export interface CheckedCell extends Checked {
  readonly config: CellConfig;
  readonly isRoot: boolean;
}

/** An image that is to be loaded into a cell. */
export interface CheckedImage {
  readonly cell: string;
  readonly file: string;
  /** Guest address. */
  readonly address: bigint;
  readonly sizeBytes: number;
}

/** What is checked together: a system, the cells that are to exist beside each other in it, and where it is to run. */
export interface Subject {
  readonly system?: CheckedSystem | undefined;
  readonly cells: readonly CheckedCell[];
  readonly images?: readonly CheckedImage[] | undefined;
  readonly hardware?: Hardware | undefined;
}

/** The root cell of a system, as a cell among the others. */
export function rootOf(system: CheckedSystem): CheckedCell {
  return { ...system, config: system.config.rootCell, isRoot: true };
}

/** Root first, where there is one. */
export function allCells({ system, cells }: Subject): readonly CheckedCell[] {
  return system ? [rootOf(system), ...cells] : cells;
}

/** The hypervisor takes no larger set; in a damaged file it can be a megabyte. */
export const CPU_SET_LIMIT_BYTES = 4096;

export function cellCpus({ cpuSet }: CellConfig): number[] {
  return cpusOf(cpuSet.subarray(0, CPU_SET_LIMIT_BYTES));
}

/** How many CPUs the driver makes room for: up to the highest one of the root cell. */
export function maxCpus(root: CellConfig): number {
  return (cellCpus(root).at(-1) ?? -1) + 1;
}

/** Linux has RAM for DMA. It finds its devices in a device tree, and has no use for the communication region. */
export function looksLikeLinux({ memoryRegions }: CellConfig): boolean {
  const wanted = MEM_DMA | MEM_EXECUTE;
  return memoryRegions.some(({ flags }) => (flags & wanted) === wanted);
}
