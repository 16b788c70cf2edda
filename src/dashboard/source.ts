import type { Jailhouse } from '../jailhouse/jailhouse';
import type { ConfigCopies } from '../kept-configs/kept-configs';
import type { Kernel } from '../kernel/kernel';
import type { Link } from '../kernel/link';
import type { SampledDomains } from '../xen/watch/domain-sampler';
import type { HostFigures } from '../xen/watch/host-figures';
import type { DomainHand } from './model/hand';

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
  /** Undefined where there can be none. */
  readonly xen?: XenAccess | undefined;
}

export interface UartSource {
  readonly name: string;
  /** From the beginning, and on as it comes. Ends when the board goes away. */
  follow(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** The way to the Xen of a board, should it have one. */
export interface XenAccess {
  isThere(): Promise<boolean>;
  /** Connects. What is needed for that is loaded only now. @throws CellvisorError */
  connect(): Promise<XenSource>;
}

/** The Xen of a board. All of it throws CellvisorError. */
export interface XenSource {
  sample(): Promise<XenSample>;
  /** What a domain prints from now on, and its keyboard; of domain 0 what Xen itself prints. */
  console(domain: number, signal: AbortSignal): Promise<DomainConsole>;
  /** @returns what did not go as it should, a line each */
  perform(hand: DomainHand): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface XenSample extends SampledDomains, Pick<HostFigures, 'cpuCount' | 'memoryKib' | 'freeKib'> {
  /** Such as `4.17`. */
  readonly version: string;
}

/** Ends with its domain, and when its signal is aborted. */
export interface DomainConsole extends AsyncIterable<Uint8Array> {
  /** Absent where there is no keyboard. */
  write?(bytes: Uint8Array): Promise<void>;
}
