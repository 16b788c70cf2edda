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
import { commandNamed, helpOf } from '../catalog';
import { EXIT_USAGE } from '../arguments';
import { parseCreateArguments } from './arguments';
import { readConfigText } from './config-file';
import type { CommandIo } from '../../command';
import type { Xl } from '../xl';
import type { CpuTopology, DomainConfig } from '../../../xen/config';
import type { CreateArguments } from './arguments';

/** What the C tool ends with, by its library's number: general failure, and invalid (xen-abi reference 20). */
const EXIT_FAILED = 3;
const EXIT_INVALID = 6;

/** `xl create [FILE] [OPTIONS] [KEY=VALUE ...]` */
export async function create(args: readonly string[], xl: Xl): Promise<number> {
  const { io } = xl;
  const parsed = parseCreateArguments(args);
  switch (parsed.kind) {
    case 'help':
      io.out(helpOf(commandNamed('create')));
      return 0;
    case 'wrong':
      if (parsed.message === undefined) io.out(helpOf(commandNamed('create')));
      else io.err(`${parsed.message}\n`);
      return EXIT_USAGE;
    case 'arguments':
      return runCreate(parsed.value, xl);
  }
}

async function runCreate(request: CreateArguments, xl: Xl): Promise<number> {
  const { io } = xl;
  if (request.file === undefined) {
    io.err('Config file not specified and none in save file\n');
    return EXIT_INVALID;
  }
  try {
    const config = readConfig(request.file, request, io);
    if (request.isDryRun || xl.options.isDryRun) {
      io.out(`${printLibxlJson(toLibxlJson(config, await topologyFor(config, xl)))}\n`);
      return 0;
    }
    const { createDomain } = await import('./run');
    return await createDomain(config, request, xl);
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
async function topologyFor(config: DomainConfig, xl: Xl): Promise<CpuTopology> {
  const masks = [config.hardAffinity, config.softAffinity].flatMap((each) => (each ? vcpuMasks(each, 1) : []));
  if (!masks.some(needsTopology)) return { cpuCount: 0 };
  const { affinityTopology } = await import('../../../xen/builder/lookups');
  return affinityTopology((await xl.host()).hypervisor);
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
