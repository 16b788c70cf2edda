import { printUsage, wrongUsage } from './usage';
import type { CommandIo } from '../command';

/** What the C tool of the guide's release says; scripts compare it. `cellvisor --version` tells our own. */
const REPLACED_VERSION = 'v0.10';

/** The `jailhouse` command (jailhouse-tools reference 2). Loads only the subcommand that was asked for. */
export async function main(args: readonly string[], io: CommandIo): Promise<number> {
  const { backend, rest } = takeBackend(args);
  if (backend !== undefined) {
    return main(rest, { ...io, env: { ...io.env, CELLVISOR_BACKEND: backend } });
  }
  const [command, ...others] = args;
  switch (command) {
    case 'enable':
      return (await import('./enable')).enable(others, io);
    case 'disable':
      return (await import('./disable')).disable(others, io);
    case 'cell':
      return (await import('./cell')).cell(others, io);
    case 'console':
      return (await import('./console')).console(others, io);
    case 'hardware':
      return others[0] === 'check' ? (await import('./hardware-check')).hardwareCheck(io) : wrongUsage(io);
    case 'config':
      return (await import('./config')).config(others, io);
    case '--version':
      io.out(`Jailhouse management tool ${REPLACED_VERSION}\n`);
      return 0;
    case '--help':
      printUsage(io);
      return 0;
    default:
      return wrongUsage(io);
  }
}

/** Ours: `--backend NAME` or `--backend=NAME` before the command word. The C tool has no options there. */
function takeBackend(args: readonly string[]): { backend?: string; rest: readonly string[] } {
  const [first = '', second] = args;
  if (first.startsWith('--backend=')) {
    return { backend: first.slice('--backend='.length), rest: args.slice(1) };
  }
  return first === '--backend' && second !== undefined ? { backend: second, rest: args.slice(2) } : { rest: args };
}
