import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { run } from './run.mjs';

const root = dirname(dirname(import.meta.dirname));
const templates = join(root, 'packaging/man');
/** A line of a template that stands for something else: `@help COMMAND@`, what it prints; `@NAME@`, a table of ours. */
const PLACEHOLDER = /^\.\\" @(?:help (.+)|(\w+))@$/;

/**
 * The manual pages, filled in from the programs in dist/bin and from the tables of scripts/man-tables.ts.
 *
 * @param work folder for what is made on the way
 * @returns pairs of a page's name, such as jailhouse.8, and its text
 * @throws {Error} when a page asks for a table that does not exist
 */
export async function manPages(version, work) {
  const tables = await loadTables(work);
  return readdirSync(templates).map((page) => [page, fill(page, version, tables)]);
}

async function loadTables(work) {
  mkdirSync(work, { recursive: true });
  const outfile = resolve(work, 'man-tables.cjs');
  const entryPoints = [join(root, 'scripts/man-tables.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs' });
  return createRequire(import.meta.url)(outfile).tables;
}

function fill(page, version, tables) {
  const lines = readFileSync(join(templates, page), 'utf8').replaceAll('@VERSION@', version).split('\n');
  return lines
    .map((line) => {
      const [found, command, table] = PLACEHOLDER.exec(line) ?? [];
      if (found === undefined) return line;
      if (command !== undefined) return asPrinted(helpOf(command.split(' ')));
      if (!Object.hasOwn(tables, table))
        throw new Error(`${page}: there is no table ${table} in scripts/man-tables.ts`);
      return asPrinted(aligned(tables[table]));
    })
    .join('\n');
}

function helpOf([program, ...words]) {
  return run(process.execPath, [join(root, `dist/bin/${program}.js`), ...words, '--help']);
}

/** Rows of cells as lines, their columns below each other. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Text as roff shows it line by line, with its blanks. */
function asPrinted(text) {
  return ['.nf', ...text.trimEnd().split('\n').map(escaped), '.fi'].join('\n');
}

const SPECIAL = { '\\': '\\e', '-': '\\-', "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' };

function escaped(line) {
  const text = line.replace(/[\\'`^~-]/g, (character) => SPECIAL[character]);
  return text.startsWith('.') ? `\\&${text}` : text;
}
