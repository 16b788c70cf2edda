import { History } from '../../watch/history';
import { ratesBetween } from '../../watch/rates';
import type { Counters } from '../../jailhouse/stats';
import type { CellRates } from '../../watch/rates';
import type { BoardSnapshot, CellSample } from '../../watch/snapshot';
import type { CellState, Figures } from '../model/board';

/** What the sparklines show. */
const HISTORY_MS = 120_000;

/** Turns snapshots into what is shown of their cells: totals, rates, and the rates of the last two minutes. */
export class FigureKeeper {
  private last: BoardSnapshot | undefined;
  private kept = new Map<string, History>();
  private recorded = 0;

  constructor(private intervalMs: number) {}

  /** How many samples the histories have seen, those that they have forgotten included. */
  get count(): number {
    return this.recorded;
  }

  /** Values of different intervals do not belong in one history: it begins anew. */
  restart(intervalMs: number): void {
    this.intervalMs = intervalMs;
    this.kept = new Map();
  }

  /** A snapshot out of turn, because something was done, is shown, but is no value of the histories. */
  next(snapshot: BoardSnapshot): CellState[] {
    const { last } = this;
    const rates = last ? ratesBetween(last, snapshot) : new Map<number, CellRates>();
    const isInTurn = !last || snapshot.clockMs - last.clockMs > this.intervalMs / 2;
    const before = this.kept;
    this.kept = new Map();
    if (isInTurn) {
      this.last = snapshot;
      this.recorded++;
    }
    return snapshot.cells.map((sample) => this.cellOf(sample, rates.get(sample.cell.id), before, isInTurn));
  }

  private cellOf(
    { cell, counters }: CellSample,
    rates: CellRates | undefined,
    before: Map<string, History>,
    isInTurn: boolean,
  ): CellState {
    if (!counters) return { ...cell, cpus: new Map() };
    const of = (totals: Counters, perSecond: Counters | undefined, who: string): Figures => ({
      totals,
      rates: perSecond ?? new Map(),
      histories: new Map(
        [...totals.keys()].map((counter) => {
          const key = `${cell.id} ${cell.name} ${who} ${counter}`;
          const history = before.get(key) ?? new History(historyCapacity(this.intervalMs));
          if (isInTurn) history.push(perSecond?.get(counter));
          this.kept.set(key, history);
          return [counter, history.values().map((value) => value ?? NaN)];
        }),
      ),
    });
    return {
      ...cell,
      sum: of(counters.sum, rates?.sum, 'sum'),
      cpus: new Map([...counters.cpus].map(([cpu, totals]) => [cpu, of(totals, rates?.cpus.get(cpu), `${cpu}`)])),
    };
  }
}

/** How many values of the last two minutes there are. */
export function historyCapacity(intervalMs: number): number {
  return Math.max(Math.round(HISTORY_MS / intervalMs), 2);
}
