import { diffDecoded, formatDifferences } from '../../../config/diff/diff';
import { CellvisorError } from '../../../errors';
import { reportError } from '../../report';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { dialectOf, readConfig } from './read';
import { USAGE } from './usage';
import type { CommandIo } from '../../command';

/** As diff(1) has them. */
const EXIT_DIFFERENT = 1;
const EXIT_TROUBLE = 2;

/** `cellvisor config diff FILE FILE` */
export function diff(args: readonly string[], io: CommandIo): number {
  const { values, positionals } = parseOptions(
    args,
    { json: { type: 'boolean' }, from: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    USAGE,
  );
  if (values.help) return printHelp(io, USAGE);
  const [first, second, ...others] = positionals;
  if (first === undefined || second === undefined || others.length > 0) {
    throw new UsageError('two FILEs', USAGE);
  }
  const from = values.from === undefined ? undefined : dialectOf(values.from, '--from');
  try {
    const [a, b] = [readConfig(first, from), readConfig(second, from)];
    const differences = diffDecoded(a.decoded, b.decoded);
    if (values.json) {
      io.out(`${JSON.stringify(differences, undefined, 2)}\n`);
    } else if (differences.length > 0) {
      io.out(`--- ${a.path} (${a.decoded.dialect})\n+++ ${b.path} (${b.decoded.dialect})\n`);
      io.out(formatDifferences(differences));
    }
    return differences.length > 0 ? EXIT_DIFFERENT : 0;
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    reportError(error, io);
    return EXIT_TROUBLE;
  }
}
