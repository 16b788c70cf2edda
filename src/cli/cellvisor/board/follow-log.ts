import { KernelError } from '../../../errors';
import { decodeLogPart, encodeLogRequest } from '../../../wire/control';
import type { Connection } from '../../../kernel/emulated/connection';

export interface LogStart {
  /** Milliseconds since 1970; 0: from the beginning. */
  readonly sinceMs: number;
  readonly isFollowing: boolean;
  readonly signal?: AbortSignal;
}

/** The bytes of a board's log, in pieces; following ends when the board goes away. */
export async function* readLog(connection: Connection, log: string, start: LogStart): AsyncGenerator<Uint8Array> {
  const options = { description: `log ${log}`, signal: start.signal };
  let { sinceMs } = start;
  for (let from = 0; ;) {
    const request = encodeLogRequest({ log, from, isFollowing: start.isFollowing, sinceMs });
    let part;
    try {
      part = decodeLogPart(await connection.request('log', request, options));
    } catch (error) {
      const hasEnded = error instanceof KernelError && (error.errno === 'ECONNRESET' || error.errno === 'EINTR');
      if (start.isFollowing && hasEnded) return;
      throw error;
    }
    if (part.bytes.length === 0 && !start.isFollowing) return;
    yield part.bytes;
    from = part.end;
    sinceMs = 0;
  }
}
