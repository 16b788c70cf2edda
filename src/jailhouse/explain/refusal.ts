import type { CellSelector } from '../../abi/jailhouse/ioctls';
import type { ErrnoName } from '../../errno';

/** An image as it was to be loaded. */
export interface RefusedImage {
  readonly sizeBytes: number;
  /** Guest address. */
  readonly address: bigint;
}

/** A call that failed, with what it was given. The operation is the one that the error carries. */
export type Refusal = DisableRefusal | ConsoleRefusal | ConfigRefusal | LoadRefusal | CellRefusal;

interface Failed<Operation> {
  readonly operation: Operation;
  readonly errno: ErrnoName | undefined;
  /** `process.hrtime.bigint()` just before the call. */
  readonly startedAtNs: bigint;
}

export type DisableRefusal = Failed<'JAILHOUSE_DISABLE'>;
export type ConsoleRefusal = Failed<'read(console)'>;

export interface ConfigRefusal extends Failed<'JAILHOUSE_ENABLE' | 'JAILHOUSE_CELL_CREATE'> {
  readonly config: Uint8Array;
}

export interface LoadRefusal extends Failed<'JAILHOUSE_CELL_LOAD'> {
  readonly selector: CellSelector;
  readonly images: readonly RefusedImage[];
}

export interface CellRefusal extends Failed<'JAILHOUSE_CELL_START' | 'JAILHOUSE_CELL_DESTROY' | 'reading stats'> {
  readonly selector: CellSelector;
}

/** A config file that may describe a running cell. */
export interface ConfigFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Looks for configs of cells with this name: the driver does not give back what a cell was created from. */
export type FindCellConfigs = (name: string) => Promise<readonly ConfigFile[]>;
