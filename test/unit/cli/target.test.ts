import { targetBoards, takeTarget } from '../../../src/cli/target';
import type { CommandIo } from '../../../src/cli/command';

const io = { env: { CELLVISOR_BOARD: 'b' } } as unknown as CommandIo;
const ALL = ['--backend', '--host', '--hosts'] as const;

test.each([
  ['nothing', ['cell', 'list'], ['cell', 'list'], {}, []],
  ['a host', ['--host', 'root@a', 'cell', 'list'], ['cell', 'list'], { CELLVISOR_HOST: 'root@a' }, ['root@a']],
  ['in one word', ['--host=a', 'x'], ['x'], { CELLVISOR_HOST: 'a' }, ['a']],
  [
    'with a backend, in any order',
    ['--backend=emulated', '--host', 'a', 'x'],
    ['x'],
    { CELLVISOR_HOST: 'a', CELLVISOR_BACKEND: 'emulated' },
    ['a'],
  ],
  ['several', ['--host', 'a', '--host=b', 'top'], ['top'], { CELLVISOR_HOST: 'a b' }, ['a', 'b']],
  ['a file', ['--hosts', 'f', 'top'], ['top'], { CELLVISOR_HOSTS: 'f' }, []],
  ['behind the command word', ['x', '--host', 'a'], ['x', '--host', 'a'], {}, []],
  ['without a value', ['--host'], ['--host'], {}, []],
  ['another option', ['--hostile', 'a'], ['--hostile', 'a'], {}, []],
])('%s', (_, args, rest, env, hosts) => {
  const target = takeTarget(args, io, ALL);
  expect(target.args).toEqual(rest);
  expect(target.hosts).toEqual(hosts);
  expect(target.io.env).toEqual({ CELLVISOR_BOARD: 'b', ...env });
});

test('an option that the command does not have stays where it is', () =>
  expect(takeTarget(['--hosts', 'f'], io).args).toEqual(['--hosts', 'f']));

test('the boards of an environment', () =>
  expect(targetBoards({ CELLVISOR_HOST: ' a  b ', CELLVISOR_HOSTS: '', CELLVISOR_BACKEND: 'emulated' })).toEqual({
    hosts: ['a', 'b'],
    hostsFile: undefined,
    backend: 'emulated',
    board: undefined,
  }));
