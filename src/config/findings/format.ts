import { FINDING_CODES, FINDING_FAMILIES, findingPage } from './index';
import type { FindingCode, FindingPage } from './index';

const WIDTH = 100;

/** The page of a finding, for a terminal. */
export function formatPage(code: FindingCode): string {
  const { severity, title, explanation, remedy, errno } = findingPage(code);
  const refused = errno ? [wrap(`The driver answers ${errno}.`)] : [];
  return `${[`${code} (${severity}): ${title}`, wrap(explanation), wrap(remedy), ...refused].join('\n\n')}\n`;
}

/** All codes, a line each. */
export function formatIndex(): string {
  const width = Math.max(...FINDING_CODES.map((code) => code.length));
  const families = FINDING_FAMILIES.map(({ title, pages }) => {
    const lines = (Object.entries(pages) as [FindingCode, FindingPage][]).map(
      ([code, page]) => `  ${code.padEnd(width)}  ${page.severity.padEnd(7)}  ${page.title}`,
    );
    return `${title}\n${lines.join('\n')}\n`;
  });
  return families.join('\n');
}

/** docs/findings.md, all of it. */
export function formatDocument(): string {
  const families = FINDING_FAMILIES.map(({ title, pages }) => {
    const entries = (Object.entries(pages) as [FindingCode, FindingPage][]).map(
      ([code, { severity, title: what, explanation, remedy, errno }]) =>
        `### ${code}\n\n**${severity}: ${markNames(what)}.** ${markNames(explanation)}\n\n${markNames(remedy)}${errno ? ` The driver answers ${errno}.` : ''}\n`,
    );
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return `${HEAD}\n${families.join('\n')}`;
}

const HEAD = `# Findings

What \`jailhouse config check\` can find, made of the same table as \`cellvisor explain CODE\`. An error is what driver or
hypervisor refuse, or what nobody can want to run. A warning works until somebody relies on what is missing. A note is good
to know: configs that ship with Jailhouse have it.
`;

/** Names of fields and flags as code. */
function markNames(text: string): string {
  return text.replace(
    /(?<![\w`])_?[A-Za-z]+(?:[._][A-Za-z0-9]+)*_[A-Za-z0-9]+(?:[._][A-Za-z0-9]+)*(?:\[\d+\])?|(?<=\s)_\d\d/g,
    '`$&`',
  );
}

function wrap(text: string): string {
  return text.replace(new RegExp(`(.{1,${WIDTH}})(?: +|$)`, 'g'), '$1\n').trimEnd();
}
