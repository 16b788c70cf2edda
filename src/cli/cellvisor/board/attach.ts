import { chosenBoard } from '../../../kernel/choose';
import { encodeUartInput } from '../../../wire/control';
import { parseOptions, UsageError } from '../arguments';
import { readLog } from './follow-log';
import { requireOneOf, runningBoard, statusOf } from './running';
import { BOARD_USAGE } from './usage';
import type { Connection } from '../../../kernel/emulated/connection';
import type { CommandIo } from '../../command';

/** Ctrl-], as in telnet. */
const LEAVE = 0x1d;

/** Connects stdin and stdout with a UART, from now on. Ends with Ctrl-], the end of stdin, or the board. */
export async function attach(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { board: { type: 'string' } }, BOARD_USAGE);
  const [uart, ...others] = positionals;
  if (uart === undefined || others.length > 0) throw new UsageError('one UART, such as uart1', BOARD_USAGE);
  const name = chosenBoard(values.board);
  const connection = await runningBoard(name);
  const { uarts } = await statusOf(connection);
  requireOneOf(
    uarts.map((one) => one.name),
    uart,
    'UART',
  );

  const { stdin } = process;
  const leaving = new AbortController();
  if (stdin.isTTY) {
    io.err(`attached to ${uart} of ${name}; Ctrl-] leaves\n`);
    stdin.setRawMode(true);
  }
  try {
    const input = forwardInput(connection, uart, leaving);
    const start = { sinceMs: Number.MAX_SAFE_INTEGER, isFollowing: true, signal: leaving.signal };
    for await (const bytes of readLog(connection, uart, start)) io.out(bytes);
    stdin.destroy();
    await input;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
  }
  if (stdin.isTTY) io.err('\n');
  return 0;
}

async function forwardInput(connection: Connection, uart: string, leaving: AbortController): Promise<void> {
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      const end = process.stdin.isTTY ? chunk.indexOf(LEAVE) : -1;
      const typed = end === -1 ? chunk : chunk.subarray(0, end);
      if (typed.length > 0) await connection.request('uartInput', encodeUartInput({ uart, bytes: typed }));
      if (end !== -1) break;
    }
  } catch {
    // The board went away, or stdin was taken back: either way this is over.
  } finally {
    leaving.abort();
  }
}
