import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { Terminal } from '../../../src/board/daemon/terminal';

const terminals: Terminal[] = [];
const descriptors: number[] = [];

function openTerminal(onInput: (bytes: Uint8Array) => void = () => undefined): Terminal {
  const terminal = new Terminal(onInput);
  terminals.push(terminal);
  return terminal;
}

function attach(terminal: Terminal): number {
  const fd = openSync(terminal.path, 'r+');
  descriptors.push(fd);
  return fd;
}

function readText(fd: number): string {
  const buffer = Buffer.alloc(65536);
  return buffer.subarray(0, readSync(fd, buffer)).toString();
}

afterEach(() => {
  for (const fd of descriptors.splice(0)) closeSync(fd);
  for (const terminal of terminals.splice(0)) terminal.close();
});

test('what is written comes out of the terminal byte for byte', () => {
  const terminal = openTerminal();
  const fd = attach(terminal);
  terminal.write(Buffer.from('line\n\r\x03\x1b['));
  expect(readText(fd)).toBe('line\n\r\x03\x1b[');
});

test('what is typed arrives byte for byte, without an echo, again after a program left', async () => {
  const typed: number[] = [];
  let wake = (): void => undefined;
  const terminal = openTerminal((bytes) => {
    typed.push(...bytes);
    wake();
  });
  for (const text of ['first\r\x03', 'second']) {
    const fd = openSync(terminal.path, 'r+');
    const arrived = new Promise<void>((resolve) => {
      wake = () => {
        if (Buffer.from(typed).toString().endsWith(text)) resolve();
      };
    });
    writeSync(fd, text);
    await arrived;
    closeSync(fd);
  }
  expect(Buffer.from(typed).toString()).toBe('first\r\x03second');
  terminal.write(Buffer.from('.'));
  expect(readText(attach(terminal))).toBe('.');
});

test('without a reader nothing piles up: the newest output is what a late reader sees', () => {
  const terminal = openTerminal();
  for (let line = 0; line < 20_000; line++) terminal.write(Buffer.from(`${line}\n`));
  const fd = attach(terminal);
  let shown = '';
  while (!shown.endsWith('19999\n')) shown += readText(fd); // blocks where there is nothing more
  expect(shown.split('\n').length).toBeLessThan(20_000);
});

test('it is a terminal', () => {
  const stream = new ReadStream(openSync(openTerminal().path, 'r+'));
  expect(stream.isTTY).toBe(true);
  stream.destroy();
});
