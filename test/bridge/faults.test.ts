import { join } from 'node:path';
import { strerror } from '../../src/errno';
import { BridgedBoard } from '../support/bridge';
import type { ErrnoName } from '../../src/errno';
import type { Finished } from '../support/board-processes';

/**
 * Each command on the hardware backend, while calls fail: the C tool's line and exit code (jailhouse-tools reference 2.1, 4
 * to 10, 13), a hint at most behind it, and the board as it was, so that the same command succeeds afterwards.
 */
jest.setTimeout(120_000);

const OPEN_ERRORS: readonly ErrnoName[] = ['EBUSY', 'ENOMEM', 'EACCES', 'ENODEV', 'EIO'];
const ERRORS: readonly ErrnoName[] = ['EINTR', ...OPEN_ERRORS];
const DEVICE = '/dev/jailhouse';
const CELLS = '/sys/devices/jailhouse/cells';

const board = new BridgedBoard();
beforeAll(() => board.run(['true']));
afterAll(() => board.remove());

const jailhouse = (line: string, ...faults: string[]) => board.command('jailhouse', line.split(' '), { faults });
const done = { code: 0, out: '', err: '' };

/** First line of stderr; what follows are hints. */
function lineOf({ err }: Finished): string {
  const [line = '', ...others] = err.replace(/\n$/, '').split('\n');
  expect(others.filter((other) => !other.startsWith('hint: '))).toEqual([]);
  return line;
}

async function state(): Promise<unknown> {
  return { cells: await board.cells() };
}

const LIFE: readonly (readonly [command: string, request: string])[] = [
  ['enable cells/imx8mm.cell', 'JAILHOUSE_ENABLE'],
  ['cell create cells/imx8mm-ivshmem-demo.cell', 'JAILHOUSE_CELL_CREATE'],
  ['cell load ivshmem-demo inmates/ivshmem-demo.bin', 'JAILHOUSE_CELL_LOAD'],
  ['cell start 1', 'JAILHOUSE_CELL_START'],
  ['cell shutdown 1', 'JAILHOUSE_CELL_LOAD'],
  ['cell start --name ivshmem-demo', 'JAILHOUSE_CELL_START'],
];
const END: typeof LIFE = [
  ['cell destroy 1', 'JAILHOUSE_CELL_DESTROY'],
  ['disable', 'JAILHOUSE_DISABLE'],
];

function requests(life: typeof LIFE): void {
  test.each(life)('jailhouse %s', async (command, request) => {
    const before = await state();
    const failures: readonly (readonly [fault: string, line: string])[] = [
      ...ERRORS.map((errno) => [`ioctl:${DEVICE}:${errno}`, `${request}: ${strerror(errno)}`] as const),
      ...OPEN_ERRORS.map((errno) => [`open:${DEVICE}:${errno}`, `opening ${DEVICE}: ${strerror(errno)}`] as const),
    ];
    for (const [fault, line] of failures) {
      const result = await jailhouse(command, fault);
      expect([fault, result.code, result.out, lineOf(result)]).toEqual([fault, 1, '', line]);
    }
    expect(await state()).toEqual(before);
    expect(await jailhouse(command)).toEqual(done);
  });
}

describe('a life with faults', () => {
  requests(LIFE);

  describe('while the cell runs', () => {
    test('cell list: a directory that vanishes between readdir and open', async () => {
      const whole = await jailhouse('cell list');
      const result = await jailhouse('cell list', `open:${CELLS}/1/*:ENOENT`);
      expect(result.code).toBe(1);
      expect(result.out).toBe(
        whole.out
          .split(/(?<=\n)/)
          .slice(0, 2)
          .join(''),
      );
      expect(lineOf(result)).toMatch(RegExp(`^opening ${CELLS}/1/\\w+: No such file or directory$`));
    });

    test('cell list: a directory that cannot be read', async () => {
      const result = await jailhouse('cell list', `readdir:${CELLS}:ENOMEM`);
      expect([result.code, result.out, lineOf(result)]).toEqual([1, '', 'scandir: Cannot allocate memory']);
      expect(await jailhouse('cell list', `readdir:${CELLS}:ENOENT`)).toEqual(done);
    });

    test.each(['EIO', 'EACCES', 'ENODEV'] as const)('cell list: files that give %s', async (errno) => {
      const unreadable = await jailhouse('cell list', `read:${CELLS}/1/*:${errno}`);
      expect(unreadable.code).toBe(1);
      expect(lineOf(unreadable)).toMatch(RegExp(`^reading ${CELLS}/1/\\w+: ${strerror(errno)}$`));
      const closed = await jailhouse('cell list', `open:${CELLS}/1/state:${errno}`);
      expect([closed.code, lineOf(closed)]).toEqual([1, `opening ${CELLS}/1/state: ${strerror(errno)}`]);
    });

    test('short reads lose nothing', async () => {
      const [list, console] = await Promise.all([jailhouse('cell list'), jailhouse('console')]);
      expect(await jailhouse('cell list', 'read:*:short=1')).toEqual(list);
      expect(await jailhouse('console', 'read:*:short=7')).toEqual(console);
      expect(console.out).toContain('Started cell "ivshmem-demo"');
    });

    test.each(ERRORS)('console: %s', async (errno) => {
      const result = await jailhouse('console', `read:${DEVICE}:${errno}`);
      expect([result.code, result.out, lineOf(result)]).toEqual([1, '', `read(console): ${strerror(errno)}`]);
    });

    test('cell stats: a cell that vanishes', async () => {
      const result = await jailhouse('cell stats 1', `*:${CELLS}/1*:ENOENT`);
      expect([result.code, result.out, lineOf(result)]).toEqual([1, '', 'reading stats: No such file or directory']);
    });

    const send = (fault: string) => board.command('uio_send', ['/dev/uio0', '0', '0', '0'], { faults: [fault] });

    test.each(OPEN_ERRORS)('uio_send: no file, %s', async (errno) => {
      const result = await send(`open:/dev/uio0:${errno}`);
      expect(result).toMatchObject({ code: 255, out: expect.stringMatching(/error on open \/dev\/uio0\n$/) });
      expect(lineOf(result)).toBe(`opening /dev/uio0: ${strerror(errno)}`);
    });

    test.each(ERRORS)('uio_send: no mapping, %s', async (errno) => {
      const result = await send(`mmap:/dev/uio0:${errno}`);
      expect(result).toMatchObject({ code: 255, out: expect.stringMatching(/mmap failed\n$/) });
      expect(lineOf(result)).toBe(`mmap: ${strerror(errno)}`);
    });

    test('an open that a signal interrupts once is made again', async () => {
      const console = await jailhouse('console');
      expect(await jailhouse('console', `open:${DEVICE}:EINTR:1`)).toEqual(console);
      expect(await jailhouse('cell list', 'open:*:EINTR:3')).toEqual(await jailhouse('cell list'));
    });

    test.each(['EIO', 'ENODEV'] as const)('uio_read: %s ends it', async (errno) => {
      const result = await board.command('uio_read', ['/dev/uio0', '3'], {
        faults: [`read:/dev/uio0:${errno}`],
      });
      expect([result.code, result.out]).toEqual([
        255,
        '[UIO] opening file /dev/uio0\n[UIO] reading\n[UIO] buf is 0, len -1\n',
      ]);
      expect(lineOf(result)).toBe(`read: ${strerror(errno)}`);
    });

    test('uio_read: a signal is a line of its own, and it goes on, as the C tool does', async () => {
      const reading = board.command('uio_read', ['/dev/uio0', '2'], { faults: ['read:/dev/uio0:EINTR:1'] });
      // It rings until the reader has seen it: an interrupt before its open is not for it.
      let isOver = false;
      void reading.then(() => (isOver = true));
      while (!isOver) await board.command('uio_send', ['/dev/uio0', '1', '0', '0']);
      const { code, out, err } = await reading;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/reading\n\[UIO\] buf is 0, len -1\n\[UIO\] buf is \d+, len 4\n\[UIO\] Exiting...\n$/);
    });
  });

  requests(END);
});

describe('hints', () => {
  test('not root', async () => {
    const { code, err } = await jailhouse('disable', `open:${DEVICE}:EACCES`);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'opening /dev/jailhouse: Permission denied\nhint: only root may open it: try again with sudo\n',
    });
  });

  test('the module is not loaded', async () => {
    const missing = [`*:${DEVICE}:ENOENT`, '*:/sys/devices/jailhouse*:ENOENT'];
    const { code, err } = await jailhouse('enable cells/imx8mm.cell', ...missing);
    expect({ code, err }).toEqual({
      code: 1,
      err:
        'opening /dev/jailhouse: No such file or directory\n' +
        'hint: load the driver with insmod jailhouse.ko, or set CELLVISOR_BACKEND=emulated to use an emulated board\n',
    });
    expect(await jailhouse('cell list', ...missing)).toEqual(done);
    const uio = await board.command('uio_read', ['/dev/uio0', '1']);
    expect(uio).toMatchObject({ code: 255, err: expect.stringContaining('uio_ivshmem.ko') });
  });

  test('the same lines without a bridge, on a machine that has no board', async () => {
    const env = { CELLVISOR_BACKEND: 'hardware' };
    const { code, err } = await board.run(
      ['env', '-u', 'LD_PRELOAD', process.execPath, 'dist/bin/jailhouse.js', 'disable'],
      { env },
    );
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^opening \/dev\/jailhouse: .*\nhint: .*insmod jailhouse.ko/),
    });
  });
});

test('a file that cannot be read is refused before the device is opened', async () => {
  const result = await jailhouse(`enable ${join(board.processes.folder, 'none.cell')}`, `open:${DEVICE}:EIO`);
  expect(lineOf(result)).toMatch(/^opening .*none.cell: No such file or directory$/);
});
