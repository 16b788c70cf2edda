/** Documents say what is so: generated tables are up to date, examples are files that compile, links lead somewhere. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sections } from './sections';

const root = join(__dirname, '../../..');
/** `UPDATE_DOCS=1 npx jest test/unit/docs` writes what these tests compare with. */
const isUpdating = process.env['UPDATE_DOCS'] === '1';

/** A mark, and the table or fenced block behind it. */
const GENERATED = /^(<!-- (table|example): (\S+) -->)\n(?:\n((?:\|.*\n)+|```ts\n[^]*?\n```\n))?/gm;

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'inmates/README.md', ...markdownIn('docs')];

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

describe.each(documents)('%s', (document) => {
  const path = join(root, document);
  const text = readFileSync(path, 'utf8');

  test('tables and examples are those of the code', () => {
    const expected = text.replaceAll(GENERATED, (_, mark: string, kind: string, name: string) => {
      const body = kind === 'table' ? sections.table(name) : sections.example(name);
      return `${mark}\n\n${body}\n`;
    });
    if (isUpdating) writeFileSync(path, expected);
    else expect(text).toBe(expected);
  });

  test('links lead to files and headings', () => {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
    const broken = links.filter((target) => !/^https?:/.test(target) && !isThere(path, target));
    expect(broken).toEqual([]);
  });
});

function isThere(document: string, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const path = file === '' ? document : join(dirname(document), file);
  if (!existsSync(path)) return false;
  return heading === undefined || headingsOf(readFileSync(path, 'utf8')).includes(heading);
}

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}
