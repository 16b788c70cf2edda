import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { readCell, readCellIds } from '../../../jailhouse/cell';
import { wrongUsage } from '../usage';
import type { Cell } from '../../../jailhouse/cell';
import type { CommandIo } from '../../command';

const HEADER = ['ID', 'Name', 'State', 'Assigned CPUs', 'Failed CPUs'];
const WIDTHS = [8, 24, 18, 24, 24];

/** `jailhouse cell list`, and `--json`, which is ours. */
export async function list(args: readonly string[], io: CommandIo): Promise<number> {
  const json = args.length === 1 && args[0] === '--json';
  if (args.length > 0 && !json) {
    return wrongUsage(io);
  }
  const kernel = await io.openKernel(io.env);
  const ids = await readCellIds(kernel);
  if (json) {
    const cells = await Promise.all(ids.map((id) => readCell(kernel, id)));
    io.out(`${JSON.stringify(cells, undefined, 2)}\n`);
    return 0;
  }
  if (ids.length > 0) {
    io.out(row(HEADER));
  }
  // One after the other: when a cell vanishes meanwhile, those before it have been listed, as by the C tool.
  for (const id of ids) {
    io.out(row(columns(await readCell(kernel, id))));
  }
  return 0;
}

function columns(cell: Cell): string[] {
  return [`${cell.id}`, cell.name, cell.state, formatCpuList(cell.assignedCpus), formatCpuList(cell.failedCpus)];
}

function row(texts: readonly string[]): string {
  return `${texts.map((text, index) => text.padEnd(WIDTHS[index] as number)).join('')}\n`;
}
