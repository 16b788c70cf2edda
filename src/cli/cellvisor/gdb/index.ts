import { CellvisorError } from '../../../errors';
import { untilSignal } from '../../stream';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { announce, DEFAULT_GDB_ADDRESS, parseGdbAddress } from './address';
import type { CommandIo, Environment } from '../../command';

const USAGE = `Usage: cellvisor --backend emulated gdb CELL [--listen ADDRESS:PORT] [--board NAME]

Lets GDB attach to a cell of an emulated board that runs: it prints what to type, and serves one GDB until that detaches, or
Ctrl-C; then the cell goes on. The cell is held from when GDB connects. One that is not started yet is held at its entry
when it is. GDB's kill shuts the cell down.
Exit code: 0, 1 when it cannot attach or listen, 2 for a wrong command line.

   --listen ADDRESS:PORT   where GDB connects; default ${DEFAULT_GDB_ADDRESS}, and without an address this machine only.
                           Whoever connects can read and change the cell
   --board NAME            default: CELLVISOR_BOARD, else imx8mm-evk
`;

const OPTIONS = {
  listen: { type: 'string' },
  board: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor gdb`. */
export async function gdb(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  const [cell, ...others] = positionals;
  if (cell === undefined || others.length > 0) throw new UsageError('one cell, such as gic-demo', USAGE);
  const address = parseGdbAddress(values.listen ?? DEFAULT_GDB_ADDRESS, '--listen', USAGE);
  requireEmulated(io.env, cell);

  const { attachTo, serve } = await import('./serve');
  const attached = await attachTo(values.board ?? (io.env['CELLVISOR_BOARD'] || undefined), cell);
  return untilSignal(async (signal) => {
    const onListening = (where: string) => announce(io, cell, where, 'can be debugged until Ctrl-C');
    io.err(`${await serve(attached, address, onListening, signal)}\n`);
    return 0;
  });
}

/** A person at a real board must hear that it is the board that cannot do it, not the command line. */
function requireEmulated(env: Environment, cell: string): void {
  if (env['CELLVISOR_BACKEND'] === 'emulated') return;
  throw new CellvisorError('only cells of an emulated board can be debugged: Jailhouse on a real board holds no cell', {
    code: 'E_GDB_BACKEND',
    operation: 'debug cell',
    hint: `for a cell of an emulated board: cellvisor --backend emulated gdb ${cell}; on a real one, JTAG can stop its CPUs`,
  });
}
