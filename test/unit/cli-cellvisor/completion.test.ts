import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASH } from '../../../src/cli/cellvisor/completion/bash';
import { FISH } from '../../../src/cli/cellvisor/completion/fish';
import { CELLVISOR, JAILHOUSE } from '../../../src/cli/cellvisor/completion/words';
import { ZSH } from '../../../src/cli/cellvisor/completion/zsh';
import { main as cellvisor } from '../../../src/cli/cellvisor/main';
import { main as jailhouse } from '../../../src/cli/jailhouse/main';
import { run } from '../../support/command';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-completion-'));
const sysfs = join(folder, 'sysfs');
const files = join(folder, 'files');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const [id, name] of [
    ['0', 'imx8mm'],
    ['1', 'gic-demo'],
    ['12', 'two words'],
  ] as const) {
    mkdirSync(join(sysfs, 'cells', id), { recursive: true });
    writeFileSync(join(sysfs, 'cells', id, 'name'), `${name}\n`);
  }
  mkdirSync(join(files, 'cells'), { recursive: true });
  for (const name of ['imx8mm.cell', 'Image', 'gic-demo.bin']) writeFileSync(join(files, name), '');
});

const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const onBoard = (script: string) => script.replaceAll('/sys/devices/jailhouse', sysfs);

/** The last word of the line is the one that is being typed. */
function complete(line: string): string[] {
  const words = line.split(' ').map((word) => `'${word}'`);
  const program = `${onBoard(BASH)}
compopt() { :; }
COMP_WORDS=(${words.join(' ')})
COMP_CWORD=${words.length - 1}
function_name=$(complete -p ${words[0]} | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function_name
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8', cwd: files });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((word) => word !== '')
    .sort();
}

describe('bash, at the positions of jailhouse-tools reference 14', () => {
  test.each<[string, string[]]>([
    ['jailhouse ', [...JAILHOUSE.commands].sort()],
    ['jailhouse en', ['enable']],
    ['jailhouse enable ', ['cells', 'imx8mm.cell']],
    ['jailhouse enable x ', []],
    ['jailhouse console ', []],
    ['jailhouse console -', ['--follow', '-f']],
    ['jailhouse cell ', [...JAILHOUSE.cell].sort()],
    ['jailhouse cell create ', ['cells', 'imx8mm.cell']],
    ['jailhouse cell create x ', []],
    ['jailhouse cell start ', ['--name', '1', '12', 'gic-demo', 'two\\ words']],
    ['jailhouse cell start 1', ['1', '12']],
    ['jailhouse cell start g', ['gic-demo']],
    ['jailhouse cell destroy --name ', ['gic-demo', 'two\\ words']],
    ['jailhouse cell shutdown 1 ', []],
    ['jailhouse cell stats i', ['imx8mm']],
    ['jailhouse cell stats -', ['--help', '--json', '--name', '-h']],
    ['jailhouse cell load 1 ', ['Image', 'cells', 'gic-demo.bin', 'imx8mm.cell']],
    ['jailhouse cell load 1 -', ['--string', '-s']],
    ['jailhouse cell load 1 gic-demo.bin -', ['--address', '--string', '-a', '-s']],
    ['jailhouse cell load 1 gic-demo.bin -a ', []],
    ['jailhouse cell linux ', ['cells', 'imx8mm.cell']],
    ['jailhouse cell linux imx8mm.cell I', ['Image']],
    ['jailhouse cell linux imx8mm.cell Image -c ', []],
    ['jailhouse cell list ', ['--format', '--json', '--quiet']],
    ['jailhouse config ', ['check', 'collect', 'create']],
    ['jailhouse config check ', ['cells', 'imx8mm.cell']],
    ['jailhouse config create -r ', ['cells']],
    ['jailhouse hardware ', ['check']],
    ['jailhouse --backend ', ['emulated', 'hardware']],
    ['jailhouse --backend emulated cell start g', ['gic-demo']],
    ['cellvisor ', [...CELLVISOR.commands].sort()],
    ['cellvisor board s', ['start', 'status', 'stop']],
    ['cellvisor board start imx8mm', ['imx8mm-evk']],
    ['cellvisor try --clock ', ['real', 'virtual']],
    ['cellvisor try --root ', ['cells', 'imx8mm.cell']],
    ['cellvisor stats -', ['--cell', '--count', '--interval', '--json']],
    ['cellvisor events --i', ['--interval']],
    ['cellvisor exporter -', ['--listen', '--textfile']],
    ['cellvisor doctor -', ['--json', '--root']],
    ['cellvisor run --', ['--board', '--fault', '--trace']],
    ['cellvisor config ', ['convert', 'diff', 'show']],
    ['cellvisor config show ', ['cells', 'imx8mm.cell']],
    ['cellvisor module ', ['load', 'unload']],
    ['cellvisor module unload u', ['uio_ivshmem']],
    ['cellvisor completion ', ['bash', 'fish', 'zsh']],
  ])('%s', (line, expected) => {
    expect(complete(line)).toEqual(expected);
  });
});

describe('other shells', () => {
  test.each([
    ['zsh', ZSH],
    ['fish', FISH],
  ])('%s reads its script', (shell, script) => {
    if (!isInstalled(shell)) {
      process.stderr.write(`skipped: ${shell} is not installed\n`);
      return;
    }
    const path = join(folder, `script.${shell}`);
    writeFileSync(path, script);
    const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('fish offers commands and cells', () => {
    if (!isInstalled('fish')) {
      process.stderr.write('skipped: fish is not installed\n');
      return;
    }
    const path = join(folder, 'jailhouse.fish');
    writeFileSync(path, onBoard(FISH));
    const offers = (line: string) => {
      const program = `source ${path}; complete -C '${line}'`;
      const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', program], { encoding: 'utf8', cwd: files });
      expect(stderr).toBe('');
      return stdout
        .trim()
        .split('\n')
        .map((one) => one.split('\t')[0])
        .filter((one) => one !== '')
        .sort();
    };
    expect(offers('jailhouse ce')).toEqual(['cell']);
    expect(offers('jailhouse cell st')).toEqual(['start', 'stats']);
    expect(offers('jailhouse cell start ')).toEqual(['1', '12', 'gic-demo', 'two words']);
    expect(offers('jailhouse cell stats i')).toEqual(['imx8mm']);
    expect(offers('jailhouse --backend emulated cell start g')).toEqual(['gic-demo']);
    expect(offers('cellvisor try --clock v')).toEqual(['virtual']);
  });
});

describe('nothing is forgotten', () => {
  const helpOf = async (...args: string[]) => (await run(cellvisor, args)).out;

  test('commands of cellvisor', async () => {
    const listed = [...(await helpOf('--help')).matchAll(/^ {3}([a-z-]+)/gm)].map(([, word]) => word);
    expect([...CELLVISOR.commands].filter((word) => !word.startsWith('-')).sort()).toEqual(
      listed.filter((word) => !word?.startsWith('-')).sort(),
    );
  });

  test('commands of cellvisor board', async () => {
    const listed = [...(await helpOf('board', '--help')).matchAll(/^ {3}([a-z]+)/gm)].map(([, word]) => word);
    expect([...CELLVISOR.board].sort()).toEqual(listed.sort());
  });

  test.each([
    ['try', CELLVISOR.tryOptions],
    ['stats', CELLVISOR.statsOptions],
    ['events', CELLVISOR.eventsOptions],
    ['exporter', CELLVISOR.exporterOptions],
    ['doctor', CELLVISOR.doctorOptions],
  ])('options of cellvisor %s', async (command, options) => {
    const listed = new Set(
      [...(await helpOf(command, '--help')).matchAll(/^ {3}(--[a-z]+)/gm)].map(([, word]) => word),
    );
    expect([...options].sort()).toEqual([...listed].sort());
  });

  test('commands of jailhouse', async () => {
    const { out } = await run(jailhouse, ['--help']);
    const cells = new Set([...out.matchAll(/^ {3}cell ([a-z]+)/gm)].map(([, word]) => word));
    expect([...JAILHOUSE.cell].sort()).toEqual([...cells].sort());
  });

  test('completion prints the script of the shell that is asked for', async () => {
    expect((await run(cellvisor, ['completion', 'bash'])).out).toBe(BASH);
    expect((await run(cellvisor, ['completion', 'zsh'])).out).toBe(ZSH);
    expect((await run(cellvisor, ['completion', 'fish'])).out).toBe(FISH);
    expect((await run(cellvisor, ['completion', 'csh'])).code).toBe(2);
  });
});
