import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_CODES, FINDING_FAMILIES, findingPage } from '../../../src/config/findings';
import { formatDocument } from '../../../src/config/findings/format';

const path = join(__dirname, '../../../docs/findings.md');

test('docs/findings.md is made of the table', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, formatDocument());
  expect(readFileSync(path, 'utf8')).toBe(formatDocument());
});

test('no code is in two families', () => {
  const codes = FINDING_FAMILIES.flatMap(({ pages }) => Object.keys(pages));
  expect([...new Set(codes)]).toEqual(codes);
  expect([...FINDING_CODES]).toEqual(codes);
});

test.each(FINDING_CODES)('the page of %s', (code) => {
  const { title, explanation, remedy } = findingPage(code);
  expect(code).toMatch(/^[A-Z]+(-[A-Z0-9]+)+$/);
  expect(title).toMatch(/^\S.*[^.\s]$/);
  expect(explanation).toMatch(/^\S.*\.$/);
  expect(remedy).toMatch(/\S.*[.}]$|0x1000$/);
});
