import { basename } from 'node:path';
import type { CommandIo } from '../command';

/**
 * The GA tool's text, and master's line for config check (jailhouse-tools reference 2). The blank behind `hardware check`
 * belongs to it.
 */
const USAGE = `Available commands:
   enable SYSCONFIG
   disable
   console [-f | --follow]
   cell create CELLCONFIG
   cell list
   cell load { ID | [--name] NAME } { IMAGE | { -s | --string } "STRING" }
             [-a | --address ADDRESS] ...
   cell start { ID | [--name] NAME }
   cell shutdown { ID | [--name] NAME }
   cell destroy { ID | [--name] NAME }
   cell linux CELLCONFIG KERNEL [-i | --initrd FILE]
              [-c | --cmdline "STRING"] [-w | --write-params FILE]
   cell stats { ID | [--name] NAME }
   config create [-h] [-g] [-r ROOT] [--mem-inmates MEM_INMATES]
                 [--mem-hv MEM_HV] FILE
   config collect FILE.TAR
   config check [-h] SYSCONFIG [CELLCONFIG [CELLCONFIG ...]]
   hardware check 
`;

/** Prints the usage, on stdout also when it answers a mistake, as the C tool does. */
export function printUsage(io: CommandIo): void {
  io.out(`Usage: ${basename(io.programPath, '.js')} { COMMAND | --help | --version }\n\n${USAGE}`);
}

/** The answer to arguments that no command takes: usage, and exit code 1. */
export function wrongUsage(io: CommandIo): 1 {
  printUsage(io);
  return 1;
}
