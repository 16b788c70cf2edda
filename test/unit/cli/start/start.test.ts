import { spawnSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILT = join(__dirname, '../../../../dist/bin/xl.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-start-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'cellvisor'));
  copyFileSync(BUILT, join(folder, 'bin/xl.js'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A bundle as the build makes them. */
const write = (name: string, code: string, hash = `${name} ${code}`) =>
  writeFileSync(
    join(folder, 'cellvisor', name),
    `// ${hash.replaceAll('\n', ' ')}\n(function (exports, require, module, __filename, __dirname) {\n${code}\n})`,
  );
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/xl.js'), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const cached = (purpose: string) => join(folder, 'code-cache', purpose);
const said = (stdout: string) => ({ status: 0, stdout, stderr: '' });

test('a bundle has its own require, of other bundles, once, and of what Node has', () => {
  write(
    'xl.js',
    `console.log(require('./part.js').value + require('./part.js').value, require('node:path').sep, __filename)`,
  );
  write('part.js', `console.log('loaded'); exports.value = 2`);
  expect(run()).toEqual(said(`loaded\n4 / ${join(folder, 'cellvisor/xl.js')}\n`));
});

test("Node's own require gets the same module", () => {
  write('xl.js', `console.log(require('./part.js') === require('node:module').createRequire(__filename)('./part.js'))`);
  write('part.js', '');
  expect(run()).toEqual(said('true\n'));
});

test('what was compiled is kept, for each sub-command, and used', () => {
  write('xl.js', `const twice = (n) => 2 * n; console.log(twice(4))`);
  expect([run('list'), run('list')]).toEqual([said('8\n'), said('8\n')]);
  expect(readdirSync(join(folder, 'code-cache'))).toEqual(['xl list']);
  const { ino } = statSync(join(cached('xl list'), 'xl.js'));
  run('list');
  expect(statSync(join(cached('xl list'), 'xl.js')).ino).toBe(ino);
});

test('a run that fails keeps nothing, nor does a word that is no sub-command get a folder', () => {
  write('xl.js', `process.exitCode = process.argv[2] === 'good' ? 0 : 1`);
  run('bad');
  expect(existsSync(join(folder, 'code-cache'))).toBe(false);
  write('xl.js', '');
  run('../out');
  run('--help');
  expect(readdirSync(join(folder, 'code-cache'))).toEqual(['xl']);
});

test('a bundle of the same length is another bundle', () => {
  write('xl.js', `const say = () => 'one'; console.log(say())`);
  run();
  write('xl.js', `const say = () => 'two'; console.log(say())`);
  expect([run(), run()]).toEqual([said('two\n'), said('two\n')]);
});

test.each([
  ['cut short', (file: string) => truncateSync(file, statSync(file).size - 100)],
  ['empty', (file: string) => truncateSync(file, 0)],
  [
    'of another Node',
    (file: string) => writeFileSync(file, readFileSync(file, 'latin1').replace(process.version, 'v1.2.3'), 'latin1'),
  ],
])('what was kept and is %s is made again', (_, spoil) => {
  write('xl.js', `const say = () => 'here'; console.log(say())`);
  run();
  const file = join(cached('xl'), 'xl.js');
  const good = readFileSync(file).length;
  spoil(file);
  expect([run(), run()]).toEqual([said('here\n'), said('here\n')]);
  expect(readFileSync(file)).toHaveLength(good);
});

test('where nothing can be written, nothing is kept, and nothing is said', () => {
  write('xl.js', `console.log('fine')`);
  writeFileSync(join(folder, 'code-cache'), 'a file is in the way');
  expect([run(), run()]).toEqual([said('fine\n'), said('fine\n')]);
});

/** Only root can give a folder away. */
const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log('the folder of somebody else: skipped, only root can give one away');
const testAsRoot = isRoot ? test : test.skip;
testAsRoot('in the folder of somebody else nothing is kept', () => {
  write('xl.js', `console.log('fine')`);
  chownSync(folder, 12_345, 12_345);
  expect(run()).toEqual(said('fine\n'));
  expect(existsSync(join(folder, 'code-cache'))).toBe(false);
});

test('what a bundle throws is thrown, and the next to ask for it gets it anew', () => {
  write('xl.js', `for (const _ of [1, 2]) try { require('./bad.js') } catch (error) { console.log(error.message) }`);
  write('bad.js', `globalThis.tries = (globalThis.tries ?? 0) + 1; throw new Error('try ' + tries)`);
  expect(run()).toEqual(said('try 1\ntry 2\n'));
});
