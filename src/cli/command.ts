import type { Kernel } from '../kernel/kernel';

/** What a command may touch of the process it runs in. Tests pass their own. */
export interface CommandIo {
  /** How the user called the program: the path, for messages that show it whole. */
  readonly programPath: string;
  readonly env: Environment;
  /** Writes to stdout, all of it, before it returns. Throws {@link OutputClosed} when nobody reads any more. */
  out(data: string | Uint8Array): void;
  /** Like `out`, for stderr. */
  err(text: string): void;
  /** The kernel that `env` asks for (CELLVISOR_BACKEND, CELLVISOR_BOARD, CELLVISOR_HOST). */
  openKernel(env: Environment): Promise<Kernel>;
  /** Present when both stdin and stdout are a terminal. */
  readonly openTerminal: (() => Promise<Terminal>) | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A whole screen, taken over until `close`. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Replaces what the screen shows. Lines longer than the screen is wide are cut. */
  draw(lines: readonly ScreenLine[]): void;
  /** The next key, or `resize`, `interrupt` (Ctrl-C or SIGINT) or, after `waitMs`, `timeout`. */
  nextKey(waitMs: number): Promise<string>;
  /** Gives the user's screen and keyboard back. Calling it twice does nothing. */
  close(): void;
}

export interface ScreenLine {
  readonly text: string;
  /** Swap foreground and background, over the whole width of the screen. */
  readonly reverse?: boolean;
}

/** Returns the exit code. */
export type Command = (args: readonly string[], io: CommandIo) => number | Promise<number>;

/** The reader of our stdout is gone, as in `jailhouse console | head`. */
export class OutputClosed extends Error {
  constructor() {
    super('nobody reads the output');
    this.name = 'OutputClosed';
  }
}
