import { SEVERITIES } from '../findings';
import type { Finding, Place } from './finding';

/** Findings as a person reads them, with a line of counts before them. */
export function formatFindings(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return `${count} ${severity}${count === 1 ? '' : 's'}`;
  });
  return [`Cellvisor: ${counts.join(', ')}\n`, ...findings.map(formatFinding)].join('\n');
}

function formatFinding({ severity, code, message, places, remedy }: Finding): string {
  const lines = [`${severity} ${code}: ${message}`, ...places.map(formatPlace), `  write: ${remedy}`];
  return `${lines.join('\n')}\n`;
}

function formatPlace({ cell, file, field, value, source }: Place): string {
  const where = file ?? (cell === undefined ? undefined : `cell '${cell}'`);
  const line = source ? ` (${source.file}:${source.line})` : '';
  return `  ${where === undefined ? '' : `${where}: `}${field}${/^[0-9"{]/.test(value) ? ' =' : ':'} ${value}${line}`;
}
