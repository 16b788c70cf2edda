import { CellvisorError, KernelError } from '../../../errors';
import { BoardTarget } from '../../../gdb/board-target';
import { GdbServer } from '../../../gdb/server';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { chosenBoard } from '../../../kernel/choose';
import { EmulatedKernel } from '../../../kernel/emulated/kernel';
import { runningBoard, statusOf } from '../board/running';
import type { GdbAddress } from '../../../gdb/server';
import type { Connection } from '../../../kernel/emulated/connection';

export interface Attached {
  readonly connection: Connection;
  readonly target: BoardTarget;
  readonly cell: string;
}

/** @throws CellvisorError `E_BOARD_OFF`, `E_GDB_CELL`, `E_GDB_ROOT`, `E_GDB_BUSY` */
export async function attachTo(board: string | undefined, cell: string): Promise<Attached> {
  const connection = await runningBoard(chosenBoard(board));
  try {
    return { connection, target: await BoardTarget.attach(connection, cell), cell };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw await refusal(connection, cell, error);
  }
}

async function refusal(connection: Connection, cell: string, cause: KernelError): Promise<CellvisorError> {
  const details = (code: string, hint: string) => ({ code, operation: 'debug cell', hint, cause });
  switch (cause.errno) {
    case 'ENOENT': {
      const cells = (await statusOf(connection)).cells.slice(1).map(({ name }) => name);
      const hint = cells.length > 0 ? `it has ${cells.join(', ')}` : 'it has none: jailhouse cell create makes one';
      return new CellvisorError(`the emulated board has no cell '${cell}'`, details('E_GDB_CELL', hint));
    }
    case 'EPERM': {
      const hint = 'it is a model of Linux that executes nothing; the other cells can be debugged';
      return new CellvisorError(`'${cell}' is the root cell`, details('E_GDB_ROOT', hint));
    }
    case 'EBUSY': {
      const hint = 'a cell has one: end the cellvisor gdb that is there';
      return new CellvisorError(`cell '${cell}' has a debugger already`, details('E_GDB_BUSY', hint));
    }
    default:
      return cause;
  }
}

/**
 * Serves one GDB, until it is done or `signal` aborts.
 * @param onListening told where GDB connects
 * @returns what became of the cell, in a line for people
 * @throws CellvisorError `E_LISTEN`; KernelError ECONNRESET when the board went away
 */
export async function serve(
  { connection, target, cell }: Attached,
  address: GdbAddress,
  onListening: (address: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const server = await GdbServer.listen(address, target);
  onListening(server.address);
  const aborted = new Promise<'aborted'>((resolve) => signal.addEventListener('abort', () => resolve('aborted')));
  const lost = connection.waitForEnd().then(() => 'board' as const);
  const end = await Promise.race([server.ended, aborted, lost]);
  await server.close();
  if (end === 'board') throw new KernelError(`debugging cell ${cell}`, 'ECONNRESET', { hint: 'the board went away' });
  if (end === 'gone') return `cell '${cell}' is gone`;
  if (end !== 'killed') {
    connection.close();
    return `cell '${cell}' goes on`;
  }
  await target.detach();
  signal.addEventListener('abort', () => connection.close()); // An inmate may take its time to agree.
  const kernel = new EmulatedKernel(() => Promise.resolve(connection));
  await new Jailhouse(kernel).shutdownCell({ name: cell });
  await kernel.close();
  return `cell '${cell}' is shut down`;
}
