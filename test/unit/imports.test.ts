/** Imports form no circles, not even those of types: a file can be read with what it builds on, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '../..');

const files = new Map(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [join(root, 'src', name), importsOf(join(root, 'src', name))] as const),
);

/** What a file imports or exports from, by path. What is loaded later, by `import()`, is none of it. */
function importsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    return from && ts.isStringLiteral(from) && from.text.startsWith('.') ? [join(dirname(path), from.text)] : [];
  });
}

const resolve = (path: string) => [`${path}.ts`, join(path, 'index.ts')].find((file) => files.has(file));

/** One circle through a file, as paths below src; undefined without one. */
function circleFrom(start: string): string[] | undefined {
  const seen = new Set<string>();
  const search = (path: string, way: readonly string[]): string[] | undefined => {
    for (const next of (files.get(path) ?? []).map(resolve)) {
      if (next === start) return [...way, path, start];
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...way, path]);
      if (found) return found;
    }
    return undefined;
  };
  return search(start, [])?.map((path) => path.slice(root.length + 1));
}

test('there are no circles', () => {
  expect(files.size).toBeGreaterThan(500);
  expect([...files.keys()].map(circleFrom).filter((circle) => circle !== undefined)).toEqual([]);
});
