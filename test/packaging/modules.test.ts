/** What scripts and packaging import is in the repository: a module that .gitignore keeps out would be on one machine alone. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

/** What git has, or would add; undefined outside of a checkout, and where there is no git. */
function filesOfGit(): ReadonlySet<string> | undefined {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? new Set(stdout.split('\0').filter((path) => path !== '')) : undefined;
}

/** Of `import ... from`, `export ... from`, import() and import for effect: those that are paths. */
function relativeImports(source: string): string[] {
  const found = source.matchAll(/^(?:import|export)\s[^;]*?['"](\.[^'"]*)['"];|\bimport\(\s*['"](\.[^'"]*)['"]/gm);
  return [...found].map(([, one, other]) => (one ?? other) as string);
}

test('imports are found in all their forms', () => {
  const source = [
    "import './effect.mjs';",
    "import { one,\n  two } from './named.mjs';",
    "import fs from 'node:fs';",
    "export * from '../again.mjs';",
    "const late = await import('./late.mjs');",
    "console.log('./text.mjs');",
  ].join('\n');
  expect(relativeImports(source)).toEqual(['./effect.mjs', './named.mjs', '../again.mjs', './late.mjs']);
});

const files = filesOfGit();
const why = files === undefined ? ' (skipped: this is no checkout of git, or git is not installed)' : '';
if (why !== '') process.stderr.write(`modules of scripts and packaging${why}\n`);

(files === undefined ? test.skip : test)(`git has every module that scripts and packaging import${why}`, () => {
  const tracked = files as ReadonlySet<string>;
  const imports = [...tracked]
    .filter((path) => /^(scripts|packaging|bench)\/.*\.mjs$/.test(path) && existsSync(join(root, path)))
    .flatMap((path) =>
      relativeImports(readFileSync(join(root, path), 'utf8')).map((one) => ({ path, one: join(dirname(path), one) })),
    );
  expect(imports.length).toBeGreaterThan(5);
  expect(imports.filter(({ one }) => !tracked.has(one))).toEqual([]);
});
