import { diagnose } from '../../../doctor/doctor';
import { readInputFile } from '../../jailhouse/input-file';
import { configsAtHand } from '../../jailhouse/known-configs';
import { parseOptions, printHelp } from '../arguments';
import { showDiagnosis } from './show';
import type { CommandIo } from '../../command';
import type { ConfigFile } from '../../../jailhouse/explain/refusal';

const USAGE = `Usage: cellvisor doctor [--root CELL] [CELL ...] [--json]

Looks for what would make jailhouse enable fail on this board, and says what to do about it. Changes nothing.
Exit code: 0 when nothing stands in the way, 1 when something does, 2 for a wrong command line.

   --root CELL   config of the root cell that is to be enabled (imx8mm.cell)
   CELL          configs of cells that are to be created
   --json        the findings as JSON
`;

const OPTIONS = {
  root: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor doctor`. */
export async function doctor(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  const root = values.root === undefined ? undefined : read(values.root);
  const cells = positionals.map(read);
  const atHand = root === undefined && cells.length === 0 ? await configsAtHand() : [];
  const diagnosis = await diagnose(await io.openKernel(io.env), { root, cells, atHand });
  io.out(values.json ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : showDiagnosis(diagnosis));
  return diagnosis.canEnable ? 0 : 1;
}

function read(path: string): ConfigFile {
  return { path, bytes: readInputFile(path) };
}
