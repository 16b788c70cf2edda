import type { Problem } from './problem';
import type { LogBuffer } from './log-buffer';

/** A domain of Xen, as its row shows it. */
export interface DomainState {
  readonly id: number;
  readonly name: string;
  readonly state: DomainWord;
  readonly onlineVcpus: number;
  readonly memoryKib: number;
  readonly cpuTimeSeconds: number;
  /** 100 is one CPU. Absent until there are two samples. */
  readonly cpuPercent: number | undefined;
  /** The same of the last two minutes, oldest first. NaN: nothing is known of that time. */
  readonly history: readonly number[];
}

/** `ready`: has something to do, and no CPU yet. */
export type DomainWord = 'running' | 'blocked' | 'ready' | 'paused' | 'shut down' | 'crashed' | 'dying';

/** Xen at one moment. */
export interface XenFigures {
  readonly takenAtMs: number;
  /** Such as `4.17`. */
  readonly version: string;
  readonly cpuCount: number;
  readonly memoryKib: number;
  readonly freeKib: number;
  readonly domains: readonly DomainState[];
  /** How many values the histories have seen: where their columns begin. */
  readonly recorded: number;
}

/** What is known of the Xen of a board. */
export interface XenState {
  /** The newest; none before the first answer. */
  readonly figures?: XenFigures | undefined;
  /** Why there is no newer one. */
  readonly problem?: Problem | undefined;
  /** By domain; 0: Xen's own. */
  readonly consoles: ReadonlyMap<number, LogBuffer>;
  /** Id of the domain with the cursor. */
  readonly cursor: number | undefined;
  readonly marked: ReadonlySet<number>;
}

/** The console of a domain: which board's, by its place in the list, and which domain's. */
export interface ConsoleRef {
  readonly board: number;
  readonly domain: number;
}

export const NEW_XEN: XenState = { consoles: new Map(), cursor: undefined, marked: new Set() };

/** It has no console for us; what stands in its place is Xen's own. */
export const DOMAIN_0 = 0;
