import type { CrashExplanation } from '../../../crash';

const LABEL_WIDTH = 'instruction'.length;

/** @param earlier crashes of the log that are not shown */
export function showCrashes(explanations: readonly CrashExplanation[], earlier: number): string {
  const hidden = earlier > 0 ? `\n${earlier} earlier crash${earlier === 1 ? '' : 'es'} in this log: --all\n` : '';
  return explanations.map(showCrash).join('\n') + hidden;
}

function showCrash({ dump, title, facts, remedies, doubts }: CrashExplanation): string {
  const lines =
    dump.firstLine === dump.lastLine ? `line ${dump.firstLine}` : `lines ${dump.firstLine}-${dump.lastLine}`;
  return [
    `${title}  [${lines}]`,
    '',
    ...facts.map(({ label, text }) => `  ${label.padEnd(LABEL_WIDTH)}  ${text}`),
    ...section('What to do', remedies),
    ...section('What is not known', doubts),
    '',
  ].join('\n');
}

function section(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : ['', `${title}:`, ...texts.map((text) => `  - ${text}`)];
}

/** Numbers of 64 bits as hexadecimal texts. */
export function crashToJson(explanations: readonly CrashExplanation[]): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value);
  return `${JSON.stringify(explanations, plain, 2)}\n`;
}
