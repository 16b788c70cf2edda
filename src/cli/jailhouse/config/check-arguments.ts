import { ArgumentError } from '../argparse';

/** As upstream's script prints it; what is ours is in the help. */
export const USAGE = 'usage: jailhouse config check [-h] SYSCONFIG [CELLCONFIG ...]\n';

export const HELP = `${USAGE}
Checks cell configs before they run.

positional arguments:
  SYSCONFIG             system config, with the root cell
  CELLCONFIG            configs of cells that are to exist at the same time

options:
  -h, --help            show this help message and exit
  --against BOARD       also check that the hardware is there: the name of a
                        board, a device tree (*.dtb), or "board" for the one
                        that jailhouse speaks to
  --image CELL=FILE[@ADDRESS]
                        also check that FILE can be loaded into CELL, at guest
                        address ADDRESS (default 0)
  --json                print the findings as JSON

The first part of the output is that of Jailhouse's own checker. Cellvisor's
findings follow; "cellvisor explain CODE" says more about each. The exit code
is 1 when the first part finds something or the second has errors.
`;

export interface ImageArgument {
  readonly cell: string;
  readonly path: string;
  /** Guest address. */
  readonly address: bigint;
}

export interface CheckArguments {
  readonly system: string;
  readonly cells: readonly string[];
  readonly against: string | undefined;
  readonly images: readonly ImageArgument[];
  readonly json: boolean;
}

/** @throws ArgumentError */
export function parseCheckArguments(args: readonly string[]): CheckArguments | 'help' {
  const files: string[] = [];
  const unknown: string[] = [];
  const images: ImageArgument[] = [];
  let against: string | undefined;
  let json = false;
  let onlyFiles = false;
  for (let index = 0; index < args.length; index++) {
    const [word = '', inline] = onlyFiles ? [args[index]] : splitOption(args[index] as string);
    const value = (): string => {
      const found = inline ?? args[++index];
      if (found === undefined) {
        throw new ArgumentError(`argument ${word}: expected one argument`);
      }
      return found;
    };
    if (onlyFiles || !word.startsWith('-') || word === '-') {
      files.push(word);
    } else if (word === '--') {
      onlyFiles = true;
    } else if (word === '-h' || word === '--help') {
      return 'help';
    } else if (word === '--json' && inline === undefined) {
      json = true;
    } else if (word === '--against') {
      against = value();
    } else if (word === '--image') {
      images.push(parseImage(value()));
    } else {
      unknown.push(args[index] as string);
    }
  }
  const [system, ...cells] = files;
  if (system === undefined) {
    throw new ArgumentError('the following arguments are required: SYSCONFIG, CELLCONFIG');
  }
  if (unknown.length > 0) {
    throw new ArgumentError(`unrecognized arguments: ${unknown.join(' ')}`);
  }
  return { system, cells, against, images, json };
}

function splitOption(word: string): [string, string?] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function parseImage(text: string): ImageArgument {
  const match = /^([^=]*)=(.+?)(?:@(0x[0-9a-fA-F]+|\d+))?$/.exec(text);
  if (!match) {
    throw new ArgumentError(`argument --image: '${text}' is not CELL=FILE[@ADDRESS]`);
  }
  const [, cell = '', path = '', address = '0'] = match;
  return { cell, path, address: BigInt(address) };
}
