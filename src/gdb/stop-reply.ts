import { threadOf } from './threads';
import type { Points } from './points';
import type { DebugStop } from './target';

/** Signals by GDB's numbers (GDB's include/gdb/signals.def is what the manual refers to). */
const SIGINT = '02';
const SIGTRAP = '05';
const SIGSEGV = '0b';

/** The cell is gone: for GDB, ended by SIGKILL. */
export const GONE_REPLY = 'X09';

/**
 * Why the cell is held, as an answer to `?` and to whatever made it go on.
 * @param isInterrupt whether GDB has asked for it with Ctrl-C
 */
export function stopReply(stop: DebugStop, points: Points, isInterrupt: boolean): string {
  const thread = `thread:${threadOf(stop.cpu)};`;
  switch (stop.kind) {
    case 'breakpoint':
    case 'watchpoint':
      return `T${SIGTRAP}${points.reasonFor(stop)}${thread}`;
    case 'failed':
      return `T${SIGSEGV}${thread}`;
    case 'requested':
      return `T${isInterrupt ? SIGINT : SIGTRAP}${thread}`;
    case 'started':
    case 'stepped':
      return `T${SIGTRAP}${thread}`;
  }
}
