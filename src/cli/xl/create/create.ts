import { CellvisorError } from '../../../errors';
import {
  needsTopology,
  printLibxlJson,
  readDomainConfig,
  toLibxlJson,
  vcpuMasks,
  XlConfigError,
} from '../../../xen/config';
import { reportError } from '../../report';
import { parseCreateArguments } from './arguments';
import { readConfigText } from './config-file';
import { CREATE_USAGE } from './usage';
import type { CommandIo } from '../../command';
import type { CpuTopology, DomainConfig } from '../../../xen/config';
import type { CreateArguments } from './arguments';

const EXIT_USAGE = 2;
/** What the C tool ends with, by its library's number: general failure, and invalid (xen-abi reference 20). */
const EXIT_FAILED = 3;
const EXIT_INVALID = 6;

/** `xl create [FILE] [OPTIONS] [KEY=VALUE ...]` */
export async function create(args: readonly string[], io: CommandIo): Promise<number> {
  const parsed = parseCreateArguments(args);
  switch (parsed.kind) {
    case 'help':
      io.out(CREATE_USAGE);
      return 0;
    case 'wrong':
      if (parsed.message === undefined) io.out(CREATE_USAGE);
      else io.err(`${parsed.message}\n`);
      return EXIT_USAGE;
    case 'arguments':
      return runCreate(parsed.value, io);
  }
}

async function runCreate(request: CreateArguments, io: CommandIo): Promise<number> {
  if (request.file === undefined) {
    io.err('Config file not specified and none in save file\n');
    return EXIT_INVALID;
  }
  try {
    const config = readConfig(request.file, request, io);
    if (request.isDryRun) {
      io.out(`${printLibxlJson(toLibxlJson(config, await topologyFor(config, io)))}\n`);
      return 0;
    }
    const { createDomain } = await import('./run');
    return await createDomain(config, request, io);
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    reportError(error, io);
    return exitCode(error);
  }
}

/** Parses, and says what the C tool says while it does. */
export function readConfig(
  file: string,
  { settings, isQuiet }: Pick<CreateArguments, 'settings' | 'isQuiet'>,
  io: CommandIo,
): DomainConfig {
  const text = readConfigText(file, settings);
  if (!isQuiet) io.err(`Parsing config from ${file}\n`);
  try {
    return readDomainConfig(text, file, (line) => io.err(`${line}\n`));
  } catch (error) {
    if (!(error instanceof XlConfigError) || error.code !== 'E_XLCFG_SYNTAX') throw error;
    const message = `${error.message}\nFailed to parse config: Invalid argument`;
    throw new XlConfigError(message, { code: error.code, line: error.line, hint: error.hint });
  }
}

/** The host is asked only where the configuration names its nodes, or all of its CPUs. */
async function topologyFor(config: DomainConfig, io: CommandIo): Promise<CpuTopology> {
  const masks = [config.hardAffinity, config.softAffinity].flatMap((each) => (each ? vcpuMasks(each, 1) : []));
  if (!masks.some(needsTopology)) return { cpuCount: 0 };
  const { openXenParts } = await import('./host');
  const { hypervisor, close } = await openXenParts(io);
  try {
    const { affinityTopology } = await import('../../../xen/builder/lookups');
    return await affinityTopology(hypervisor);
  } finally {
    await close();
  }
}

function exitCode({ code }: CellvisorError): number {
  switch (code) {
    case 'E_XLCFG_SYNTAX':
    case 'E_XLCFG_VALUE':
    case 'E_XLCFG_MISSING':
      return 1;
    case 'E_XEN_UNSUPPORTED':
      return EXIT_INVALID;
    default:
      return EXIT_FAILED;
  }
}
