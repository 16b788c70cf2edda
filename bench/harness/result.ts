import { median } from './statistics';

/** One measured figure. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
  /** Somebody else doing the same in the same run, or why there is nobody. */
  readonly peer?: Peer;
}

export type Peer =
  { readonly name: string; readonly value: number } | { readonly name: string; readonly missing: string };

export interface Target {
  readonly limit: 'at least' | 'at most';
  readonly value: number;
  /** `ratio`: of our value to the peer's. */
  readonly of: 'value' | 'ratio';
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** What is measured and how: a paragraph for people who read the figures. */
  readonly method: string;
  run(): Promise<Row[]>;
}

export function ratioOf({ value, peer }: Row): number | undefined {
  return peer && 'value' in peer ? value / peer.value : undefined;
}

/** @returns undefined when there is no target, or no peer to compare with */
export function isTargetMet(row: Row): boolean | undefined {
  const measured = row.target?.of === 'ratio' ? ratioOf(row) : row.value;
  if (!row.target || measured === undefined) return undefined;
  return row.target.limit === 'at least' ? measured >= row.target.value : measured <= row.target.value;
}

/** Durations in milliseconds, measured in turns with a peer's: at most so many times as long, by their medians. */
export function besidePeer(
  what: string,
  ours: readonly number[],
  atMost: number,
  peer: string,
  peers: readonly number[],
): Row {
  return {
    what,
    value: median(ours),
    unit: 'ms',
    target: { limit: 'at most', value: atMost, of: 'ratio' },
    peer: { name: peer, value: median(peers) },
  };
}
