import { closeSync, writeSync } from 'node:fs';
import { CellvisorError } from '../../errors';
import { boardPaths } from '../../paths';
import { BoardServer } from './server';
import type { Journal } from './journal';
import type { ServedBoard } from './served-board';

const REPORT_DESCRIPTOR = 3;
const START_LOCK_DESCRIPTOR = 4;

/** What kernel/emulated/start.ts asks for. */
export interface StartArgument {
  readonly name: string;
  /** Default: `name`. */
  readonly type?: string;
  readonly release?: string;
  readonly clock?: 'real' | 'virtual';
}

/** What a board does to its process. */
export interface PowerSwitch {
  /** Ends the process, once the current request is answered. */
  off(): void;
  /** Ends all connections, once the current request is answered. */
  disconnectAll(): void;
}

export interface HostedBoard extends ServedBoard {
  close(): void;
}

export type PowerOn = (argument: StartArgument, power: PowerSwitch, journal: Journal) => HostedBoard;

/** Makes this process the board that its first argument asks for. */
export async function runDaemon(powerOn: PowerOn): Promise<void> {
  process.umask(0o077);
  try {
    await start(JSON.parse(process.argv[2] ?? '{}') as StartArgument, powerOn);
    report({});
  } catch (error) {
    journal(error instanceof CellvisorError ? error.message : String((error as Error).stack));
    const { code, hint } = error instanceof CellvisorError ? error : { code: undefined, hint: undefined };
    report({ message: (error as Error).message, code, hint });
    process.exit(1);
  }
}

async function start(argument: StartArgument, powerOn: PowerOn): Promise<void> {
  const paths = boardPaths(argument.name);
  const power: PowerSwitch = {
    off: () => setImmediate(end),
    disconnectAll: () => setImmediate(() => server.closeSessions()),
  };
  const board = powerOn(argument, power, journal);
  const server = new BoardServer(board, paths, journal);
  const end = () => {
    server.close();
    board.close();
    process.exit(0);
  };
  // A bug must not cost a person the cells that run here.
  process.on('uncaughtException', (error) => journal(`uncaught: ${error.stack ?? error.message}`));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  await server.listen();
}

function journal(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
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
