import { main } from '../../../src/cli/cellvisor/main';
import { parseDuration, UsageError } from '../../../src/cli/cellvisor/arguments';
import type { CommandIo } from '../../../src/cli/command';

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const io: CommandIo = {
    programPath: 'cellvisor',
    env: {},
    out: (data) => void (out += data.toString()),
    err: (text) => void (err += text),
    openKernel: () => Promise.reject(new Error('not needed')),
    openTerminal: undefined,
  };
  return { code: await main(args, io), out, err };
}

test('version and help', async () => {
  expect(await run('--version')).toEqual({
    code: 0,
    out: expect.stringMatching(/^cellvisor \d+\.\d+\.\d+\n$/),
    err: '',
  });
  for (const args of [
    ['--help'],
    ['-h'],
    ['board', '--help'],
    ['board', 'start', '-h'],
    ['try', '--help'],
    ['gdb', '--help'],
  ]) {
    const { code, out, err } = await run(...args);
    expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
    expect(out).toMatch(/^Usage: cellvisor /);
  }
});

test.each([
  [['nosuch'], "there is no command 'nosuch'"],
  [[], 'a command is missing'],
  [['board'], 'a command for the board is missing'],
  [['board', 'explode'], "there is no command 'explode' for boards"],
  [['board', 'start', 'a', 'b'], "one board at a time, not 'a b'"],
  [['board', 'start', '--speed', '9'], "Unknown option '--speed'"],
  [['board', 'start', '--clock', 'fast'], "--clock is real or virtual, not 'fast'"],
  [['board', 'list', 'x'], 'list takes no name'],
  [['board', 'log'], 'one log, such as uart1'],
  [['try'], '--root is missing'],
  [['try', '--root', 'a.cell', 'b.cell'], 'a cell and an inmate are needed'],
  [
    ['try', '--root', 'a.cell', 'b.cell', 'c.bin', '--timeout', '5'],
    "--timeout is a time such as 500ms, 5s or 2m, not '5'",
  ],
  [['try', '--root', 'a.cell', 'b.cell', 'c.bin', '--gdb', '1234'], '--gdb is an address and a port'],
  [['gdb'], 'one cell, such as gic-demo'],
  [['gdb', 'a', 'b'], 'one cell, such as gic-demo'],
  [['gdb', 'a', '--listen', 'x'], '--listen is an address and a port, such as 127.0.0.1:1234'],
  [['--host', 'root@board', 'gdb', 'a'], "'cellvisor gdb' is about this machine"],
] as [string[], string][])('%j is answered by the usage and exit code 2', async (args, message) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err).toContain('\n\nUsage: cellvisor ');
});

test('durations', () => {
  const parse = (text: string) => parseDuration(text, '--timeout', '');
  expect([parse('500ms'), parse('5s'), parse('1.5m'), parse('2h')]).toEqual([500, 5000, 90_000, 7_200_000]);
  for (const text of ['', '5', 's', '-1s', '1 s', '1d']) expect(() => parse(text)).toThrow(UsageError);
});
