import { EventEmitter } from 'node:events';
import { openProcessTerminal } from '../../../src/cli/terminal';
import type { TerminalInput, TerminalOutput } from '../../../src/cli/terminal';

class Keyboard extends EventEmitter {
  readonly modes: boolean[] = [];
  readonly setRawMode = (mode: boolean) => this.modes.push(mode);
  readonly setEncoding = () => this;
  readonly pause = jest.fn();
  readonly resume = jest.fn();
}

class Screen extends EventEmitter {
  columns = 20;
  rows = 4;
  written = '';
  readonly write = (text: string) => {
    this.written += text;
    return true;
  };
}

function open() {
  const keyboard = new Keyboard();
  const screen = new Screen();
  const terminal = openProcessTerminal(keyboard as unknown as TerminalInput, screen as unknown as TerminalOutput);
  return { keyboard, screen, terminal };
}

test('takes the screen and gives it back, once', () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'];
  const before = signals.map((signal) => process.listenerCount(signal));
  const { keyboard, screen, terminal } = open();
  expect(screen.written).toBe('\x1b[?1049h\x1b[?25l');
  terminal.close();
  terminal.close();
  expect(screen.written).toBe('\x1b[?1049h\x1b[?25l\x1b[?25h\x1b[?1049l');
  expect(keyboard.modes).toEqual([true, false]);
  expect(keyboard.pause).toHaveBeenCalledTimes(1);
  expect(signals.map((signal) => process.listenerCount(signal))).toEqual(before);
  expect(keyboard.eventNames()).toEqual([]);
  expect(screen.eventNames()).toEqual([]);
});

test('gives it back when the process ends without closing', () => {
  const { screen, terminal } = open();
  const onExit = process.listeners('exit').at(-1);
  onExit?.call(process, 0);
  expect(screen.written).toMatch(/\x1b\[\?1049l$/);
  terminal.close();
});

test('draws lines where they belong, cut to the width, bars over all of it', () => {
  const { screen, terminal } = open();
  screen.written = '';
  terminal.draw([
    { text: 'x'.repeat(30) },
    { text: 'bar', reverse: true },
    { text: '' },
    { text: 'last' },
    { text: 'too much' },
  ]);
  expect(screen.written).toBe(
    `\x1b[1;1H${'x'.repeat(20)}\x1b[K\x1b[2;1H\x1b[7m${'bar'.padEnd(20)}\x1b[0m\x1b[3;1H\x1b[K\x1b[4;1Hlast\x1b[K`,
  );
  terminal.close();
});

test('a terminal without a size has 80 columns and 24 rows', () => {
  const { screen, terminal } = open();
  screen.columns = 0;
  screen.rows = 0;
  expect([terminal.columns, terminal.rows]).toEqual([80, 24]);
  terminal.close();
});

test('keys, resizing and signals come one by one, also those that came before anybody asked', async () => {
  const { keyboard, screen, terminal } = open();
  keyboard.emit('data', 'qc\x03');
  screen.emit('resize');
  process.emit('SIGINT');
  keyboard.emit('end');
  const keys = [];
  for (let count = 0; count < 6; count++) {
    keys.push(await terminal.nextKey(1000));
  }
  expect(keys).toEqual(['q', 'c', 'interrupt', 'resize', 'interrupt', 'interrupt']);
  terminal.close();
});

test('a key ends the wait, and so does time', async () => {
  const { keyboard, terminal } = open();
  const waiting = terminal.nextKey(60_000);
  keyboard.emit('data', 'a');
  expect(await waiting).toBe('a');
  expect(await terminal.nextKey(1)).toBe('timeout');
  terminal.close();
});
