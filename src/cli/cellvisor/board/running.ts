import { CellvisorError } from '../../../errors';
import { chosenBoard } from '../../../kernel/choose';
import { connectToBoard } from '../../../kernel/emulated/start';
import { decodeJson } from '../../../wire/control';
import { UsageError } from '../arguments';
import { BOARD_USAGE } from './usage';
import type { Connection } from '../../../kernel/emulated/connection';
import type { BoardStatus } from '../../../wire/control';

/** The NAME that a subcommand was given, or the default. */
export function boardName(positionals: readonly string[]): string {
  if (positionals.length > 1) throw new UsageError(`one board at a time, not '${positionals.join(' ')}'`, BOARD_USAGE);
  return chosenBoard(positionals[0]);
}

/** @throws CellvisorError `E_BOARD_OFF` when it does not run */
export async function runningBoard(name: string): Promise<Connection> {
  const connection = await connectToBoard(name);
  if (connection) return connection;
  throw new CellvisorError(`the emulated board ${name} is off`, {
    code: 'E_BOARD_OFF',
    operation: 'connect to board',
    hint: `cellvisor board start ${name} powers it on; cellvisor board list shows those that run`,
  });
}

export async function statusOf(connection: Connection): Promise<BoardStatus> {
  return decodeJson(await connection.request('boardStatus', [])) as BoardStatus;
}

/** @throws CellvisorError `E_BOARD_PART` when the board has no part of that name */
export function requireOneOf(names: readonly string[], name: string, kind: string): void {
  if (names.includes(name)) return;
  throw new CellvisorError(`the board has no ${kind} '${name}'`, {
    code: 'E_BOARD_PART',
    operation: `find ${kind}`,
    hint: `it has ${names.join(', ')}`,
  });
}
