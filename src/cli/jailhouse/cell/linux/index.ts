import { readFileSync, writeFileSync } from 'node:fs';
import { isGzip } from '../../../../abi/linux-image/gzip';
import { bootLinux, imagesOf, planLinux, readArm64Kernel } from '../../../../linux-cell';
import { linuxLoader } from '../../../../paths';
import { reportHint } from '../../../report';
import { reportArgumentError, withArgumentFile } from '../../argparse';
import { jailhouseOn } from '../../open';
import { parseTreeFile } from '../../../tree-file';
import { HELP, parseLinuxArguments, USAGE } from './arguments';
import { loadCommands } from './commands';
import { decodeCell, readArgument, treeOfBoard } from './input';
import type { Kernel } from '../../../../kernel/kernel';
import type { CommandIo } from '../../../command';
import type { LinuxArguments } from './arguments';

/** `jailhouse cell linux CELLCONFIG KERNEL`, which is a script of the C tool's (jailhouse-tools reference 11). */
export async function linux(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const parsed = parseLinuxArguments(args);
    if (parsed === 'help') {
      io.out(HELP);
      return 0;
    }
    return await run(parsed, io);
  } catch (error) {
    return reportArgumentError(error, 'jailhouse cell linux', USAGE, io);
  }
}

async function run(parsed: LinuxArguments, io: CommandIo): Promise<number> {
  if (parsed.architecture !== undefined && parsed.architecture !== 'arm64') {
    return refuseArchitecture(parsed.architecture, io);
  }
  const config = readArgument('CELLCONFIG', parsed.config);
  const image = readArgument('KERNEL', parsed.kernel);
  const dtb = parsed.dtb === undefined ? undefined : readArgument('--dtb/-d', parsed.dtb);
  const initrd = parsed.initrd === undefined ? undefined : readArgument('--initrd/-i', parsed.initrd);
  const { parametersFile, commandLine, decompressionFactor } = parsed;
  if (parametersFile !== undefined) writeParameters(parametersFile, new Uint8Array());

  const cell = decodeCell(config, parsed.config);
  const kernel = await readArm64Kernel(image, parsed.kernel);
  let opened: Promise<Kernel> | undefined;
  const board = () => (opened ??= io.openKernel(io.env));
  const tree = dtb
    ? parseTreeFile(dtb, parsed.dtb as string, '-d takes a .dtb')
    : await treeOfBoard(await board(), cell, io);
  const plan = planLinux({ cell, kernel, tree, treeBytes: dtb?.length, initrd, commandLine, decompressionFactor });
  if (parametersFile !== undefined) {
    writeParameters(parametersFile, plan.tree);
    io.out(loadCommands(cell.name, parsed, plan.placement, isGzip(image)));
    return 0;
  }
  const images = imagesOf(plan, { kernel, initrd }, readFileSync(linuxLoader()));
  await bootLinux(jailhouseOn(await board(), io.env), { config, name: cell.name, images });
  return 0;
}

/** The script opens, and so empties, this file before it looks at anything else. */
function writeParameters(path: string, bytes: Uint8Array): void {
  withArgumentFile('--write-params/-w', path, () => writeFileSync(path, bytes));
}

const KNOWN_ARCHITECTURES = ['x86', 'arm'];

function refuseArchitecture(architecture: string, io: CommandIo): number {
  const isKnown = KNOWN_ARCHITECTURES.includes(architecture);
  io.err(isKnown ? `only arm64 here: Linux for ${architecture} is not loaded\n` : 'Unknown architecture\n');
  if (!isKnown) reportHint('-a arm64, or no -a', io);
  return 1;
}
