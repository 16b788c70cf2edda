import { eventInWords } from '../../../watch/event-words';
import type { BoardEvent } from '../../../watch/events';

/** An event as people read it: when, and what. */
export function eventLine(event: BoardEvent): string {
  return `${timeOf(event)} ${eventInWords(event)}`;
}

/** An event as `cellvisor events --json` prints it (docs/streams.md). */
export function eventRecord(event: BoardEvent): string {
  // The time as people read it is as good for programs.
  return JSON.stringify({ time: timeOf(event), ...event, atMs: undefined });
}

function timeOf({ atMs }: BoardEvent): string {
  return new Date(atMs).toISOString();
}
