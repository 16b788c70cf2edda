import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgedBoard, whyNoCompiler } from '../support/bridge';

/** Programs in C that know nothing of the bridge. */
jest.setTimeout(60_000);

const reason = whyNoCompiler();
const withCompiler = reason === undefined ? describe : describe.skip;
const why = reason === undefined ? '' : ` (skipped: ${reason})`;
const done = { code: 0, out: '', err: '' };

const board = new BridgedBoard();
afterAll(() => board.remove());

withCompiler(`a jailhouse command in C${why}`, () => {
  let program: string;
  const jailhouse = (...args: string[]) => board.run([program, ...args]);
  beforeAll(() => void (program = board.compile('jailhouse-like', '-O2')));

  test('the life of a cell', async () => {
    expect(await jailhouse('list')).toEqual(done);
    expect(await jailhouse('enable', 'cells/imx8mm.cell')).toEqual(done);
    expect(await jailhouse('enable', 'cells/imx8mm.cell')).toMatchObject({
      code: 1,
      err: 'enable: Device or resource busy\n',
    });
    expect(await jailhouse('create', 'cells/imx8mm-ivshmem-demo.cell')).toEqual(done);
    expect(await jailhouse('load', '1', 'inmates/ivshmem-demo.bin')).toEqual(done);
    expect(await jailhouse('start', '1')).toEqual(done);
    expect((await jailhouse('list')).out).toBe('0 imx8mm running 0-2\n1 ivshmem-demo running 3\n');
    expect((await jailhouse('console')).out).toContain('Started cell "ivshmem-demo"');
  });

  describe.each(['-O0', '-O2'])('UIO, compiled with %s', (optimization) => {
    let uio: string;
    beforeAll(() => void (uio = board.compile('uio', optimization, '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2')));

    test.each(['registers', 'threads', 'memory', 'peer', 'inheritance'])('%s', async (name) =>
      expect(await board.run([uio, name])).toEqual({ ...done, out: `${name} ok\n` }),
    );

    test('what no register takes is a bus error, and said', async () => {
      const { code, out, err } = await board.run([uio, 'faults']);
      expect({ code, out }).toEqual({ code: 0, out: 'faults ok\n' });
      expect(
        err.match(/^cellvisor bridge: register 0x\d+ of \/dev\/uio0, .* only aligned loads and stores/gm),
      ).toHaveLength(2);
    });
  });

  test('the end of a cell', async () => {
    expect(await jailhouse('destroy', '1')).toEqual(done);
    expect(await board.run([board.compile('uio', '-O1'), 'waiting'])).toEqual({ ...done, out: 'waiting ok\n' });
    expect(await jailhouse('disable')).toEqual(done);
    expect(await jailhouse('disable')).toMatchObject({ code: 1, err: 'disable: Invalid argument\n' });
  });
});

describe('programs of the system', () => {
  test('ls, cat, sh and stat see the board beside this machine', async () => {
    const script = [
      'ls /sys/devices/jailhouse/cells /dev | grep -c "^jailhouse$"',
      'cat /sys/devices/jailhouse/enabled',
      'read line < /sys/devices/jailhouse/mem_pool_size; echo "pool $line"',
      'cd /sys/devices && cat jailhouse/../jailhouse/enabled',
      'stat -c "%F %a %s" /dev/jailhouse /sys/devices/jailhouse /sys/devices/jailhouse/enabled',
      'test -r /dev/jailhouse && test -c /dev/jailhouse && ! test -e /dev/uio0 && echo tests',
      'ls /dev/null',
      'cat /proc/version | grep -c Linux',
      'cat /sys/devices/jailhouse; cat /sys/devices/jailhouse/nothing; echo x > /sys/devices/jailhouse/enabled',
    ].join('\n');
    const { out, err } = await board.run(['sh', '-c', script]);
    expect(out.split('\n')).toEqual([
      '1',
      '0',
      'pool 0',
      '0',
      'character special file 600 0',
      'directory 755 0',
      'regular file 444 4096',
      'tests',
      '/dev/null',
      '1',
      '',
    ]);
    expect(err).toMatch(/Is a directory\n.*No such file or directory\n.*Permission denied\n$/);
  });
});

describe('cellvisor run', () => {
  test('gives the exit code and dies of the signals of its program', async () => {
    expect(await board.run(['sh', '-c', 'exit 42'])).toMatchObject({ code: 42 });
    const child = board.start(['sh', '-c', 'kill -TERM $$']);
    expect(await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))).toBe('SIGTERM');
  });

  test('hands input, environment and arguments on', async () => {
    const child = board.start(['sh', '-c', 'cat; echo "$0 $CELLVISOR_BACKEND"', '--trace'], { env: { MARK: '1' } });
    let out = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stdin?.end('from stdin\n');
    await new Promise((resolve) => child.once('close', resolve));
    expect(out).toBe('from stdin\n--trace hardware\n');
  });

  test('a command that does not exist, or is no program', async () => {
    const noCommand = 'cellvisor run: no-such-command: command not found\n';
    expect(await board.run(['no-such-command'])).toEqual({ code: 127, out: '', err: noCommand });
    const text = join(board.processes.folder, 'text');
    writeFileSync(text, '#!/bin/sh\n', { mode: 0o644 });
    const noProgram = `cellvisor run: ${text}: Permission denied\n`;
    expect(await board.run([text])).toEqual({ code: 126, out: '', err: noProgram });
  });

  withCompiler(`programs that the bridge cannot be loaded into${why}`, () => {
    test('one that is linked statically', async () => {
      const program = board.compile('jailhouse-like', '-static');
      const { code, err } = await board.run([program, 'list']);
      expect({ code, err }).toEqual({
        code: 126,
        err: `cellvisor run: ${program}: linked statically: the bridge cannot be loaded into it\n`,
      });
    });
  });

  test('rules for faults that make no sense', async () => {
    for (const rule of [
      'open:/dev/jailhouse',
      'open:/dev/jailhouse:EFOO',
      'fly:*:EIO',
      'open:*:short=2',
      '*:*:EIO:x',
    ]) {
      const { code, err } = await board.run(['true'], { faults: [rule] });
      expect([rule, code, err]).toEqual([
        rule,
        2,
        `cellvisor bridge: '${rule}' in CELLVISOR_FAULTS is not CALL:PATH:EFFECT[:COUNT]\n`,
      ]);
    }
  });

  test('a board that is gone is a device that is gone', async () => {
    const env = { CELLVISOR_BRIDGE_SOCKET: join(board.processes.folder, 'nowhere') };
    const { code, err } = await board.run([
      'sh',
      '-c',
      `CELLVISOR_BRIDGE_SOCKET=${env.CELLVISOR_BRIDGE_SOCKET} cat /dev/jailhouse`,
    ]);
    expect({ code, err }).toEqual({
      code: 1,
      err:
        'cellvisor bridge: the emulated board is not running (CELLVISOR_BRIDGE_SOCKET)\n' +
        'cat: /dev/jailhouse: No such device\n',
    });
  });
});

describe('trace', () => {
  test('has every call with its bytes and its result', async () => {
    const trace = join(board.processes.folder, 'trace');
    await board.command('jailhouse', ['enable', 'cells/imx8mm.cell'], { trace });
    await board.command('jailhouse', ['cell', 'create', 'cells/imx8mm-gic-demo.cell'], { trace });
    await board.command('uio_send', ['/dev/uio0', '1', '2', '3'], { trace });
    await board.command('jailhouse', ['disable'], { trace });
    await board.command('jailhouse', ['disable'], { trace });
    const lines = readFileSync(trace, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\d+\/\d+ /, ''));
    const system = readFileSync('cells/imx8mm.cell')
      .toString('hex')
      .replace(/(00)+$/, '');
    const cell = readFileSync('cells/imx8mm-gic-demo.cell');
    const line = (start: string) => lines.find((one) => one.startsWith(start)) ?? `none starts with ${start}`;
    expect(lines).toContainEqual(expect.stringMatching(/^open\("\/dev\/jailhouse", O_RDWR\|O_CLOEXEC\) = \d+$/));
    expect(line('ioctl(')).toMatch(RegExp(`^ioctl\\(\\d+</dev/jailhouse>, 0x40080000, {${system}[^}]*}\\) = 0$`));
    const size = Buffer.from(Uint32Array.of(cell.length).buffer).toString('hex');
    expect(lines).toContainEqual(
      expect.stringMatching(
        RegExp(`, 0x40100002, {[0-9a-f]{16}${size}00000000}, \\[0\\] -> {${cell.toString('hex')}}\\) = 0$`),
      ),
    );
    expect(line('mmap(')).toMatch(/^mmap\(\d+<\/dev\/uio0>, offset 0x0, 256 bytes, protection 3\) = 0x[0-9a-f]+$/);
    expect(line('write32(')).toBe('write32(/dev/uio0, 0xc, 0x30002) = 0x0');
    expect(lines.filter((one) => /0x1\) = /.test(one)).map((one) => one.split(' = ')[1])).toEqual(['0', 'EINVAL']);
    expect(line('read(')).toMatch(/^read\(\d+<\/sys\/[\w/]+>, \d+\) = \d+ [0-9a-f]+$/);
  });
});

test('a program of the bridge leaves nothing open on the board', async () => {
  const script = 'for i in $(seq 50); do cat /sys/devices/jailhouse/enabled < /dev/jailhouse > /dev/null; done';
  await board.run(['sh', '-c', script]);
  const { out } = await board.run(['cat', '/sys/module/jailhouse/refcnt']);
  expect(out).toBe('0\n');
});
