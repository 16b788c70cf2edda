import type { CommandIo } from '../command';

export const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/** What a subcommand of xl takes. */
export interface OptionTable {
  readonly command: string;
  /** Letters as for getopt(3): `n:` takes a value. `h` goes without saying. */
  readonly letters: string;
  /** Letters of long names. A name that stands for itself is a long option only, without a value. */
  readonly longNames?: Readonly<Record<string, string>>;
  readonly minOperands: number;
  readonly usage: string;
}

export interface Options {
  has(option: string): boolean;
  value(option: string): string | undefined;
  readonly operands: readonly string[];
}

/**
 * As getopt_long(3) takes them: options anywhere, letters joined, `--` before words that begin with a dash. Wrong ones are
 * answered as the C tool does (xen-abi reference 20).
 * @returns the options, or the exit code when all has been said
 */
export function parseOptions(args: readonly string[], table: OptionTable, io: CommandIo): Options | number {
  const found = new Map<string, string>();
  const operands: string[] = [];
  const words = [...args];
  const refuse = (message: string) => {
    io.err(message);
    return EXIT_USAGE;
  };
  for (let word; (word = words.shift()) !== undefined;) {
    if (word === '--') {
      operands.push(...words.splice(0));
    } else if (word.startsWith('--')) {
      const option = word === '--help' ? 'h' : table.longNames?.[word.slice(2)];
      if (option === undefined) return refuse(`unrecognized option '${word}'\n`);
      found.set(option, '');
    } else if (word.startsWith('-') && word !== '-') {
      for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
        const letter = letters.charAt(0);
        const at = letter === ':' ? -1 : `h${table.letters}`.indexOf(letter);
        if (at < 0) return refuse(`option \`${letter}' not supported.\n`);
        if (`h${table.letters}`[at + 1] !== ':') {
          found.set(letter, '');
          continue;
        }
        const value = letters.length > 1 ? letters.slice(1) : words.shift();
        if (value === undefined) return refuse(`option \`${letter}' needs a value.\n`);
        found.set(letter, value);
        break;
      }
    } else {
      operands.push(word);
    }
  }
  if (found.has('h')) {
    io.out(table.usage);
    return 0;
  }
  if (operands.length < table.minOperands) {
    io.out(table.usage);
    const count = `${table.minOperands} argument${table.minOperands === 1 ? '' : 's'}`;
    return refuse(`'xl ${table.command}' requires at least ${count}.\n\n`);
  }
  return { has: (option) => found.has(option), value: (option) => found.get(option), operands };
}
