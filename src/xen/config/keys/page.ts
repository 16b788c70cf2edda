import { CONFIG_KEYS } from '../keys';
import type { ConfigKey, KeyScope } from './key';

const SECTIONS: readonly (readonly [KeyScope, string, string])[] = [
  ['acts', 'Keys that have an effect', 'In the order of xl.cfg(5).'],
  [
    'nxp',
    "Keys of NXP's Xen",
    'Read and checked everywhere; they have an effect on the releases of NXP that have the device.',
  ],
  [
    'other',
    'Keys that are ignored',
    'They belong to another architecture, to a device model, or to a device that is not made here. A file may have them: a\nwarning names the line, and the domain is created.',
  ],
];

/** `docs/xl-cfg.md`: the test of this file says how to write it anew. */
export function formatKeyPage(): string {
  return [
    '# Domain configurations: the keys',
    '',
    '`xl create FILE` reads the files that the C tool reads, xl.cfg(5): `name = value` lines, where a value is a number, a string in',
    'quotes, or a list `[ a, b ]`. `+=` adds to what is there, a later line replaces an earlier one, `#` begins a comment.',
    '`xl create -n FILE` prints what the file means, as JSON, and creates nothing.',
    '',
    'A key that is not in these tables gets a warning with its line and the known key that is written most like it. A syntax',
    'error is told as `FILE:LINE: ...`, and a second line says which column, and what was expected there.',
    ...SECTIONS.flatMap(([scope, title, text]) =>
      section(
        title,
        text,
        CONFIG_KEYS.filter((key) => key.scope === scope),
      ),
    ),
    '',
  ].join('\n');
}

function section(title: string, text: string, keys: readonly ConfigKey[]): string[] {
  const rows = keys.map(({ name, kind, summary }) => [`\`${name}\``, kind, summary] as const);
  const widths = [0, 1, 2].map((column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [
    '',
    `## ${title}`,
    '',
    text,
    '',
    line(['key', 'value', '']),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ];
}
