import type { BoardsChoice } from '../../../kernel/choose';

/** What the dashboard is about, once the command line is understood. */
export interface TopOptions {
  /** Which boards. `board` is the one that other hosts are asked for. */
  readonly choice: BoardsChoice;
  /** Emulated boards of this machine by name; empty where it is about others. */
  readonly emulated: readonly string[];
  readonly intervalMs: number;
  readonly isReadOnly: boolean;
}
