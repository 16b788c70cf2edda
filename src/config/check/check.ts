import { findingPage, SEVERITIES } from '../findings';
import { checkAlignment } from './rules/alignment';
import { checkCommRegions } from './rules/comm-region';
import { checkConsoles } from './rules/console';
import { checkCpus } from './rules/cpus';
import { checkGic } from './rules/gic';
import { checkHardware } from './rules/hardware';
import { checkHypervisorMemory } from './rules/hypervisor-memory';
import { checkIdentity } from './rules/identity';
import { checkIntercepted } from './rules/intercepted';
import { checkInterrupts } from './rules/interrupts';
import { checkIvshmem } from './rules/ivshmem';
import { checkLoading } from './rules/loading';
import { checkOverlap } from './rules/overlap';
import { checkRegionFlags } from './rules/region-flags';
import { checkRootMemory } from './rules/root-memory';
import { checkVirtualPci } from './rules/virtual-pci';
import type { Severity } from '../findings';
import type { Finding, Report } from './finding';
import type { Subject } from './subject';

/** One family of findings each. */
const RULES: readonly ((subject: Subject, report: Report) => void)[] = [
  checkIdentity,
  checkCpus,
  checkAlignment,
  checkRegionFlags,
  checkOverlap,
  checkHypervisorMemory,
  checkIntercepted,
  checkRootMemory,
  checkGic,
  checkInterrupts,
  checkVirtualPci,
  checkIvshmem,
  checkCommRegions,
  checkConsoles,
  checkLoading,
  checkHardware,
];

/** Of one code; a damaged file can have any number. */
const LIMIT_PER_CODE = 100;

/**
 * Everything that can be known about configs before anybody runs them: what driver and hypervisor refuse, and what they
 * accept although nobody can want it. Without a system only what a cell says by itself is looked at, without hardware
 * nothing about the board.
 *
 * @returns errors first
 */
export function checkConfigs(subject: Subject): Finding[] {
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  const report: Report = (code, { message, places, remedy, severity }) => {
    const count = counts.get(code) ?? 0;
    counts.set(code, count + 1);
    if (count < LIMIT_PER_CODE) {
      const page = findingPage(code);
      findings.push({ code, severity: severity ?? page.severity, message, places, remedy: remedy ?? page.remedy });
    }
  };
  for (const rule of RULES) {
    rule(subject, report);
  }
  return findings.sort((a, b) => rank(a.severity) - rank(b.severity));
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
