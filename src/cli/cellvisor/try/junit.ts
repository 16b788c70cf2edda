export interface TestCase {
  readonly name: string;
  /** Why it failed; absent: it passed. */
  readonly failure?: string;
}

export interface TestSuite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
  /** What the inmate printed. */
  readonly output: string;
}

/** The XML that CI servers read. */
export function junitXml(suite: TestSuite): string {
  const failures = suite.cases.filter((one) => one.failure !== undefined).length;
  const counts = `tests="${suite.cases.length}" failures="${failures}" errors="0" skipped="0"`;
  const time = `time="${suite.seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} ${time}>`,
    `  <testsuite name="${escaped(suite.name)}" ${counts} ${time}>`,
    ...suite.cases.map((one) => testCase(suite, one)),
    `    <system-out>${escaped(suite.output)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(suite: TestSuite, { name, failure }: TestCase): string {
  const open = `    <testcase classname="${escaped(suite.name)}" name="${escaped(name)}" time="${suite.seconds.toFixed(3)}"`;
  if (failure === undefined) return `${open}/>`;
  const [message = ''] = failure.split('\n');
  return `${open}>\n      <failure message="${escaped(message)}">${escaped(failure)}</failure>\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for most control characters: they are shown as U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
