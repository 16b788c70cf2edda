import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASH } from '../../../src/cli/cellvisor/completion/bash';
import { FISH } from '../../../src/cli/cellvisor/completion/fish';
import { CELLVISOR, JAILHOUSE, XL } from '../../../src/cli/cellvisor/completion/words';
import { ZSH } from '../../../src/cli/cellvisor/completion/zsh';
import { main as cellvisor } from '../../../src/cli/cellvisor/main';
import { main as jailhouse } from '../../../src/cli/jailhouse/main';
import { SUB_COMMANDS } from '../../../src/cli/xl/sub-commands';
import { run } from '../../support/command';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-completion-'));
const sysfs = join(folder, 'sysfs');
const files = join(folder, 'files');
/** With an xl that knows two domains. */
const bin = join(folder, 'bin');
const environment = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
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
  mkdirSync(bin);
  const listing = ['Name ID Mem', 'Domain-0 0 640', 'DomU 1 128'].map((line) => `'${line}'`).join(' ');
  writeFileSync(join(bin, 'xl'), `#!/bin/sh\n[ "$1" = list ] && printf '%s\\n' ${listing}\n`);
  chmodSync(join(bin, 'xl'), 0o755);
  const names = ['domu.cfg', 'imx8mm.cell', 'Image', 'gic-demo.bin', 'board.dtb', 'imx8mm-evk.dtb'];
  for (const name of names) writeFileSync(join(files, name), '');
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
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', program], {
    encoding: 'utf8',
    cwd: files,
    env: environment,
  });
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
    [
      'jailhouse cell load 1 ',
      ['Image', 'board.dtb', 'cells', 'domu.cfg', 'gic-demo.bin', 'imx8mm-evk.dtb', 'imx8mm.cell'],
    ],
    ['jailhouse cell load 1 -', ['--string', '-s']],
    ['jailhouse cell load 1 gic-demo.bin -', ['--address', '--string', '-a', '-s']],
    ['jailhouse cell load 1 gic-demo.bin -a ', []],
    ['jailhouse cell linux ', ['cells', 'imx8mm.cell']],
    ['jailhouse cell linux imx8mm.cell I', ['Image']],
    [
      'jailhouse cell linux imx8mm.cell --',
      ['--arch', '--cmdline', '--dtb', '--help', '--initrd', '--kernel-decomp-factor', '--write-params'],
    ],
    ['jailhouse cell linux imx8mm.cell Image -c ', []],
    ['jailhouse cell list ', ['--format', '--json', '--quiet']],
    ['jailhouse config ', ['check', 'collect', 'create']],
    ['jailhouse config check ', ['cells', 'imx8mm.cell']],
    ['jailhouse config check -', [...JAILHOUSE.checkOptions].sort()],
    ['jailhouse config check imx8mm.cell --against imx8mm', ['imx8mm-evk', 'imx8mm-evk.dtb']],
    ['jailhouse config check imx8mm.cell --against b', ['board', 'board.dtb']],
    ['jailhouse config create -r ', ['cells']],
    ['jailhouse config create --dtb ', ['board.dtb', 'cells', 'imx8mm-evk.dtb']],
    ['jailhouse config create --dtb board.dtb --c', ['--cell', '--console']],
    ['jailhouse config create --cell ', []],
    ['jailhouse config create --device-regions ', ['listed', 'wide']],
    ['jailhouse config create --dialect nxp-10', ['nxp-10']],
    ['jailhouse --backend emulated config collect I', ['Image']],
    ['jailhouse hardware ', ['check']],
    ['jailhouse --backend ', ['emulated', 'hardware']],
    ['jailhouse --backend emulated cell start g', ['gic-demo']],
    ['jailhouse --host root@board --backend emulated cell start g', ['gic-demo']],
    ['jailhouse --host ', []],
    ['cellvisor --host root@board doctor -', ['--json', '--root']],
    ['cellvisor ', [...CELLVISOR.commands].sort()],
    ['cellvisor board s', ['start', 'status', 'stop']],
    ['cellvisor board start imx8mm', ['imx8mm-evk']],
    ['cellvisor try --clock ', ['real', 'virtual']],
    ['cellvisor try --root ', ['cells', 'imx8mm.cell']],
    ['cellvisor --backend emulated gdb -', ['--board', '--listen']],
    ['cellvisor gdb --listen ', []],
    ['cellvisor stats -', ['--cell', '--count', '--interval', '--json']],
    ['cellvisor events --i', ['--interval']],
    ['cellvisor exporter -', ['--listen', '--textfile']],
    ['cellvisor doctor -', ['--json', '--root']],
    ['cellvisor run --', ['--board', '--fault', '--trace']],
    ['cellvisor config ', ['convert', 'diff', 'dts', 'show']],
    ['cellvisor config show ', ['cells', 'imx8mm.cell']],
    ['cellvisor config show --running i', ['imx8mm']],
    ['cellvisor config show --y', ['--yaml']],
    ['cellvisor config convert x.cell --dialect upstream-14', ['upstream-14']],
    ['cellvisor config dts x.cell --d', ['--dtbo']],
    ['cellvisor explain hw-gic', ['HW-GIC']],
    ['cellvisor explain Im', ['IMAGE-NOT-LOADABLE', 'IMAGE-OUTSIDE', 'IMAGE-TOO-LONG', 'Image']],
    ['cellvisor explain --live --a', ['--all']],
    ['cellvisor explain crash.log --cell ', ['cells', 'imx8mm.cell']],
    ['cellvisor explain crash.log --elf g', ['gic-demo.bin']],
    ['cellvisor module ', ['load', 'unload']],
    ['cellvisor module unload u', ['uio_ivshmem']],
    ['cellvisor completion ', ['bash', 'fish', 'zsh']],
    ['xl ', XL.commands],
    ['xl cons', ['console']],
    ['xl create ', ['cells', 'domu.cfg']],
    ['xl destroy ', ['DomU', 'Domain-0']],
    ['xl shutdown DomU DomU', ['DomU']],
    ['xl shutdown -', []],
    ['xl config-update D', ['DomU', 'Domain-0']],
    ['xl config-update DomU ', ['cells', 'domu.cfg']],
    ['xl help vcpu-', ['vcpu-list', 'vcpu-pin', 'vcpu-set']],
    ['xl dmesg ', []],
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
      const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', program], {
        encoding: 'utf8',
        cwd: files,
        env: environment,
      });
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
    expect(offers('jailhouse cell linux imx8mm.cell Image --in')).toEqual(['--initrd']);
    expect(offers('cellvisor try --clock v')).toEqual(['virtual']);
    expect(offers('jailhouse config create --device-regions ')).toEqual(['listed', 'wide']);
    expect(offers('jailhouse config check --against imx8q')).toEqual(['imx8qm-mek', 'imx8qxp-mek']);
    expect(offers('cellvisor config convert --dialect upstream-14')).toEqual(['upstream-14']);
    expect(offers('cellvisor config show --running i')).toEqual(['imx8mm']);
    expect(offers('cellvisor explain HW-G')).toEqual(['HW-GIC']);
    expect(offers('cellvisor explain --li')).toEqual(['--live']);
    expect(offers('xl cons')).toEqual(['console']);
    expect(offers('xl destroy D')).toEqual(['DomU', 'Domain-0']);
    expect(offers('xl config-update DomU domu')).toEqual(['domu.cfg']);
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

  test('commands of xl', () => {
    const ours = Object.keys(SUB_COMMANDS).filter((name) => name !== 'monitor-domain');
    expect(XL.commands).toEqual([...ours, 'help'].sort());
  });

  test('commands of cellvisor board', async () => {
    const listed = [...(await helpOf('board', '--help')).matchAll(/^ {3}([a-z]+)/gm)].map(([, word]) => word);
    expect([...CELLVISOR.board].sort()).toEqual(listed.sort());
  });

  test.each([
    ['try', CELLVISOR.tryOptions],
    ['gdb', CELLVISOR.gdbOptions],
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

  const optionsIn = (text: string) => [...new Set(text.match(/(?<=^|[\s[])--?[a-z][a-z-]*/gm))].sort();

  test.each([
    ['create', JAILHOUSE.createOptions],
    ['check', JAILHOUSE.checkOptions],
  ])('options of jailhouse config %s', async (command, options) => {
    const { out } = await run(jailhouse, ['config', command, '--help']);
    expect([...options].sort()).toEqual(optionsIn(out));
  });

  test('options of jailhouse cell linux', async () => {
    const { out } = await run(jailhouse, ['cell', 'linux', '--help']);
    const listed = optionsIn(out.slice(out.indexOf('options:')).replaceAll(', -', ' -'));
    expect([...JAILHOUSE.linuxOptions].sort()).toEqual(listed);
  });

  test('subcommands and options of cellvisor config', async () => {
    const synopses = (await helpOf('config', '--help')).split('\n\n', 1)[0] ?? '';
    const listed = new Map<string, string>();
    for (const [, command = '', rest = ''] of synopses.matchAll(/cellvisor config ([a-z]+)(.*)/g)) {
      listed.set(command, `${listed.get(command) ?? ''} ${rest}`);
    }
    expect([...CELLVISOR.config]).toEqual([...listed.keys()]);
    for (const [command, options] of Object.entries(CELLVISOR.configOptions)) {
      expect(optionsIn(options.filter((one) => one !== '--from').join(' '))).toEqual(
        optionsIn(listed.get(command)?.replaceAll('|', ' ') ?? ''),
      );
    }
  });

  test('options of cellvisor explain', async () => {
    const { USAGE } = await import('../../../src/cli/cellvisor/explain-crash/usage');
    expect([...CELLVISOR.explainOptions].sort()).toEqual(optionsIn(USAGE));
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
