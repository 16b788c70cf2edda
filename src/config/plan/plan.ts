import type { Uart } from '../create/console';
import type { BoardFacts } from '../create/board-facts';
import type { Device } from '../create/devices';
import type { Placement } from '../create/places';
import type { Smmu } from '../create/smmu';
import type { Dialect } from '../../abi/jailhouse';
import type { MemoryRange } from '../../boards';
import type { LinkEnd } from './links';

/** A memory region of a cell, or those of a link, in the builder's words. */
export type PlannedRegion =
  | (MemoryRange & {
      readonly kind: 'io' | 'ram' | 'dataRam' | 'linuxRam' | 'inmateRam';
      readonly isShared: boolean;
      readonly comment?: string;
    })
  | { readonly kind: 'commRegion' }
  | { readonly kind: 'link'; readonly end: LinkEnd };

export interface PlannedCell {
  readonly name: string;
  /** Of its files, without ending. */
  readonly file: string;
  readonly kind: 'root' | 'inmate' | 'linux';
  readonly summary: string;
  readonly cpus: readonly number[];
  readonly regions: readonly PlannedRegion[];
  /** SPIs of devices and of the virtual PCI host; the root cell has all. */
  readonly spis: readonly number[];
  readonly vpciIrqBase?: number;
  readonly ends: readonly LinkEnd[];
  readonly console?: Uart;
  /** Devices that Linux in the root cell loses. */
  readonly devices: readonly Device[];
  /** NXP's v0.10 tells its inmates about their ivshmem device. */
  readonly toldIrq?: number;
}

/** Everything about a system and its cells that had to be decided. */
export interface Plan {
  readonly facts: BoardFacts;
  readonly placement: Placement;
  readonly dialect: Dialect;
  /** What the hypervisor is told of the board's SMMUs. */
  readonly smmus: readonly Smmu[];
  readonly root: PlannedCell;
  readonly cells: readonly PlannedCell[];
  /** What a person should know, one line each. */
  readonly notes: readonly string[];
}
