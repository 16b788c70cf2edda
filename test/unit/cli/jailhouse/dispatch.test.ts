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
