import type { Cell } from '../jailhouse/cell';
import type { BoardSnapshot } from './snapshot';

/** Something that happened between two samples. `atMs`: when the second one was taken, in milliseconds since 1970. */
export type BoardEvent = { readonly atMs: number } & (
  | { readonly type: 'driver-gone' | 'driver-back' | 'hypervisor-enabled' | 'hypervisor-closed' }
  | { readonly type: 'cell-appeared' | 'cell-gone'; readonly cell: Cell }
  | { readonly type: 'state-changed'; readonly cell: Cell; readonly from: string; readonly to: string }
  | { readonly type: 'cpu-failed'; readonly cell: Cell; readonly cpu: number }
);

/** `BoardEvent` before it has a time, one member at a time. */
type Untimed<E> = E extends BoardEvent ? Omit<E, 'atMs'> : never;
type Happening = Untimed<BoardEvent>;

/**
 * Finds what changed from sample to sample. What happens and is undone between two samples is not seen. A cell that could
 * not be read stays as it was last seen, and is not gone.
 */
export class EventDetector {
  private cells = new Map<number, Cell>();
  private isLoaded: boolean | undefined;
  private isEnabled = false;

  /** @returns what happened since the sample before, in an order in which it may have happened. Of the first one: nothing */
  next(snapshot: BoardSnapshot): BoardEvent[] {
    const isFirst = this.isLoaded === undefined;
    const board = this.boardChanges(snapshot);
    const { gone, present } = this.cellChanges(snapshot);
    // Cells go before what they lived in, and come after it.
    const happenings = isFirst ? [] : [...gone, ...board, ...present];
    return happenings.map((happening): BoardEvent => ({ atMs: snapshot.takenAtMs, ...happening }));
  }

  private boardChanges({ driver, status }: BoardSnapshot): Happening[] {
    const isLoaded = driver === 'loaded';
    const isEnabled = status?.enabled ?? false;
    const changes: Happening[] = [];
    if (this.isEnabled && !isEnabled) changes.push({ type: 'hypervisor-closed' });
    if (isLoaded !== this.isLoaded) changes.push({ type: isLoaded ? 'driver-back' : 'driver-gone' });
    if (isEnabled && !this.isEnabled) changes.push({ type: 'hypervisor-enabled' });
    this.isLoaded = isLoaded;
    this.isEnabled = isEnabled;
    return changes;
  }

  private cellChanges({ cells, failures }: BoardSnapshot): { gone: Happening[]; present: Happening[] } {
    const before = this.cells;
    const now = new Map(cells.map(({ cell }) => [cell.id, cell]));
    for (const { cell } of failures) {
      const last = cell && before.get(cell.id);
      if (last && !now.has(last.id)) now.set(last.id, last);
    }
    this.cells = now;
    const gone = [...before.values()].filter(({ id, name }) => now.get(id)?.name !== name);
    const present = [...now.values()].flatMap((cell): Happening[] => {
      const last = before.get(cell.id);
      return last?.name === cell.name ? changesOf(last, cell) : [{ type: 'cell-appeared', cell }];
    });
    return { gone: gone.map((cell): Happening => ({ type: 'cell-gone', cell })), present };
  }
}

function changesOf(last: Cell, cell: Cell): Happening[] {
  const failed = cell.failedCpus.filter((cpu) => !last.failedCpus.includes(cpu));
  return [
    ...failed.map((cpu): Happening => ({ type: 'cpu-failed', cell, cpu })),
    ...(cell.state === last.state
      ? []
      : [{ type: 'state-changed', cell, from: last.state, to: cell.state } satisfies Happening]),
  ];
}
