import { openSync, closeSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as cell from '../../../cells/imx8mm-uart-demo';
import * as root from '../../../cells/imx8mm';
import { ReadStream } from 'node:tty';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { loadSyscalls } from '../../../src/native/syscalls';
import { BoardProcesses } from '../../support/board-processes';
import type { ChildProcess } from 'node:child_process';
import type { CellModule } from '../../../src/config/builder';
import type { BoardStatus } from '../../../src/wire/control';

jest.setTimeout(30_000);

/**
 * Sends back what UART2 receives: x1 is the i.MX UART, URXD at 0 has bit 15 set when there is a byte, UTXD is at 0x40.
 *
 *         movz x1, #0x3089, lsl #16
 *     1:  ldr  w0, [x1]
 *         tbz  w0, #15, 1b
 *         and  w0, w0, #0xff
 *         str  w0, [x1, #0x40]
 *         b    1b
 */
const ECHO = Uint32Array.of(0xd2a61121, 0xb9400020, 0x367fffe0, 0x12001c00, 0xb9004020, 0x17fffffc);

let boards: BoardProcesses;

beforeAll(async () => {
  boards = new BoardProcesses();
  const file = (name: string, bytes: Uint8Array) => {
    const path = join(boards.folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const configOf = (module: CellModule) => encodeConfig(module.config, module.dialect);
  await succeed('jailhouse', 'enable', file('root.cell', configOf(root)));
  await succeed('jailhouse', 'cell', 'create', file('echo.cell', configOf(cell)));
  await succeed('jailhouse', 'cell', 'load', '1', file('echo.bin', Buffer.from(ECHO.buffer)));
  await succeed('jailhouse', 'cell', 'start', '1');
  boards.processIdOf('imx8mm-evk');
});
afterAll(() => boards.remove());

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await boards.run(command, ...args);
  expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
  return out;
}

/** Everything that a process prints, until a text is in it. */
function printed(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve) => {
    let all = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      if (all.includes(text)) resolve(all);
    });
  });
}

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

test('a terminal program and the inmate talk through the pseudo-terminal', async () => {
  const status = JSON.parse(await succeed('cellvisor', 'board', 'status', '--json')) as BoardStatus;
  const fd = openSync(status.uarts.find(({ name }) => name === 'uart2')?.terminal ?? '', 'r+');
  try {
    const buffer = Buffer.alloc(4096);
    writeSync(fd, 'hello\r\x03 inmate!');
    let heard = '';
    while (!heard.includes('inmate!')) heard += buffer.toString('latin1', 0, readSync(fd, buffer));
    expect(heard).toContain('hello\r\x03 inmate!');
  } finally {
    closeSync(fd);
  }
});

test('attach does the same over the socket, from now on, and ends with stdin', async () => {
  const attached = boards.start('cellvisor', ['board', 'attach', 'uart2']);
  const exit = exitOf(attached);
  const heard = printed(attached, 'knock');
  attached.stdin?.write('knock');
  expect(await heard).toBe('knock');
  attached.stdin?.end();
  expect(await exit).toBe(0);
});

test('attach on a terminal passes every key but Ctrl-], which leaves', async () => {
  const pty = loadSyscalls().openPty();
  if (typeof pty === 'number') throw new Error(`no pseudo-terminal: errno ${-pty}`);
  const keyboard = new ReadStream(pty.master);
  const screen = (text: string) =>
    new Promise<void>((resolve) => {
      let all = '';
      keyboard.on('data', (chunk: Buffer) => {
        all += chunk.toString('latin1');
        if (all.includes(text)) resolve();
      });
    });
  try {
    const attached = boards.start(
      'cellvisor',
      ['board', 'attach', 'uart2'],
      [pty.terminal, pty.terminal, pty.terminal],
    );
    const exit = exitOf(attached);
    await screen('attached to uart2 of imx8mm-evk; Ctrl-] leaves');
    const heard = screen('a\x03b');
    writeSync(pty.master, 'a\x03b');
    await heard;
    writeSync(pty.master, 'c\x1dd');
    expect(await exit).toBe(0);
  } finally {
    keyboard.destroy();
    closeSync(pty.terminal);
  }
});

test('a long text arrives whole, although the receiver’s FIFO is short', async () => {
  const text = Array.from({ length: 500 }, (_, line) => `line ${line};`).join('');
  const attached = boards.start('cellvisor', ['board', 'attach', 'uart2']);
  const heard = printed(attached, 'line 499;');
  attached.stdin?.write(text);
  expect(await heard).toBe(text);
  attached.kill();
  await exitOf(attached);
});

test('log shows what came so far; with -f also what comes, until the board ends', async () => {
  const following = boards.start('cellvisor', ['board', 'log', 'uart2', '--follow']);
  await printed(following, 'Started cell "uart-demo"');
  const more = printed(following, 'marker');
  const attached = boards.start('cellvisor', ['board', 'attach', 'uart2']);
  attached.stdin?.write('marker');
  await more;
  expect(await succeed('cellvisor', 'board', 'log', 'uart2')).toContain('marker');
  expect(await succeed('cellvisor', 'board', 'log', 'uart2', '--since', '1h')).toContain('marker');
  expect(await succeed('cellvisor', 'board', 'log', 'uart1')).toBe('');
  attached.kill();
  following.kill();
  await Promise.all([exitOf(attached), exitOf(following)]);
});

test('the logs of hypervisor and kernel', async () => {
  const hypervisor = await succeed('cellvisor', 'board', 'log', 'hypervisor');
  expect(hypervisor).toMatch(/^\nInitializing Jailhouse hypervisor v0\.10 on CPU 0\n/);
  expect(hypervisor).toMatch(/Started cell "uart-demo"\n$/);
  expect(await succeed('cellvisor', 'board', 'log', 'kernel')).toContain('Created Jailhouse cell "uart-demo"');
});

test('a log or a UART that does not exist is named, with those that do', async () => {
  expect(await boards.run('cellvisor', 'board', 'log', 'uart9')).toEqual({
    code: 1,
    out: '',
    err: "the board has no log 'uart9'\nhint: it has uart1, uart2, uart3, uart4, hypervisor, kernel\n",
  });
  expect((await boards.run('cellvisor', 'board', 'attach', 'kernel')).err).toContain("the board has no UART 'kernel'");
  expect((await boards.run('cellvisor', 'board', 'log')).code).toBe(2);
  expect((await boards.run('cellvisor', 'board', 'log', 'uart1', '--since', 'noon')).code).toBe(2);
});

test('following a log ends, without an error, when the board is reset; the log begins anew', async () => {
  const following = boards.start('cellvisor', ['board', 'log', 'uart2', '-f']);
  await printed(following, 'Started cell');
  const exit = exitOf(following);
  expect(await succeed('cellvisor', 'board', 'reset')).toBe('the emulated board imx8mm-evk was reset\n');
  expect(await exit).toBe(0);
  expect(await succeed('cellvisor', 'board', 'log', 'uart2')).toBe('');
  expect(await succeed('jailhouse', 'cell', 'list')).toBe('');
});
