import type { Diagnosis } from '../../../doctor/doctor';
import type { Finding } from '../../../doctor/finding';

const MARK_WIDTH = 'warning'.length;

/** A line a finding, one below it with what to do, and a last one that sums up. */
export function showDiagnosis({ canEnable, findings }: Diagnosis): string {
  const problems = findings.filter(({ severity }) => severity === 'problem').length;
  const verdict = canEnable
    ? 'Nothing stands in the way of jailhouse enable.'
    : `jailhouse enable cannot work: ${problems} problem${problems === 1 ? '' : 's'}.`;
  return `${findings.map(showFinding).join('')}\n${verdict}\n`;
}

function showFinding({ code, severity, what, remedy }: Finding): string {
  const remedyLine = remedy === undefined ? '' : `${' '.repeat(MARK_WIDTH)}  -> ${remedy}\n`;
  const suffix = severity === 'ok' ? '' : ` [${code}]`;
  return `${severity.padEnd(MARK_WIDTH)}  ${what}${suffix}\n${remedyLine}`;
}
