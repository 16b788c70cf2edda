import type { TrialPlan } from './plan';
import type { TrialResult } from './trial';

/** What went wrong, in lines for stderr; undefined when nothing did. */
export function explainVerdict(plan: TrialPlan, { verdict, output, elapsedNs }: TrialResult): string | undefined {
  switch (verdict.kind) {
    case 'passed':
      return undefined;
    case 'failed': {
      const report = withoutReturns(verdict.report);
      // Where the inmate and the hypervisor print to one UART, all of it has been shown, between the inmate's lines.
      const shown = new Set(withoutReturns(output).split('\n'));
      const what = report.split('\n').every((line) => shown.has(line)) ? ', as the report above says' : `:\n${report}`;
      return `cell '${plan.cellName}' failed${what}\nhint: ${hintFor(verdict.report)}\n`;
    }
    case 'killed':
      return `gdb ended cell '${plan.cellName}'\n`;
    case 'missing': {
      const lines = verdict.texts.map((text) => `${plan.uart} did not print '${text}' within ${seconds(elapsedNs)}\n`);
      const hint = verdict.isIdle
        ? 'the inmate waits for an interrupt that never comes'
        : `more time: --timeout; another UART of ${plan.board.name}: --uart ${plan.board.uarts.map(({ name }) => name).join('|')}`;
      return `${lines.join('')}hint: ${hint}\n`;
    }
  }
}

function withoutReturns(text: string): string {
  return text.replaceAll('\r', '').trim();
}

function seconds(elapsedNs: bigint): string {
  return `${(Number(elapsedNs) / 1e9).toFixed(3).replace(/\.?0+$/, '')} s`;
}

/** What to do about the hypervisor's report (jailhouse-hypervisor reference 8). */
function hintFor(report: string): string {
  const access = /Unhandled data (read|write) at (0x[0-9a-f]+)/.exec(report);
  if (access) {
    return `no memory region of the cell has ${access[2]}, or none that it may ${access[1]}: correct the inmate, or add a region to the cell`;
  }
  const fetch = /instruction abort at (0x[0-9a-f]+)/.exec(report);
  if (fetch) return `the inmate jumped to ${fetch[1]}, where the cell has no memory that it may execute`;
  return 'the program counter in the report says where in the inmate it happened';
}
