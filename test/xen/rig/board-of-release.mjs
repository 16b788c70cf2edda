/**
 * Makes a Xen board of another release of Xen out of the one that `XEN_BOARD` names: `node test/xen/rig/board-of-release.mjs 4.20`.
 * It says which folder `XEN_BOARD` is to name then; the first use downloads and builds what the board needs.
 *
 * The board's programs are copied. Xen, its tools and the rest of dom0 come from the release of Debian that has that Xen; dom0's kernel
 * is Debian 12's, as it was: later ones have compressed modules, which the board's programs do not look for.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, sourceLine } from '../../../scripts/debian-mirror.mjs';

const SUITES = { 4.14: 'bullseye', '4.20': 'trixie' };
const KERNEL_SUITE = 'bookworm';
/** The release that XEN_BOARD has. */
const ITS_RELEASE = '4.17';

function makeBoard(board, release) {
  const home = join(cache, `xen-board-${release}`);
  const programs = join(home, 'board');
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  cpSync(board, programs, { recursive: true });
  makeWritable(programs);
  change(join(programs, 'setup'), [
    [ITS_RELEASE, release],
    ['$HOME/.cache/xen-board', join(home, 'cache')],
    ['set -euo pipefail\n', `set -euo pipefail\nexport APT_CONFIG=${join(home, 'apt.conf')}\n`],
  ]);
  change(join(programs, 'lib.sh'), [['$HOME/.cache/xen-board', join(home, 'cache')]]);
  change(join(programs, 'dom0/init'), [[ITS_RELEASE, release]]);
  const suites = [SUITES[release], KERNEL_SUITE];
  writeLines(join(home, 'sources.list'), suites.map(sourceLine));
  writeLines(join(home, 'preferences'), [
    `Package: linux-image-*\nPin: release n=${KERNEL_SUITE}\nPin-Priority: 1001\n`,
    `Package: *\nPin: release n=${KERNEL_SUITE}\nPin-Priority: -1`,
  ]);
  writeLines(join(home, 'apt.conf'), [
    `Dir::Etc::sourcelist "${join(home, 'sources.list')}";`,
    'Dir::Etc::sourceparts "-";',
    `Dir::Etc::preferences "${join(home, 'preferences')}";`,
    'Dir::Etc::preferencesparts "-";',
  ]);
  return programs;
}

/** Replaces texts in a program of the board. @throws {Error} when one is not there: it is not the board that this knows */
function change(path, replacements) {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${path} has no '${from.trim()}': it is another board`);
    text = text.replaceAll(from, to);
  }
  writeFileSync(path, text);
}

function writeLines(path, lines) {
  writeFileSync(path, `${lines.join('\n')}\n`);
}

/** A board may be read-only. */
function makeWritable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeWritable(path);
    else chmodSync(path, 0o755);
  }
}

const [release] = process.argv.slice(2);
const board = process.env.XEN_BOARD;
if (!(release in SUITES) || !board || !existsSync(join(board, 'setup'))) {
  console.error(
    `XEN_BOARD names a board with Xen ${ITS_RELEASE}; the argument is one of ${Object.keys(SUITES).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  console.log(`XEN_BOARD=${makeBoard(board, release)}`);
}
