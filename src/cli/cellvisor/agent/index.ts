import { chosenBoard, openLocalKernel } from '../../../kernel/choose';
import { keptConfigHandlers } from '../../../kept-configs/remote';
import { packageVersion } from '../../../paths';
import { openKeptConfigs } from '../../jailhouse/kept-configs';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { uartHandlers } from './uarts';
import type { CommandIo, Environment } from '../../command';

const USAGE = `Usage: cellvisor agent --stdio [--backend NAME] [--board NAME]

Answers the calls of a command that was given --host on another machine. ssh runs it there; nobody else needs to.
It speaks JSON-RPC on stdin and stdout, opens no port, and ends when stdin does.

   --backend NAME   hardware or emulated, instead of what the environment here says
   --board NAME     the emulated board
`;

const OPTIONS = {
  stdio: { type: 'boolean' },
  backend: { type: 'string' },
  board: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor agent --stdio`. */
export async function agent(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  if (positionals.length > 0 || !values.stdio) throw new UsageError('--stdio', USAGE);
  const { backend, board } = values;
  const kernel = await openLocalKernel({ backend, board, onNotice: (line) => io.err(`${line}\n`) });
  const { serveKernel } = await import('../../../kernel/remote/agent');
  const reason = await serveKernel(kernel, {
    input: process.stdin,
    output: process.stdout,
    version: packageVersion(),
    userId: process.getuid?.() ?? 0,
    more: {
      ...keptConfigHandlers(() => openKeptConfigs(kernel, { ...io.env, ...chosen(backend, board) })),
      ...uartHandlers(kernel.backend === 'emulated' ? chosenBoard(board) : undefined),
    },
  });
  if (reason === undefined) return 0;
  io.err(`cellvisor agent: ${reason}\n`);
  return 1;
}

function chosen(backend: string | undefined, board: string | undefined): Environment {
  return { ...(backend && { CELLVISOR_BACKEND: backend }), ...(board && { CELLVISOR_BOARD: board }) };
}
