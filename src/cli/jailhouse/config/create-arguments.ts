import { parseArgs } from 'node:util';
import { DIALECTS, isDialect } from '../../../abi/jailhouse/dialect';
import type { Dialect } from '../../../abi/jailhouse/dialect';
import type { MemoryRange } from '../../../boards';
import { parseSize } from '../../../config/plan/size';
import { ArgumentError } from '../argparse';
import type { DeviceRegions } from '../../../config/create/devices';

export const USAGE = `usage: jailhouse config create [-h] [-g FILE] [--dtb DTB | -r ROOT] [-o DIR]
                                [--cell "KEY=VALUE ..."] [--dialect DIALECT]
                                [-c CONSOLE] [--mem-hv SIZE] [--mem-inmates SIZE]
                                [--ram START+SIZE] [--device-regions KIND]
`;

export const HELP = `${USAGE}
Makes the configs of an arm64 board: a root cell, cells, and a device tree
overlay that reserves their memory. Without --dtb and -r, of this board.

options:
  -h, --help            show this help message and exit
  -o DIR, --output DIR  folder for the files (default: out)
  --dtb DTB             device tree of the board
  -r ROOT, --root ROOT  folder with the files of "jailhouse config collect"
  --cell WISH           a cell; can be given several times. Default: an inmate
                        that shares memory with Linux, and a second Linux.
                        WISH is "name=rt", and what of this matters:
                          kind=inmate|linux     default inmate
                          cpus=2-3, cpu-count=2
                          ram=64M
                          uart=uart2            shared if Linux prints to it
                          device=mmc2,gpio1     by alias, label, node or path
                          spi=109,110           more interrupts, by SPI number
                          ivshmem=root,other:veth
  --dialect DIALECT     layout of the .cell files (default: nxp-10):
                        ${DIALECTS.slice(0, 5).join(', ')},
                        ${DIALECTS.slice(5).join(', ')}
  -c UART, --console UART
                        the UART that the hypervisor prints to (default: the
                        one that Linux' console is on)
  --mem-hv SIZE         memory for the hypervisor (default: 4M)
  --mem-inmates SIZE    memory for all cells (default: what they need)
  --ram START+SIZE      RAM, instead of what the device tree says; can be given
                        several times
  --device-regions KIND
                        wide: the root cell gets all below RAM, as in NXP's
                        configs (default); listed: only what the tree names
  -g FILE, --generate-collector FILE
                        write a shell script that collects the files for -r

A FILE of its own, as the C tool writes for x86, is not made.
`;

export interface CreateArguments {
  readonly dtb: string | undefined;
  readonly root: string | undefined;
  readonly output: string;
  readonly wishes: readonly string[];
  readonly dialect: Dialect;
  readonly console: string | undefined;
  readonly hypervisorBytes: bigint | undefined;
  readonly inmateBytes: bigint | undefined;
  readonly ram: readonly MemoryRange[] | undefined;
  readonly deviceRegions: DeviceRegions;
  /** Write the collector there, and nothing else. */
  readonly collector: string | undefined;
  /** The C tool's output file. */
  readonly file: string | undefined;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'generate-collector': { type: 'boolean', short: 'g' },
  root: { type: 'string', short: 'r' },
  'template-dir': { type: 'string', short: 't' },
  console: { type: 'string', short: 'c' },
  'mem-inmates': { type: 'string' },
  'mem-hv': { type: 'string' },
  dtb: { type: 'string' },
  output: { type: 'string', short: 'o' },
  cell: { type: 'string', multiple: true },
  dialect: { type: 'string' },
  ram: { type: 'string', multiple: true },
  'device-regions': { type: 'string' },
} as const;

/** @throws ArgumentError */
export function parseCreateArguments(args: readonly string[]): CreateArguments | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (others.length > 0) throw new ArgumentError(`unrecognized arguments: ${others.join(' ')}`);
  const collector = values['generate-collector'] ? file : undefined;
  if (values['generate-collector'] && file === undefined) {
    throw new ArgumentError('the following arguments are required: FILE');
  }
  if (values.dtb !== undefined && values.root !== undefined) {
    throw new ArgumentError('argument --dtb: not allowed with argument -r/--root');
  }
  const { dialect = 'nxp-10', 'device-regions': deviceRegions = 'wide' } = values;
  if (!isDialect(dialect)) {
    throw new ArgumentError(`argument --dialect: '${dialect}' is none of ${DIALECTS.join(', ')}`);
  }
  if (deviceRegions !== 'wide' && deviceRegions !== 'listed') {
    throw new ArgumentError(`argument --device-regions: '${deviceRegions}' is neither wide nor listed`);
  }
  return {
    dtb: values.dtb,
    root: values.root === '/' ? undefined : values.root,
    output: values.output ?? 'out',
    wishes: values.cell ?? [],
    dialect,
    console: values.console,
    hypervisorBytes: sizeOf(values['mem-hv'], '--mem-hv'),
    inmateBytes: sizeOf(values['mem-inmates'], '--mem-inmates'),
    ram: values.ram?.map(rangeOf),
    deviceRegions,
    collector,
    file: values['generate-collector'] ? undefined : file,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new ArgumentError(message.split('. ', 1)[0] ?? message);
  }
}

const PAGE_BYTES = 0x1000n;

function sizeOf(text: string | undefined, option: string): bigint | undefined {
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0n || bytes % PAGE_BYTES !== 0n) {
    throw new ArgumentError(`argument ${option}: '${text}' is no size in whole pages, such as 4M`);
  }
  return bytes;
}

function rangeOf(text: string): MemoryRange {
  const [start = '', size = '', ...rest] = text.split('+');
  const physStart = parseSize(start);
  const sizeBytes = parseSize(size);
  const isWhole = physStart !== undefined && sizeBytes !== undefined && (physStart | sizeBytes) % PAGE_BYTES === 0n;
  if (!isWhole || sizeBytes === 0n || rest.length > 0) {
    throw new ArgumentError(`argument --ram: '${text}' is not START+SIZE, such as 0x40000000+2G`);
  }
  return { physStart, sizeBytes };
}
