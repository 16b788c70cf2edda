import { findingCode } from '../../config/findings';
import { formatIndex, formatPage } from '../../config/findings/format';
import { parseOptions, printHelp, UsageError } from './arguments';
import { USAGE as CRASH_USAGE } from './explain-crash/usage';
import type { CommandIo } from '../command';

const USAGE = `Usage: cellvisor explain [CODE]

Prints what a finding of 'jailhouse config check' means and what to write instead; without a CODE, the list of all.
`;

/** `cellvisor explain CODE` */
export function explain(args: readonly string[], io: CommandIo): number {
  const { values, positionals } = parseOptions(args, { help: { type: 'boolean', short: 'h' } }, USAGE);
  if (values.help) return printHelp(io, `${USAGE}\n${CRASH_USAGE}`);
  const [word, ...others] = positionals;
  if (others.length > 0) throw new UsageError('one CODE', USAGE);
  if (word === undefined) {
    io.out(formatIndex());
    return 0;
  }
  const code = findingCode(word);
  if (!code) throw new UsageError(`there is no finding '${word}'; 'cellvisor explain' lists them`, USAGE);
  io.out(formatPage(code));
  return 0;
}
