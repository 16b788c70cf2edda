import { existsSync, readdirSync } from 'node:fs';
import { connectToBoard } from '../../../kernel/emulated/start';
import { boardPaths, runtimeDirectory } from '../../../paths';
import { chooseFormat, formatList, LIST_OPTIONS } from '../../list-format';
import { showTable } from '../../table';
import { parseOptions, UsageError } from '../arguments';
import { statusOf } from './running';

import { BOARD_USAGE } from './usage';
import type { BoardStatus } from '../../../wire/control';
import type { CommandIo } from '../../command';

type Listed = (BoardStatus & { readonly state: 'on' }) | { readonly name: string; readonly state: 'killed' };

/** Boards that run, and those whose process was killed. */
export async function list(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, LIST_OPTIONS, BOARD_USAGE);
  if (positionals.length > 0) throw new UsageError(`list takes no name`, BOARD_USAGE);
  const format = chooseFormat(values);
  if (format === undefined) throw new UsageError('one of --json, --quiet and --format', BOARD_USAGE);
  const boards = await allBoards();
  io.out(formatList(format, boards, { name: ({ name }) => name, table: () => showTable(rowsOf(boards)) }));
  return 0;
}

async function allBoards(): Promise<Listed[]> {
  const boards: Listed[] = [];
  for (const name of folderNames(runtimeDirectory()).sort()) {
    const connection = await connectToBoard(name);
    if (connection) boards.push({ ...(await statusOf(connection)), state: 'on' });
    else if (existsSync(boardPaths(name).state)) boards.push({ name, state: 'killed' });
  }
  return boards;
}

function folderNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function rowsOf(boards: readonly Listed[]): string[][] {
  const rows = boards.map((board) =>
    board.state === 'on'
      ? [board.name, board.type, 'on', `${board.processId}`, board.release, board.clock, cellNames(board)]
      : [board.name, '', 'killed'],
  );
  return rows.length === 0 ? [] : [['NAME', 'TYPE', 'STATE', 'PROCESS', 'RELEASE', 'CLOCK', 'CELLS'], ...rows];
}

function cellNames(board: BoardStatus): string {
  return board.cells.map((cell) => cell.name).join(', ');
}
