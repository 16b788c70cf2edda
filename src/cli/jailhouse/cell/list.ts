import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { readCell, readCellIds } from '../../../jailhouse/cell';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { wrongUsage } from '../usage';
import type { Cell } from '../../../jailhouse/cell';
import type { CommandIo } from '../../command';

const HEADER = ['ID', 'Name', 'State', 'Assigned CPUs', 'Failed CPUs'];
const WIDTHS = [8, 24, 18, 24, 24];

/** `jailhouse cell list`; `--json`, `--format` and `-q` are ours. */
export async function list(args: readonly string[], io: CommandIo): Promise<number> {
  if (args.length > 0) {
    return listAs(args, io);
  }
  const kernel = await io.openKernel(io.env);
  const ids = await readCellIds(kernel);
  if (ids.length > 0) {
    io.out(row(HEADER));
  }
  // One after the other: when a cell vanishes meanwhile, those before it have been listed, as by the C tool.
  for (const id of ids) {
    io.out(row(columns(await readCell(kernel, id))));
  }
  return 0;
}

async function listAs(args: readonly string[], io: CommandIo): Promise<number> {
  const { formatList, parseFormat } = await import('../../list-format');
  const format = parseFormat(args);
  if (format === undefined) {
    return wrongUsage(io);
  }
  const cells = await new Jailhouse(await io.openKernel(io.env)).cells();
  const table = () => (cells.length > 0 ? [HEADER, ...cells.map(columns)].map(row).join('') : '');
  io.out(formatList(format, cells, { name: ({ id }) => `${id}`, table }));
  return 0;
}

function columns(cell: Cell): string[] {
  return [`${cell.id}`, cell.name, cell.state, formatCpuList(cell.assignedCpus), formatCpuList(cell.failedCpus)];
}

function row(texts: readonly string[]): string {
  return `${texts.map((text, index) => text.padEnd(WIDTHS[index] as number)).join('')}\n`;
}
