import { readFileSync } from 'node:fs';
import { decodeConfig } from '../../../abi/jailhouse';
import { findRelease } from '../../../board/releases';
import { CellvisorError, KernelError } from '../../../errors';
import { readArm64Kernel } from '../../../linux-cell';
import { linuxLoader } from '../../../paths';
import { parseTreeFile } from '../../tree-file';
import { boardOf, releaseOf } from './find-board';
import { isLinux, linuxImages, linuxUart } from './linux';
import type { CellConfig, SystemConfig } from '../../../abi/jailhouse';
import type { BoardDescription } from '../../../boards';
import type { PreloadImage } from '../../../abi/jailhouse';
import type { GdbAddress } from '../../../gdb/server';
import type { Kernel } from '../../../kernel/kernel';
import type { LinuxTrial } from './linux';

/** The options of `cellvisor try`, as given. */
export interface TryOptions {
  readonly rootFile: string;
  readonly cellFile: string;
  /** Or a kernel. */
  readonly inmateFile: string;
  readonly initrdFile: string | undefined;
  readonly dtbFile: string | undefined;
  readonly cmdline: string | undefined;
  readonly expected: readonly string[];
  readonly timeoutMs: number;
  readonly uart: string | undefined;
  readonly clock: 'real' | 'virtual';
  readonly board: string | undefined;
  readonly release: string | undefined;
  /** Where GDB is waited for. */
  readonly gdb: GdbAddress | undefined;
}

/** All that a trial needs, read and checked. */
export interface TrialPlan {
  readonly board: BoardDescription;
  readonly release: string;
  readonly clock: 'real' | 'virtual';
  readonly rootConfig: Uint8Array;
  readonly cellConfig: Uint8Array;
  readonly cellName: string;
  /** What to load, once Jailhouse is enabled on the board of this kernel. */
  readonly images: (kernel: Kernel) => Promise<readonly PreloadImage[]>;
  readonly uart: string;
  readonly expected: readonly string[];
  readonly timeoutMs: number;
  readonly gdb: GdbAddress | undefined;
}

/** Where inmates look for their command line, from the start of their image on. */
const CMDLINE_OFFSET = 0x1000n;

/** @throws CellvisorError for files that cannot be read, or are not what they should be */
export async function planTrial(options: TryOptions): Promise<TrialPlan> {
  const rootConfig = readInput(options.rootFile);
  const cellConfig = readInput(options.cellFile);
  const inmate = readInput(options.inmateFile);
  const isKernel = isLinux(inmate);
  const root = decodeConfig(rootConfig);
  if (root.kind !== 'system') throw wrongKind(options.rootFile, 'a cell', 'the root cell: give it after --root');
  const cell = decodeConfig(cellConfig);
  if (cell.kind !== 'cell') throw wrongKind(options.cellFile, 'a root cell', 'a cell');
  const board = boardOf(root.config, options.board);
  return {
    board,
    release: options.release === undefined ? releaseOf(root.dialect).name : findRelease(options.release).name,
    clock: options.clock,
    rootConfig,
    cellConfig,
    cellName: cell.config.name,
    images: isKernel
      ? await linuxOf(inmate, { cell: cell.config, system: root.config }, options)
      : () => Promise.resolve(imagesOf(cell.config, inmate, options.cmdline)),
    uart:
      options.uart === undefined
        ? ((isKernel ? linuxUart(board, cell.config)?.name : undefined) ?? consoleOf(board, root.config, cell.config))
        : findUart(board, options.uart),
    expected: options.expected,
    timeoutMs: options.timeoutMs,
    gdb: options.gdb,
  };
}

function imagesOf(cell: CellConfig, inmate: Uint8Array, cmdline: string | undefined): PreloadImage[] {
  const image = { source: inmate, targetAddress: cell.cpuResetAddress };
  if (cmdline === undefined) return [image];
  return [image, { source: Buffer.from(`${cmdline}\0`), targetAddress: cell.cpuResetAddress + CMDLINE_OFFSET }];
}

async function linuxOf(
  image: Uint8Array,
  configs: { readonly cell: CellConfig; readonly system: SystemConfig },
  { inmateFile, initrdFile, dtbFile, cmdline: commandLine }: TryOptions,
): Promise<TrialPlan['images']> {
  const optional = (path: string | undefined) => (path === undefined ? undefined : readInput(path));
  const linux = {
    kernel: await readArm64Kernel(image, inmateFile),
    loader: readInput(linuxLoader()),
    initrd: optional(initrdFile),
    deviceTree: dtbFile === undefined ? undefined : readTree(dtbFile),
    commandLine,
  };
  return (kernel) => linuxImages(kernel, configs, linux);
}

function readTree(path: string): LinuxTrial['deviceTree'] {
  const bytes = readInput(path);
  return { tree: parseTreeFile(bytes, path, '--dtb takes a .dtb'), sizeBytes: bytes.length };
}

/** The cell's own console, else the one of the hypervisor. */
function consoleOf(board: BoardDescription, root: SystemConfig, cell: CellConfig): string {
  const addresses = [cell.console?.address ?? 0n, root.debugConsole.address];
  const uart = addresses.flatMap((address) => board.uarts.filter(({ physStart }) => physStart === address))[0];
  if (uart) return uart.name;
  throw new CellvisorError(`neither the cell nor the root cell says which UART of ${board.name} is the console`, {
    code: 'E_TRY_UART',
    operation: 'find console',
    hint: `choose with --uart: ${board.uarts.map(({ name }) => name).join(', ')}`,
  });
}

function findUart(board: BoardDescription, name: string): string {
  if (board.uarts.some((uart) => uart.name === name)) return name;
  throw new CellvisorError(`${board.name} has no UART '${name}'`, {
    code: 'E_TRY_UART',
    operation: 'find UART',
    hint: `it has ${board.uarts.map((uart) => uart.name).join(', ')}`,
  });
}

function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`opening ${path}`, errno, { cause: error });
  }
}

function wrongKind(path: string, is: string, should: string): CellvisorError {
  return new CellvisorError(`${path} is the config of ${is}`, {
    code: 'E_TRY_CONFIG',
    operation: 'read config',
    hint: `expected was the config of ${should}`,
  });
}
