/** `xl create` and `config-update` as far as they go without a host; answers of the C tool (xen-abi reference 20). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCreateArguments } from '../../../../src/cli/xl/create/arguments';
import { main } from '../../../../src/cli/xl/main';
import { run } from '../../../support/command';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-xl-'));
  file = join(folder, 'd.cfg');
  writeFileSync(file, 'name = "d"\nkernel = "/k"\nmemory = 64\nvif = ["bridge=b"]');
});
afterEach(() => rmSync(folder, { recursive: true }));

const dryRun = async (...args: string[]) => {
  const result = await run(main, ['create', ...args]);
  return { ...result, json: result.code === 0 ? JSON.parse(result.out) : undefined };
};

test('-n prints the configuration and touches nothing', async () => {
  const { code, json, err, out, openedKernel } = await dryRun('-n', file);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    c_info: { name: 'd' },
    b_info: { target_memkb: 65536 },
    nics: [{ devid: 0, bridge: 'b' }],
  });
  expect(err).toBe(`Parsing config from ${file}\n`);
  expect(out).toMatch(/^\{\n {4}"c_info": \{\n.*\n\}\n$/s);
  expect(openedKernel).toBe(false);
});

test('-N before the command is the same', async () => {
  expect(await run(main, ['-N', 'create', file])).toMatchObject({ code: 0, openedKernel: false });
});

test('settings of the command line come last, several in one too', async () => {
  const { json } = await dryRun(file, '-n', 'memory=32;vcpus=2', 'name="z"');
  expect(json).toMatchObject({ c_info: { name: 'z' }, b_info: { target_memkb: 32768, max_vcpus: 2 } });
});

test('an error in a setting has the line that it would have in the file', async () => {
  const { code, err } = await dryRun('-n', file, 'memory==3');
  expect(code).toBe(1);
  expect(err).toContain(
    `${file}:5: config parsing error near \`=': syntax error, unexpected '=', expecting STRING or NUMBER or '['\n`,
  );
  expect(err).toContain(
    'Failed to parse config: Invalid argument\nhint: line 5, column 8: expected a string, a number or a list\n',
  );
});

test.each([['-qn'], ['--quiet', '-n'], ['-n', '-q']])('%s says nothing of reading', async (...options) => {
  expect(await dryRun(...options, file)).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['no file', ['-n'], 6, 'Config file not specified and none in save file\n'],
  ['settings only', ['-n', 'name="q"'], 6, 'Config file not specified and none in save file\n'],
  ['a file that is not there', ['/nope.cfg'], 3, 'Failed to read config file: /nope.cfg: No such file or directory\n'],
  ['a folder', ['/'], 3, 'Failed to read config file: /: Is a directory\n'],
  [
    'no configuration',
    ['/dev/null'],
    1,
    'Parsing config from /dev/null\nDomain name must be specified.\nhint: such as name = "DomU"\n',
  ],
  ['an unknown option', ['-Z'], 2, "option `Z' not supported.\n"],
  ['an unknown long option', ['--foo'], 2, "option `--foo' not supported.\n"],
  ['-f without a file', ['-nf'], 2, "option `f' not supported.\n"],
])('%s', async (_, args, code, err) => {
  expect(await run(main, ['create', ...args])).toMatchObject({ code, err, openedKernel: false });
});

test('two files are one too many: the usage, on stdout', async () => {
  const { code, out, err } = await run(main, ['create', '-n', file, file]);
  expect([code, err]).toEqual([2, '']);
  expect(out).toMatch(/^Usage: xl \[-vtTfN\] create <ConfigFile>/);
});

test('--help', async () => {
  expect(await run(main, ['create', '--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: xl/) });
});

test.each([
  ['gic_version="v4"', 3, 'Unknown gic_version "v4" specified'],
  ['tee="foo"', 3, 'Unknown tee "foo" specified'],
  ['vuart="foo"', 1, 'ERROR: invalid value "foo" for "vuart"'],
  ['disk=["/a"]', 1, "config parsing error in disk specification: no vdev specified in `/a'"],
])('%s ends with %d', async (setting, code, text) => {
  const result = await run(main, ['create', '-n', file, setting]);
  expect(result.code).toBe(code);
  expect(result.err).toContain(text);
});

test('options may stand anywhere, and be joined', () => {
  const parsed = parseCreateArguments(['a.cfg', '-pcF', 'x=1', '--defconfig=b.cfg', '-e', '--dryrun']);
  expect(parsed).toEqual({
    kind: 'arguments',
    value: {
      file: 'b.cfg',
      settings: ['x=1'],
      isDryRun: true,
      isQuiet: false,
      isPaused: true,
      withConsole: true,
      monitor: 'none',
    },
  });
  expect(parseCreateArguments(['-fa.cfg'])).toMatchObject({ value: { file: 'a.cfg' } });
  expect(parseCreateArguments(['-f', 'a.cfg', 'b.cfg'])).toEqual({ kind: 'wrong' });
});

test.each([
  [[], 1, 'xl config-update requires a domain argument\n'],
  [['5'], 1, expect.stringMatching(/^WARNING: xl now has .*\nConfig file not specified\n$/)],
])('config-update %j', async (args, code, err) => {
  expect(await run(main, ['config-update', ...args])).toMatchObject({ code, err });
});
