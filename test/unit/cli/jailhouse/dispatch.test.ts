import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../../src/cli/jailhouse/main';
import { FakeKernel, sysfsOf } from '../../../support/fake-kernel';
import { run } from '../../../support/command';

const USAGE = `Usage: jailhouse { COMMAND | --help | --version }

Available commands:
   enable SYSCONFIG
   disable
   console [-f | --follow]
   cell create CELLCONFIG
   cell list
   cell load { ID | [--name] NAME } { IMAGE | { -s | --string } "STRING" }
             [-a | --address ADDRESS] ...
   cell start { ID | [--name] NAME }
   cell shutdown { ID | [--name] NAME }
   cell destroy { ID | [--name] NAME }
   cell linux CELLCONFIG KERNEL [-i | --initrd FILE]
              [-c | --cmdline "STRING"] [-w | --write-params FILE]
   cell stats { ID | [--name] NAME }
   config create [-h] [-g] [-r ROOT] [--mem-inmates MEM_INMATES]
                 [--mem-hv MEM_HV] FILE
   config collect FILE.TAR
   config check [-h] SYSCONFIG [CELLCONFIG [CELLCONFIG ...]]
   hardware check \n`;

test.each([
  [[]],
  [['help']],
  [['-h']],
  [['enabl']],
  [['ENABLE', 'x']],
  [['']],
  [['cell']],
  [['cell', 'lists']],
  [['cell', '--help']],
  [['config']],
  [['hardware']],
  [['hardware', 'list']],
  [['enable']],
  [['enable', 'a', 'b']],
  [['console', '-F']],
  [['console', 'x']],
  [['cell', 'create']],
  [['cell', 'create', 'a', 'b']],
  [['cell', 'list', 'x']],
  [['cell', 'list', '--json', 'x']],
  [['cell', 'list', '-h']],
  [['cell', 'load']],
  [['cell', 'load', '1']],
  [['cell', 'load', '--name']],
  [['cell', 'load', '--name', 'x']],
  [['cell', 'load', '1', '-s']],
  [['cell', 'load', '1', '--string']],
  [['cell', 'load', '1', 'image', '-a']],
  [['cell', 'load', '1', 'image', '-a', 'x']],
  [['cell', 'load', '1', 'image', '-a', '0x']],
  [['cell', 'load', '1', 'image', '-a', '0x8000000000000000']],
  [['cell', 'start']],
  [['cell', 'start', '1', '2']],
  [['cell', 'shutdown']],
  [['cell', 'shutdown', '1', 'image']],
  [['cell', 'destroy']],
  [['cell', 'destroy', '--name']],
  [['cell', 'destroy', '--name', 'x', 'y']],
  [['--backend']],
  [['--backend=emulated']],
  [['--backend', 'emulated', 'help']],
])('%j is answered with the usage on stdout and exit code 1', async (args) =>
  expect(await run(main, args)).toEqual({ code: 1, out: USAGE, err: '', openedKernel: false }),
);

test.each([[['--help']], [['--help', 'anything']]])('%j prints the usage', async (args) =>
  expect(await run(main, args)).toMatchObject({ code: 0, out: USAGE, err: '' }),
);

test.each([[['--version']], [['--version', 'anything']]])(
  '%j prints the version of the tool it replaces',
  async (args) =>
    expect(await run(main, args)).toMatchObject({ code: 0, out: 'Jailhouse management tool v0.10\n', err: '' }),
);

test('the usage carries the name of the program', async () => {
  const { out } = await run(main, [], { programPath: '/opt/bin/jh.js' });
  expect(out.split('\n')[0]).toBe('Usage: jh { COMMAND | --help | --version }');
});

test.each([[['--backend=emulated']], [['--backend', 'emulated']]])(
  '%j before the command asks for that backend',
  async (option) => {
    let asked: string | undefined;
    const kernel = new FakeKernel(sysfsOf([]));
    await main([...option, 'cell', 'list'], {
      programPath: 'jailhouse',
      env: { CELLVISOR_BACKEND: 'hardware' },
      out: () => undefined,
      err: () => undefined,
      openTerminal: undefined,
      openKernel: async (env) => {
        asked = env['CELLVISOR_BACKEND'];
        return kernel;
      },
    });
    expect(asked).toBe('emulated');
  },
);

describe('extension scripts', () => {
  const NOT_THERE = 'execvp: No such file or directory\n';

  test.each([['cell', 'linux']])(
    '%s %s without its script says what the C tool says, and why',
    async (command, subcommand) => {
      const { code, out, err } = await run(main, [command, subcommand, 'x'], { env: { PATH: '/nowhere' } });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toBe(
        `${NOT_THERE}hint: Cellvisor does not have "${command} ${subcommand}" yet, and the script jailhouse-${command}-${subcommand} is not installed\n`,
      );
    },
  );

  describe('with a script in PATH', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cellvisor-extension-'));
    const seen = join(folder, 'seen');
    const script = join(folder, 'jailhouse-cell-linux');
    mkdirSync(join(folder, 'libexec'));
    writeFileSync(script, `#!/bin/sh\necho "$@" > ${seen}\nexit 7\n`);
    chmodSync(script, 0o755);
    afterAll(() => rmSync(folder, { recursive: true }));

    test('runs it with the remaining arguments and passes its exit code on', async () => {
      const { code } = await run(main, ['cell', 'linux', 'a b', 'c'], { env: { PATH: folder } });
      expect(code).toBe(7);
    });

    test('finds it beside the program, too', async () => {
      const { code } = await run(main, ['cell', 'linux'], { programPath: join(folder, 'jailhouse'), env: {} });
      expect(code).toBe(7);
    });

    test('does not run it for another backend: it would touch the real machine', async () => {
      const env = { PATH: folder, CELLVISOR_BACKEND: 'emulated' };
      expect(await run(main, ['cell', 'linux'], { env })).toMatchObject({
        code: 1,
        err: expect.stringContaining(NOT_THERE),
      });
    });
  });
});
