import type { CellConfig, SystemConfig } from '../../abi/jailhouse';
import type { BoardDescription } from '../../boards';
import type { Machine } from '../machine';
import type { Release } from '../releases';
import type { PagePool } from './page-pool';
import type { Stage2Tables } from './stage2-tables';

/** A cell as the hypervisor knows it. */
export interface HypervisorCell {
  readonly id: number;
  readonly config: CellConfig;
  /** Linux logical numbers, ascending. */
  cpus: number[];
  readonly tables: Stage2Tables;
  /** Pages of the pool that the cell takes besides its tables. */
  ownPages: number;
  /** LOADABLE regions are mapped into the root cell. */
  loadable: boolean;
}

/** One end of an ivshmem link; `id` is the position (v1) or the peer number of the config (v2). */
export interface IvshmemEnd {
  readonly cell: HypervisorCell;
  readonly id: number;
}

/** ivshmem devices of several cells with one BDF. */
export interface IvshmemLink {
  readonly bdf: number;
  readonly ends: IvshmemEnd[];
}

/** All that an enabled hypervisor knows. Its operations, one file each, are functions of it. */
export interface HypervisorState {
  readonly machine: Machine;
  readonly board: BoardDescription;
  readonly release: Release;
  readonly system: SystemConfig;
  readonly memPool: PagePool;
  readonly remapPool: PagePool;
  /** The root cell comes first, the others in the order of their creation. */
  readonly cells: [HypervisorCell, ...HypervisorCell[]];
  readonly links: IvshmemLink[];
}

export function rootCellOf(state: HypervisorState): HypervisorCell {
  return state.cells[0];
}
