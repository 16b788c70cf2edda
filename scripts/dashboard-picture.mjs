// node scripts/dashboard-picture.mjs: docs/pictures/dashboard.svg, from the dashboard as it runs in tmux on an emulated board.
// Needs tmux, and what `npm run build` makes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = dirname(import.meta.dirname);
const folder = mkdtempSync(join(tmpdir(), 'picture-'));
const [COLUMNS, ROWS] = [110, 34];
/** Pixels of a character. */
const [WIDTH, HEIGHT] = [8, 17];
/** So that the history is one. */
const WATCH_MS = 40_000;
const COLOURS = ['#1d1f21', '#ff5f5f', '#5fd75f', '#e5c07b', '#61afef', '#d787d7', '#56c8d8', '#d0d0d0'];
const [BACKGROUND, FOREGROUND, DIM] = ['#15171a', '#d0d0d0', '#7a7f87'];

const env = {
  ...process.env,
  CELLVISOR_RUNTIME_DIR: join(folder, 'run'),
  CELLVISOR_BACKEND: 'emulated',
  LANG: 'C.UTF-8',
};
const run = (command, ...args) =>
  execFileSync(process.execPath, [join(root, 'dist/bin', `${command}.js`), ...args], { env, cwd: root });
const tmux = (...args) =>
  execFileSync('tmux', ['-u', '-S', join(folder, 'tmux'), '-f', '/dev/null', ...args], { env, cwd: root }).toString();

try {
  run('jailhouse', 'enable', 'cells/imx8mm.cell');
  run('jailhouse', 'cell', 'create', 'cells/imx8mm-gic-demo.cell');
  run('jailhouse', 'cell', 'load', 'gic-demo', 'inmates/gic-demo.bin');
  run('jailhouse', 'cell', 'start', 'gic-demo');
  tmux(
    'new-session',
    '-d',
    '-x',
    `${COLUMNS}`,
    '-y',
    `${ROWS}`,
    `exec env TERM=screen-256color ${process.execPath} dist/bin/cellvisor.js top`,
  );
  while (!tmux('capture-pane', '-p').includes('gic-demo  ')) await wait(100);
  tmux('send-keys', 'j');
  tmux('send-keys', ':log uart2', 'Enter');
  await wait(WATCH_MS);
  const picture = svgOf(tmux('capture-pane', '-e', '-p').split('\n').slice(0, ROWS));
  mkdirSync(join(root, 'docs/pictures'), { recursive: true });
  writeFileSync(join(root, 'docs/pictures/dashboard.svg'), picture);
  tmux('kill-server');
  run('cellvisor', 'board', 'stop');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param lines of a screen, with select-graphic-rendition sequences */
function svgOf(lines) {
  const rows = lines.map((line, row) => rowOf(line, row)).join('');
  const [width, height] = [COLUMNS * WIDTH + 20, ROWS * HEIGHT + 20];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>\n` +
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">\n${rows}</g>\n</svg>\n`
  );
}

function rowOf(line, row) {
  const y = 10 + row * HEIGHT;
  let style = {};
  let column = 0;
  let out = '';

  for (const part of line.split(/(\x1b\[[\d;]*m|\x0e|\x0f)/)) {
    if (part.startsWith('\x1b')) style = styleAfter(style, part.slice(2, -1));
    else if (part !== '' && part >= ' ') {
      out += textOf(part, 10 + column * WIDTH, y, style);
      column += part.length;
    }
  }
  return out;
}

function textOf(text, x, y, { bold, inverse, underline, foreground = FOREGROUND, background }) {
  const [ink, paper] = inverse ? [background ?? BACKGROUND, foreground] : [foreground, background];
  const box = paper
    ? `<rect x="${x}" y="${y}" width="${text.length * WIDTH}" height="${HEIGHT}" fill="${paper}"/>`
    : '';
  if (text.trim() === '' && !underline) return box === '' ? '' : `${box}\n`;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const weight = bold ? ' font-weight="bold"' : '';
  const line = underline ? ' text-decoration="underline"' : '';
  const length = ` textLength="${text.length * WIDTH}" lengthAdjust="spacingAndGlyphs"`;
  return `${box}<text x="${x}" y="${y + 13}" fill="${ink}"${weight}${line}${length}>${escaped}</text>\n`;
}

function styleAfter(style, codes) {
  return codes.split(';').reduce((now, code) => {
    const number = Number(code);
    if (number === 0) return {};
    if (number === 1) return { ...now, bold: true };
    if (number === 4) return { ...now, underline: true };
    if (number === 7) return { ...now, inverse: true };
    if (number === 39) return { ...now, foreground: undefined };
    if (number === 49) return { ...now, background: undefined };
    if (number >= 30 && number <= 37) return { ...now, foreground: COLOURS[number - 30] };
    if (number >= 40 && number <= 47) return { ...now, background: COLOURS[number - 40] };
    if (number === 90) return { ...now, foreground: DIM };
    return now;
  }, style);
}
