/** Whole files, and what they mean. Anew with UPDATE_GOLDEN=1. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromLibxlJson, printLibxlJson, readDomainConfig, toLibxlJson } from '../../../../src/xen/config';
import transcripts from './xl-4.17.json';

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

describe('what is kept about a domain is read back', () => {
  test.each(names)('%s', (name) => {
    const text = readFileSync(join(folder, name.replace(/\.cfg$/, '.txt')), 'utf8');
    const config = fromLibxlJson(text, name);
    expect(`${printLibxlJson(toLibxlJson(config, { cpuCount: 6 }))}\n`).toBe(text);
  });

  const recorded = (transcripts as readonly { name: string; config?: { c_info: object } }[]).flatMap((transcript) =>
    transcript.config ? [{ ...transcript, config: transcript.config }] : [],
  );
  /** What the C tool keeps and we do not: see the differences in transcripts.test.ts. */
  const notOurs = new Set(
    'acpi arch bootloader channel claim hap nomigrate numa p9 pci vfb type-hvm builder-hvm irqs endcomma cpus-soft'.split(
      ' ',
    ),
  );
  test.each(recorded.filter(({ name }) => !notOurs.has(name)))("the C tool's $name", ({ config }) => {
    const uuid = '00000000-0000-4000-8000-000000000000';
    const kept = { ...config, c_info: { ...config.c_info, uuid } };
    expect(toLibxlJson(fromLibxlJson(JSON.stringify(kept), 'f'), { cpuCount: 2 })).toMatchObject(kept);
  });

  test.each(['', 'null', '[]', '{', '{}', '{"c_info": {"name": "x"}}'])('%j is no such file', (text) => {
    expect(() => fromLibxlJson(text, 'f')).toThrow(/^f: not the configuration of a domain: /);
  });
});
