import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells } from '../../../cells';
import { DIALECTS } from '../../../src/abi/jailhouse';
import { BOARDS } from '../../../src/boards';
import { RELEASES } from '../../../src/board/releases';
import type { Dialect } from '../../../src/abi/jailhouse';

/** What the documents show of the code. */
export const sections = {
  table(name: string): string {
    const make = tables[name];
    if (!make) throw new Error(`there is no table ${name}`);
    return make();
  },

  /** A file of examples/, as a program of a user would have it. */
  example(name: string): string {
    const source = readFileSync(join(__dirname, 'examples', name), 'utf8')
      .replace('../../../../src/index', 'cellvisor')
      .replace('../../../../src/', '../src/');
    return `\`\`\`ts\n${source}\`\`\``;
  },
};

const tables: Readonly<Record<string, () => string>> = {
  cells: () =>
    markdown(
      ['Cell', 'Board', 'Dialect', 'What it is'],
      Object.entries(cells).map(([name, { board, dialect, summary }]) => [`\`${name}\``, board, dialect, summary]),
    ),

  dialects: () =>
    markdown(
      ['Dialect', 'Used by'],
      DIALECTS.map((dialect) => [`\`${dialect}\``, RELEASES_OF_DIALECT[dialect]]),
    ),

  boards: () =>
    markdown(
      ['Board', 'CPUs', 'RAM', 'UARTs', 'Timer'],
      BOARDS.map((board) => [
        `\`${board.name}\``,
        `${board.cpus.length}`,
        mib(board.ram.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n)),
        `${board.uarts.map(({ name }) => name).join(', ')} (${board.uarts[0]?.kind})`,
        `${board.counterFrequencyHz / 1e6} MHz`.replace('8.333333', '8.33'),
      ]),
    ),

  releases: () =>
    markdown(
      ['Release', 'Jailhouse', 'Dialect', 'ivshmem', 'Linux'],
      RELEASES.map(({ name, version, dialect, traits, linux }) => [
        `\`${name}\``,
        version,
        `\`${dialect}\``,
        `version ${traits.ivshmemVersion}`,
        linux.kernelVersion,
      ]),
    ),
};

/** jailhouse-abi reference 0 */
const RELEASES_OF_DIALECT: Readonly<Record<Dialect, string>> = {
  'upstream-8': 'v0.8',
  'upstream-9': 'v0.9, v0.9.1',
  'nxp-9': 'imx_4.14.62, imx_4.14.78',
  'upstream-10': 'v0.10, v0.11',
  'nxp-10': 'imx_4.14.98 (the guide), imx_4.19.35, imx_5.4.3',
  'upstream-11': 'between v0.11 and v0.12',
  'upstream-12': 'v0.12',
  'nxp-12': 'imx_5.4.24 to 5.4.70, lf-5.10, lf-5.15.5',
  'upstream-13': 'after v0.12; lf-5.15.32 to lf-6.1.1',
  'upstream-14': 'master; lf-6.1.22 to lf-6.6.3',
};

function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function mib(bytes: bigint): string {
  return `${bytes / 0x10_0000n} MiB`;
}
