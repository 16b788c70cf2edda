/** Whole files, and what they mean. Anew with UPDATE_GOLDEN=1. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printLibxlJson, readDomainConfig, toLibxlJson } from '../../../../src/xen/config';

const folder = join(__dirname, 'golden');
const names = readdirSync(folder).filter((name) => name.endsWith('.cfg'));

test.each(names)('%s', (name) => {
  const notices: string[] = [];
  const config = readDomainConfig(readFileSync(join(folder, name), 'utf8'), name, (line) => notices.push(line));
  const fixed = { ...config, uuid: '00000000-0000-4000-8000-000000000000' };
  const text = `${printLibxlJson(toLibxlJson(fixed, { cpuCount: 6 }))}\n`;
  const golden = join(folder, name.replace(/\.cfg$/, '.txt'));
  if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(golden)) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, 'utf8'));
  // NXP's files are read without a complaint about any key.
  expect(notices).toEqual([]);
});

test('JSON is laid out as the C tool lays it out', () => {
  const text = printLibxlJson({ a: {}, b: { c: {}, d: [1] }, e: '{}' });
  expect(text).toBe(
    '{\n    "a": {\n\n    },\n    "b": {\n        "c": {\n\n        },\n        "d": [\n            1\n        ]\n    },\n    "e": "{}"\n}',
  );
});
