import type { Counters } from '../../../jailhouse/stats';

export interface CounterRow {
  readonly counter: string;
  readonly value: number;
  /** Since the last sample; absent in the first one. */
  readonly perSecond: number | undefined;
}

/** Remembers the last sample and puts the counters that moved most on top (jailhouse-tools reference 10). */
export class CounterTable {
  private last: { readonly counters: Counters; readonly atNs: bigint } | undefined;

  /** @param atNs when the counters were read, on any steady clock */
  sample(counters: Counters, atNs: bigint): CounterRow[] {
    const { last } = this;
    this.last = { counters, atNs };
    const seconds = last && Number(atNs - last.atNs) / 1e9;
    const increase = (counter: string, value: number) => value - (last?.counters.get(counter) ?? value);
    return [...counters]
      .map(([counter, value]) => ({ counter, value, increase: increase(counter, value) }))
      .sort((a, b) => b.increase - a.increase || b.value - a.value || (a.counter < b.counter ? -1 : 1))
      .map(({ counter, value, increase: more }) => ({
        counter,
        value,
        perSecond: seconds ? Math.round(more / seconds) : undefined,
      }));
  }

  /** The next sample is a first one again. */
  reset(): void {
    this.last = undefined;
  }
}
