import { ArgumentError } from '../../argparse';

/** As the C tool's script prints it (jailhouse-tools reference 11). */
export const USAGE = `usage: jailhouse cell linux [-h] [--dtb DTB] [--initrd FILE]
                            [--cmdline "STRING"] [--write-params FILE]
                            [--arch ARCH] [--kernel-decomp-factor N]
                            CELLCONFIG KERNEL
`;

export const HELP = `${USAGE}
Boot Linux in a non-root cell.

positional arguments:
  CELLCONFIG            cell configuration file
  KERNEL                image of the kernel to be booted

options:
  -h, --help            show this help message and exit
  --dtb DTB, -d DTB     device tree for the kernel [arm/arm64 only];
                        without it, one is made of what the board's own says
  --initrd FILE, -i FILE
                        initrd/initramfs for the kernel
  --cmdline "STRING", -c "STRING"
                        kernel command line
  --write-params FILE, -w FILE
                        only parse cell configuration, write out parameters
                        into the specified file and print required jailhouse
                        cell commands to boot Linux to the console
  --arch ARCH, -a ARCH  target architecture: arm64 is all that is known here
  --kernel-decomp-factor N, -k N
                        decompression factor of the kernel image, used to
                        reserve space between the kernel and the initramfs
`;

export interface LinuxArguments {
  readonly config: string;
  readonly kernel: string;
  readonly dtb?: string;
  readonly initrd?: string;
  readonly commandLine?: string;
  readonly parametersFile?: string;
  readonly architecture?: string;
  readonly decompressionFactor?: number;
}

/** By their long names: how argparse calls an option in errors, and where its value goes. */
const OPTIONS = {
  '--dtb': { both: '--dtb/-d', key: 'dtb' },
  '--initrd': { both: '--initrd/-i', key: 'initrd' },
  '--cmdline': { both: '--cmdline/-c', key: 'commandLine' },
  '--write-params': { both: '--write-params/-w', key: 'parametersFile' },
  '--arch': { both: '--arch/-a', key: 'architecture' },
  '--kernel-decomp-factor': { both: '--kernel-decomp-factor/-k', key: 'decompressionFactor' },
} as const;
type Option = keyof typeof OPTIONS;

const LONG_NAMES = Object.keys(OPTIONS) as Option[];
const SHORT_NAMES = new Map(LONG_NAMES.map((name) => [OPTIONS[name].both.slice(-2), name]));

/**
 * argparse's grammar: options in any order, `--option=value`, `-ovalue`, long names cut short.
 * @throws ArgumentError
 */
export function parseLinuxArguments(args: readonly string[]): LinuxArguments | 'help' {
  const words: string[] = [];
  const unknown: string[] = [];
  const values: Record<string, string> = {};
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as string;
    if (word === '--') {
      words.push(...args.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    if (word === '-h' || word === '--help') return 'help';
    const [name, inline] = optionOf(word);
    if (!name) {
      unknown.push(word);
      continue;
    }
    const { both, key } = OPTIONS[name];
    const value = inline ?? args[++index];
    if (value === undefined || (inline === undefined && value.startsWith('-') && value !== '-')) {
      throw new ArgumentError(`argument ${both}: expected one argument`);
    }
    values[key] = value;
  }
  const [config, kernel, ...others] = words;
  if (config === undefined) throw new ArgumentError('the following arguments are required: CELLCONFIG, KERNEL');
  if (kernel === undefined) throw new ArgumentError('the following arguments are required: KERNEL');
  unknown.push(...others);
  if (unknown.length > 0) throw new ArgumentError(`unrecognized arguments: ${unknown.join(' ')}`);
  const { decompressionFactor: factor, ...texts } = values;
  return { config, kernel, ...texts, ...(factor === undefined ? {} : { decompressionFactor: integer(factor) }) };
}

function optionOf(word: string): [Option | undefined, string?] {
  if (!word.startsWith('--')) {
    const name = SHORT_NAMES.get(word.slice(0, 2));
    return word.length > 2 ? [name, word.slice(2)] : [name];
  }
  const [text = '', inline] = word.includes('=') ? split(word) : [word];
  const fitting = LONG_NAMES.filter((name) => name.startsWith(text));
  const name = fitting.find((one) => one === text) ?? (fitting.length === 1 ? fitting[0] : undefined);
  return inline === undefined ? [name] : [name, inline];
}

function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function integer(text: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) {
    throw new ArgumentError(`argument ${OPTIONS['--kernel-decomp-factor'].both}: invalid int value: '${text}'`);
  }
  return Number(text);
}
