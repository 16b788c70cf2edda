import type { CellConfig, Dialect, SystemConfig } from '../../abi/jailhouse';

/** What a file in cells/ exports. */
export interface CellModule {
  readonly config: SystemConfig | CellConfig;
  /** The dialect that the config is written for, and compiled to unless another one is asked for. */
  readonly dialect: Dialect;
  /** Name of the board, as `cellvisor board list` has it. */
  readonly board: string;
  /** One line. */
  readonly summary: string;
}
