import { parseTop } from '../../../src/cli/cellvisor/top';
import { boardSources } from '../../../src/cli/cellvisor/top/sources';
import { UsageError } from '../../../src/cli/cellvisor/arguments';
import type { TopOptions } from '../../../src/cli/cellvisor/top/options';

const { PATH } = process.env;
afterEach(() => (process.env['PATH'] = PATH));

async function boardsOf(args: readonly string[], env: Readonly<Record<string, string>>) {
  const sources = await boardSources(parseTop(args, env) as TopOptions, env);
  await Promise.all(sources.map(({ kernel }) => kernel.close()));
  return sources;
}

test('boards of this machine', async () => {
  const named = (await boardsOf(['--backend', 'emulated', '--board', 'a', '--board', 'b', '--board', 'a'], {})).map(
    ({ name, link, kernel }) => [name, link, kernel.backend],
  );
  expect(named).toEqual([
    ['a', undefined, 'emulated'],
    ['b', undefined, 'emulated'],
  ]);
  const [usual] = await boardsOf([], { CELLVISOR_BACKEND: 'emulated' });
  expect(usual?.name).toBe('imx8mm-evk');
  const [own] = await boardsOf([], { CELLVISOR_BACKEND: 'hardware' });
  expect([own?.link, own?.kernel.backend]).toEqual([undefined, 'hardware']);
  expect([await own?.xen?.isThere(), usual?.xen]).toEqual([false, undefined]);
});

test('boards on other hosts: all that are named, whether they are there or not', async () => {
  process.env['PATH'] = '/nonexistent'; // There is no ssh.
  const sources = await boardsOf(['--backend', 'emulated', '--board', 'x'], { CELLVISOR_HOST: 'root@one two' });
  expect(sources.map(({ name }) => name)).toEqual(['root@one', 'two']);
  // What an emulated board's UARTs print is asked over the link; a Xen over there is not.
  expect(sources.map(({ link, uarts, xen }) => [link?.state.kind, typeof uarts, xen])).toEqual([
    ['connecting', 'function', undefined],
    ['connecting', 'function', undefined],
  ]);
});

test.each([
  [['x'], {}],
  [['--board', 'a'], {}],
  [['--backend', 'xen'], {}],
  [['--interval', '1ms'], {}],
  [['--backend', 'emulated', '--board', 'a', '--board', 'b'], { CELLVISOR_HOST: 'root@one' }],
])('%j with %j is refused', (args, env) => {
  expect(() => parseTop(args, env)).toThrow(UsageError);
});
