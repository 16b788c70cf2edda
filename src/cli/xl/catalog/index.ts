import { devices } from './devices';
import { domains } from './domains';
import { host } from './host';
import { pools } from './pools';
import type { CatalogEntry } from './entry';

export type { CatalogEntry } from './entry';

/** All sub-commands of the C tool, in the order in which it lists them. */
export const COMMANDS: readonly CatalogEntry[] = [...domains, ...host, ...devices, ...pools];

/** Width of the names' column. */
const NAME_WIDTH = 19;

export function commandNamed(name: string): CatalogEntry {
  const found = COMMANDS.find((command) => command.name === name);
  if (found === undefined) throw new RangeError(`the catalog has no ${name}`);
  return found;
}

/** What `xl NAME --help` prints. */
export function helpOf({ name, usage = '', summary, options, isModifying, hasDryRun }: CatalogEntry): string {
  const flags = `-vtT${isModifying ? 'f' : ''}${hasDryRun ? 'N' : ''}`;
  const head = `Usage: xl [${flags}] ${name} ${usage}\n\n${summary}.\n\n`;
  return options === undefined ? head : `${head}Options:\n\n${options}`;
}

/** What `xl help` prints. */
export function listCommands(): string {
  const lines = COMMANDS.map(({ name, summary }) =>
    name.length > NAME_WIDTH
      ? ` ${name} \n${' '.repeat(NAME_WIDTH + 2)}${summary}`
      : ` ${name.padEnd(NAME_WIDTH)} ${summary}`,
  );
  return `Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n${lines.join('\n')}\n`;
}
