import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../dashboard/frames');

/**
 * Compares a screen with a golden one in test/dashboard/frames. UPDATE_FRAMES=1 writes what there is now, for a person to
 * look at.
 */
export function expectFrame(screen: string, name: string): void {
  const path = join(root, `${name}.txt`);
  const text = `${screen
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
  if (process.env['UPDATE_FRAMES']) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : `(no ${path}: UPDATE_FRAMES=1 makes it)`);
}

/** Columns of a line before its figures begin: up to the failed CPUs of a cell, and the name of a counter. */
const CELL_COLUMNS = 52;
const COUNTER_COLUMNS = 13;

/**
 * A screen without what differs from run to run: uptime, counters, rates and their histories, jitter. `N` stands where the
 * last digit of a figure is, so that columns that move are seen.
 */
export function maskFrame(screen: string): string {
  let pane = '';
  return screen
    .split('\n')
    .map((line) => {
      pane = /^[─-] (\w+) /.exec(line)?.[1] ?? pane;
      if (pane === 'Cells' && /^[ >][ *] *\d+ /.test(line)) return maskFigures(line, CELL_COLUMNS);
      if (pane === 'Detail' && /^ [a-z_]+ +\d+ /.test(line)) return maskFigures(line, COUNTER_COLUMNS);
      return line
        .replace(/up \d\d:\d\d:\d\d/, 'up TT:TT:TT')
        .replace(/jitter: .* ns/, 'jitter: N ns, min: N ns, max: N ns');
    })
    .join('\n');
}

function maskFigures(line: string, columns: number): string {
  const figures = line
    .slice(columns)
    .replace(/[▁▂▃▄▅▆▇█]/g, ' ')
    .replace(/(?:\d+\.\d|\d+)[kMG]?|-/g, (figure) => 'N'.padStart(figure.length));
  return `${line.slice(0, columns)}${figures}`;
}
