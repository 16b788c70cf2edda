import { dialectTraits } from '../../../abi/jailhouse/dialect';
import { checkConfigs } from '../../../config/check/check';
import { formatFindings } from '../../../config/check/report';
import { upstreamReport } from '../../../config/check/upstream';
import { CellvisorError } from '../../../errors';
import { reportHint } from '../../report';
import { reportArgumentError } from '../argparse';
import { findHardware } from './against';
import { HELP, parseCheckArguments, USAGE } from './check-arguments';
import { LoadError, loadCell, loadSystem, readConfigFile, readImage } from './check-files';
import type { CheckedCell, CheckedSystem, Subject } from '../../../config/check/subject';
import type { Finding } from '../../../config/check/finding';
import type { CommandIo } from '../../command';
import type { CheckArguments } from './check-arguments';
import type { ConfigFile } from './check-files';

/**
 * `jailhouse config check SYSCONFIG [CELLCONFIG ...]`: upstream's report to the byte (jailhouse-tools reference 12.3), then
 * a section of our own.
 */
export async function check(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const parsed = parseCheckArguments(args);
    if (parsed === 'help') {
      io.out(HELP);
      return 0;
    }
    const files = readFiles(parsed);
    const images = parsed.images.map(readImage);
    const hardware = parsed.against === undefined ? undefined : await findHardware(parsed.against, io);
    return (parsed.json ? printJson : print)(files, { images, hardware }, io);
  } catch (error) {
    if (error instanceof LoadError) {
      io.err(`${error.message}\n`);
      reportHint(error.hint, io);
      return 1;
    }
    return reportArgumentError(error, 'jailhouse config check', USAGE, io);
  }
}

/** What the configs are checked with. */
type Beside = Pick<Subject, 'images' | 'hardware'>;

interface Files {
  readonly system: ConfigFile;
  readonly cells: readonly ConfigFile[];
}

function readFiles({ system, cells }: CheckArguments): Files {
  return {
    system: readConfigFile('SYSCONFIG', system),
    cells: cells.map((path) => readConfigFile('CELLCONFIG', path)),
  };
}

function print(files: Files, beside: Beside, io: CommandIo): number {
  io.out('Reading configuration set:\n');
  const system = loadSystem(files.system);
  io.out(`  Architecture:  ${system.config.architecture}\n`);
  io.out(`  Root cell:     ${system.config.rootCell.name} (${files.system.path})\n`);
  const cells = files.cells.map((file) => {
    const cell = loadCell(file, system);
    io.out(`  Non-root cell: ${cell.config.name} (${file.path})\n`);
    return cell;
  });
  const foundByUpstream = printUpstream(system, cells, io);
  const findings = checkConfigs({ system, cells, ...beside });
  io.out(`\n${formatFindings(findings)}`);
  return foundByUpstream || hasErrors(findings) ? 1 : 0;
}

function printUpstream(system: CheckedSystem, cells: readonly CheckedCell[], io: CommandIo): boolean {
  const report = upstreamReport(system, cells);
  try {
    for (;;) {
      const { value, done } = report.next();
      if (done) {
        return value;
      }
      io.out(value);
    }
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    io.out('\n');
    io.err(`${error.message}\n`);
    return true;
  }
}

function printJson(files: Files, beside: Beside, io: CommandIo): number {
  const system = loadSystem(files.system);
  const cells = files.cells.map((file) => loadCell(file, system));
  const findings = checkConfigs({ system, cells, ...beside });
  const describe = ({ file, dialect }: CheckedSystem | CheckedCell, name: string) => ({
    file,
    name,
    dialect,
    revision: dialectTraits(dialect).revision,
  });
  const report = {
    system: describe(system, system.config.rootCell.name),
    cells: cells.map((cell) => describe(cell, cell.config.name)),
    findings,
  };
  io.out(`${JSON.stringify(report, undefined, 2)}\n`);
  return hasErrors(findings) ? 1 : 0;
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
