import type { Jailhouse } from '../jailhouse/jailhouse';
import type { ConfigCopies } from '../kept-configs/kept-configs';
import type { Kernel } from '../kernel/kernel';
import type { Link } from '../kernel/link';

/** A board, by what the dashboard is told of it. */
export interface BoardSource {
  readonly name: string;
  readonly kernel: Kernel;
  /** Of a board on another machine. */
  readonly link?: Link | undefined;
  readonly jailhouse: Jailhouse;
  /** Copies of what its cells were created from; undefined where none can be had. */
  readonly keptConfigs: ConfigCopies | undefined;
  /** What its UARTs print, where somebody writes that down: an emulated board does. */
  readonly uarts: (() => Promise<readonly UartSource[]>) | undefined;
}

export interface UartSource {
  readonly name: string;
  /** From the beginning, and on as it comes. Ends when the board goes away. */
  follow(signal: AbortSignal): AsyncIterable<Uint8Array>;
}
