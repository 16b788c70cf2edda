/** The process of an emulated board. kernel/emulated/start.ts starts it and says there what the descriptors are. */
import { closeSync, writeSync } from 'node:fs';
import { CellvisorError } from '../../errors';
import { boardPaths } from '../../paths';
import { PoweredBoard } from './powered-board';
import { BoardServer } from './server';

const REPORT_DESCRIPTOR = 3;
const START_LOCK_DESCRIPTOR = 4;

interface StartArgument {
  readonly name: string;
  readonly type?: string;
  readonly release?: string;
  readonly clock?: 'real' | 'virtual';
}

function journal(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

async function start(argument: StartArgument): Promise<void> {
  process.umask(0o077);
  const board = new PoweredBoard({ ...argument, journal });
  const server = new BoardServer(board, boardPaths(argument.name), journal);
  // A bug must not cost a person the cells that run here.
  process.on('uncaughtException', (error) => journal(`uncaught: ${error.stack ?? error.message}`));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => board.stop());
  board.onStop = () => {
    server.close();
    board.close();
    process.exit(0);
  };
  await server.listen();
}

/** Tells whoever started this process how it went, and lets go of the lock under which boards start. */
function report(result: object): void {
  try {
    writeSync(REPORT_DESCRIPTOR, JSON.stringify(result));
    closeSync(REPORT_DESCRIPTOR);
  } catch {
    // It did not wait. The board is there for others.
  }
  closeSync(START_LOCK_DESCRIPTOR);
}

start(JSON.parse(process.argv[2] ?? '{}') as StartArgument).then(
  () => report({}),
  (error: unknown) => {
    const isOurs = error instanceof CellvisorError;
    journal(isOurs ? error.message : String((error as Error).stack));
    report({ message: (error as Error).message, hint: isOurs ? error.hint : undefined });
    process.exit(1);
  },
);
