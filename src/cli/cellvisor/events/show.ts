import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import type { BoardEvent } from '../../../watch/events';

/** An event as people read it: when, what, which cell, and what is to be said of it. */
export function eventLine(event: BoardEvent): string {
  return [timeOf(event), event.type, ...details(event)].join(' ');
}

/** An event as `cellvisor events --json` prints it (docs/streams.md). */
export function eventRecord(event: BoardEvent): string {
  // The time as people read it is as good for programs.
  return JSON.stringify({ time: timeOf(event), ...event, atMs: undefined });
}

function details(event: BoardEvent): string[] {
  if (!('cell' in event)) return [];
  const { id, name, state, assignedCpus } = event.cell;
  const cell = `${name} (id ${id})`;
  switch (event.type) {
    case 'cell-appeared':
      return [`${cell}: ${state}, CPUs ${formatCpuList(assignedCpus)}`];
    case 'cell-gone':
      return [cell];
    case 'state-changed':
      return [`${cell}: ${event.from} -> ${event.to}`];
    case 'cpu-failed':
      return [`${cell}: CPU ${event.cpu}`];
  }
}

function timeOf({ atMs }: BoardEvent): string {
  return new Date(atMs).toISOString();
}
