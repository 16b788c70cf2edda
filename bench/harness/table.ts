import { isTargetMet, ratioOf } from './result';
import type { Row } from './result';

const HEADINGS = ['', 'measured', 'target', 'peer', 'ratio'] as const;

/** As Markdown, columns aligned: for a terminal and for a document alike. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  const format = (line: readonly string[]) =>
    `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [headings = '', ...lines] = cells.map(format);
  return [headings, rule, ...lines].join('\n');
}

function cellsOf(row: Row): string[] {
  const ratio = ratioOf(row);
  return [
    row.what,
    `${number(row.value)} ${row.unit}`,
    targetOf(row),
    peerOf(row),
    ratio === undefined ? '' : `${number(ratio)} x`,
  ];
}

function targetOf(row: Row): string {
  if (!row.target) return '';
  const { limit, value, of } = row.target;
  const met = isTargetMet(row);
  const verdict = met === undefined ? '' : met ? ', met' : ', missed';
  return `${limit} ${number(value)} ${of === 'ratio' ? 'x' : row.unit}${verdict}`;
}

function peerOf({ peer, unit }: Row): string {
  if (!peer) return '';
  return 'value' in peer ? `${peer.name}: ${number(peer.value)} ${unit}` : `${peer.name}: ${peer.missing}`;
}

/** Three significant digits, as far as they are behind the point. */
function number(value: number): string {
  const integerDigits = Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))) + 1;
  return String(Number(value.toFixed(Math.max(0, 3 - integerDigits))));
}
