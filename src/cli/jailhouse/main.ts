import { takeTarget } from '../target';
import { printUsage, wrongUsage } from './usage';
import type { CommandIo } from '../command';

/** What the C tool of the guide's release says; scripts compare it. `cellvisor --version` tells our own. */
const REPLACED_VERSION = 'v0.10';

/** The `jailhouse` command (jailhouse-tools reference 2). Loads only the subcommand that was asked for. */
export async function main(words: readonly string[], processIo: CommandIo): Promise<number> {
  const { io, args } = takeTarget(words, processIo);
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
