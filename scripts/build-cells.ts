// Compiles the cell configs of cells/ to .cell files, for `jailhouse enable` and `jailhouse cell create`.
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import './record-origins';
import { cells } from '../cells';
import { DIALECTS, encodeConfig, isDialect } from '../src/abi/jailhouse';
import { forDialect } from '../src/config/builder';
import { originsOf } from '../src/config/source-map';
import { CellvisorError } from '../src/errors';
import type { Dialect } from '../src/abi/jailhouse';
import type { CellModule } from '../src/config/builder';

const USAGE = `Usage: build-cells [--dialect DIALECT] [--out DIR] [CELL ...]

Compiles the cells of cells/, or the named ones, to DIR/CELL.cell (default: the folder cells).
DIALECT: the layout and revision of the files, instead of the one that each cell is written for:
  ${DIALECTS.join(', ')}`;

class UsageError extends Error {}

interface Job {
  readonly names: readonly string[];
  /** Default: each cell's own. */
  readonly dialect: Dialect | undefined;
  readonly folder: string;
}

function main(args: readonly string[]): number {
  const job = parse(args);
  if (job === 'help') {
    console.log(USAGE);
    return 0;
  }
  mkdirSync(job.folder, { recursive: true });
  return job.names.filter((name) => !compile(name, job)).length === 0 ? 0 : 1;
}

function parse(args: readonly string[]): Job | 'help' {
  const { values, positionals } = readOptions(args);
  if (values.help) {
    return 'help';
  }
  const { dialect, out } = values;
  if (dialect !== undefined && !isDialect(dialect)) {
    throw new UsageError(`unknown dialect ${dialect}; there are ${DIALECTS.join(', ')}`);
  }
  const unknown = positionals.find((name) => !Object.hasOwn(cells, name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no cell ${unknown}; there are ${Object.keys(cells).join(', ')}`);
  }
  return { names: positionals.length > 0 ? positionals : Object.keys(cells), dialect, folder: out };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dialect: { type: 'string' },
        out: { type: 'string', default: 'cells' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Whether the cell could be compiled; if not, says why. */
function compile(name: string, { dialect, folder }: Job): boolean {
  const cell = cells[name];
  if (!cell) {
    return false;
  }
  const target = dialect ?? cell.dialect;
  try {
    const bytes = encodeConfig(forDialect(cell.config, cell.dialect, target), target);
    writeFileSync(join(folder, `${name}.cell`), bytes);
    writeMap(join(folder, `${name}.cell.map`), cell.config, bytes);
    return true;
  } catch (error) {
    if (error instanceof CellvisorError) {
      console.error(`${name}: ${error.message}`);
      return false;
    }
    throw error;
  }
}

/** Where the parts of the config are written, so that `config check` can say so. */
function writeMap(path: string, config: CellModule['config'], bytes: Uint8Array): void {
  const lines = Object.entries(originsOf(config)).map(([field, { file, line }]) => [
    field,
    { file: relative(process.cwd(), file), line },
  ]);
  if (lines.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(path, `${JSON.stringify({ sha256, lines: Object.fromEntries(lines) })}\n`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) {
    throw error;
  }
  console.error(`build-cells: ${error.message}`);
  process.exitCode = 1;
}
