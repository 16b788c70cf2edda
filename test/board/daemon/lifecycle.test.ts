import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import type { BoardStatus } from '../../../src/wire/control';
import { BoardProcesses, isAlive, untilGone } from '../../support/board-processes';

jest.setTimeout(30_000);

let boards: BoardProcesses;
beforeEach(() => {
  boards = new BoardProcesses();
});
afterEach(() => boards.remove());

const mode = (path: string) => statSync(path).mode & 0o777;

test('a board starts on first use, in a folder and with a socket of its user alone', async () => {
  const { code, err } = await boards.run('jailhouse', 'cell', 'list');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(isAlive(boards.processIdOf('imx8mm-evk'))).toBe(true);
  expect(mode(boards.path())).toBe(0o700);
  expect(mode(boards.path('imx8mm-evk'))).toBe(0o700);
  for (const file of ['socket', 'state.json', 'lock', 'daemon.log']) {
    expect([file, mode(boards.path('imx8mm-evk', file))]).toEqual([file, 0o600]);
  }
});

test('many first users at the same time start one board', async () => {
  const starts = await Promise.all(
    Array.from({ length: 6 }, () => boards.run('cellvisor', 'board', 'start', '--json')),
  );
  for (const { code, err } of starts) expect({ code, err }).toEqual({ code: 0, err: '' });
  const processIds = starts.map(({ out }) => (JSON.parse(out) as { processId: number }).processId);
  expect(new Set(processIds)).toEqual(new Set([boards.processIdOf('imx8mm-evk')]));
});

test('stop ends the process and removes its files; a second stop finds it off', async () => {
  await boards.run('cellvisor', 'board', 'start');
  const processId = boards.processIdOf('imx8mm-evk');
  const stopped = await boards.run('cellvisor', 'board', 'stop');
  expect(stopped).toEqual({ code: 0, out: 'the emulated board imx8mm-evk is off\n', err: '' });
  await untilGone(processId);
  expect(existsSync(boards.path('imx8mm-evk', 'socket'))).toBe(false);
  expect(existsSync(boards.path('imx8mm-evk', 'state.json'))).toBe(false);
  expect(await boards.run('cellvisor', 'board', 'stop')).toEqual(stopped);
  const status = await boards.run('cellvisor', 'board', 'status');
  expect(status.code).toBe(1);
  expect(status.err).toMatch(/^the emulated board imx8mm-evk is off\nhint: cellvisor board start/);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s is an orderly end', async (signal) => {
  await boards.run('cellvisor', 'board', 'start');
  await boards.kill('imx8mm-evk', signal);
  expect(existsSync(boards.path('imx8mm-evk', 'state.json'))).toBe(false);
  const next = await boards.run('cellvisor', 'board', 'start');
  expect({ code: next.code, err: next.err }).toEqual({ code: 0, err: '' });
  boards.processIdOf('imx8mm-evk');
});

test('after SIGKILL the next command says so, once, and starts afresh', async () => {
  await boards.run('cellvisor', 'board', 'start');
  const killed = boards.processIdOf('imx8mm-evk');
  await boards.kill('imx8mm-evk', 'SIGKILL');
  expect((await boards.run('cellvisor', 'board', 'list')).out).toMatch(/imx8mm-evk +killed\n$/);
  const next = await boards.run('jailhouse', 'cell', 'list');
  expect(next).toEqual({
    code: 0,
    out: '',
    err: `the emulated board imx8mm-evk is gone (its process ${killed} was killed); starting afresh\n`,
  });
  expect(boards.processIdOf('imx8mm-evk')).not.toBe(killed);
  expect((await boards.run('jailhouse', 'cell', 'list')).err).toBe('');
});

test('a start that is killed midway stands in nobody’s way', async () => {
  for (const delayMs of [0, 40, 80, 120]) {
    const starting = boards.start('cellvisor', ['board', 'start']);
    await new Promise((resolve) => setTimeout(resolve, delayMs)); // the moment of the kill, not a wait for anything
    starting.kill('SIGKILL');
    const next = await boards.run('cellvisor', 'board', 'start', '--json');
    expect(next.code).toBe(0);
    const { processId } = JSON.parse(next.out) as { processId: number };
    expect(processId).toBe(boards.processIdOf('imx8mm-evk'));
    await boards.run('cellvisor', 'board', 'stop');
    await untilGone(processId);
  }
});

test('a board whose socket was removed ends, and does not touch its successor', async () => {
  await boards.run('cellvisor', 'board', 'start');
  const first = boards.processIdOf('imx8mm-evk');
  rmSync(boards.path('imx8mm-evk'), { recursive: true });
  await boards.run('cellvisor', 'board', 'start');
  const second = boards.processIdOf('imx8mm-evk');
  await untilGone(first);
  const status = await boards.run('cellvisor', 'board', 'status', '--json');
  expect(JSON.parse(status.out)).toMatchObject({ processId: second });
});

test('two boards run side by side, and each is listed', async () => {
  await boards.run('cellvisor', 'board', 'start', 'imx8mq-evk');
  await boards.run('cellvisor', 'board', 'start', 'second', '--type', 'imx8mm-evk', '--clock', 'virtual');
  const listed = JSON.parse((await boards.run('cellvisor', 'board', 'list', '--json')).out) as object[];
  expect(listed).toMatchObject([
    { name: 'imx8mq-evk', type: 'imx8mq-evk', state: 'on', clock: 'real', release: 'nxp-v0.10' },
    { name: 'second', type: 'imx8mm-evk', state: 'on', clock: 'virtual' },
  ]);
  expect(boards.processIdOf('imx8mq-evk')).not.toBe(boards.processIdOf('second'));
  await boards.run('cellvisor', 'board', 'stop', 'second');
  const table = (await boards.run('cellvisor', 'board', 'list')).out.split('\n');
  expect(table[0]).toMatch(/^NAME +TYPE +STATE +PROCESS +RELEASE +CLOCK/);
  expect(table[1]).toMatch(/^imx8mq-evk +imx8mq-evk +on +\d+ +nxp-v0\.10 +real/);
  expect(table[2]).toBe('');
});

test('a board that runs is not given another type, release or clock', async () => {
  await boards.run('cellvisor', 'board', 'start');
  boards.processIdOf('imx8mm-evk');
  expect((await boards.run('cellvisor', 'board', 'start', '--clock', 'real')).code).toBe(0);
  expect(await boards.run('cellvisor', 'board', 'start', '--clock', 'virtual')).toEqual({
    code: 1,
    out: '',
    err: 'the emulated board imx8mm-evk runs already, with clock real\nhint: power it off first: cellvisor board stop imx8mm-evk\n',
  });
});

test('what cannot start says why, and leaves nothing', async () => {
  const type = await boards.run('cellvisor', 'board', 'start', 'nosuch');
  expect(type.code).toBe(1);
  expect(type.err).toContain("the emulated board nosuch does not start: there is no emulated board 'nosuch'");
  expect(type.err).toContain('hint: boards are imx8mm-evk');
  const release = await boards.run('cellvisor', 'board', 'start', '--release', 'v9');
  expect(release.code).toBe(1);
  expect(release.err).toContain("there is no Jailhouse release 'v9'");
  expect((await boards.run('cellvisor', 'board', 'list')).out).toBe('');
  expect((await boards.run('cellvisor', 'board', 'start', '--clock', 'fast')).code).toBe(2);
  expect((await boards.run('cellvisor', 'board', 'start', '../x')).err).toContain('is not a name for a board');
});

describe('a folder that others can enter', () => {
  test('is not used', async () => {
    mkdirSync(boards.path(), { mode: 0o700 });
    chmodSync(boards.path(), 0o755);
    const { code, err } = await boards.run('jailhouse', 'cell', 'list');
    expect(code).toBe(1);
    expect(err).toContain(`${boards.path()}: other users have access (mode 755)`);
    expect(err).toContain('CELLVISOR_RUNTIME_DIR');
  });

  test('that is not a folder neither, nor one with too long a path', async () => {
    boards.env['CELLVISOR_RUNTIME_DIR'] = '/dev/null';
    expect((await boards.run('jailhouse', 'cell', 'list')).err).toContain('/dev/null: not a folder');
    boards.env['CELLVISOR_RUNTIME_DIR'] = `/tmp/${'x'.repeat(200)}`;
    expect((await boards.run('jailhouse', 'cell', 'list')).err).toContain('too long for the path of a socket');
  });
});

test('reset switches the board off and on in the same process', async () => {
  const before = JSON.parse((await boards.run('cellvisor', 'board', 'start', '--json')).out) as BoardStatus;
  boards.processIdOf('imx8mm-evk');
  expect(await boards.run('cellvisor', 'board', 'reset')).toMatchObject({ code: 0, err: '' });
  const after = JSON.parse((await boards.run('cellvisor', 'board', 'status', '--json')).out) as BoardStatus;
  expect(after.processId).toBe(before.processId);
  expect(after.startedAtMs).toBeGreaterThan(before.startedAtMs);
  expect(BigInt(after.boardTimeNs)).toBeLessThan(BigInt(Date.now() - before.startedAtMs) * 1_000_000n);
});
