import { EventEmitter } from 'node:events';
import { closeSync, readSync, writeSync } from 'node:fs';
import { console as consoleCommand } from '../../../../src/cli/xl/console';
import { openProcessKeyboard } from '../../../../src/cli/xl/keyboard';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import { loadSyscalls } from '../../../../src/native/syscalls';
import { FakeXenstored } from '../../../support/fake-xenstored';
import type { CommandIo } from '../../../../src/cli/command';
import type { KeyboardInput } from '../../../../src/cli/xl/keyboard';
import type { NativePty } from '../../../../src/native/syscalls';

/** A terminal's input: what the test types, and the modes that were set. */
class FakeInput extends EventEmitter {
  readonly modes: boolean[] = [];
  setRawMode(mode: boolean): this {
    this.modes.push(mode);
    return this;
  }
  pause(): this {
    return this;
  }
  resume(): this {
    this.emit('ready');
    return this;
  }
}

let daemon: FakeXenstored;
let pty: NativePty;
let isMasterOpen: boolean;
beforeEach(async () => {
  pty = loadSyscalls().openPty() as NativePty;
  isMasterOpen = true;
  daemon = await FakeXenstored.start();
  daemon.write('/libxl/3/type', 'pvh');
  daemon.write('/local/domain/3/console/tty', pty.path);
});
afterEach(async () => {
  closeSync(pty.terminal);
  if (isMasterOpen) closeSync(pty.master);
  await daemon.stop();
});

/** Runs `xl console 3`; what it prints goes to `onOutput`. */
function start(input: FakeInput | undefined, onOutput: (text: string) => void): Promise<number> {
  const io: CommandIo = {
    programPath: '/usr/sbin/xl',
    env: { XENSTORED_PATH: daemon.socketPath },
    out: (data) => onOutput(Buffer.from(data).toString()),
    err: (text) => onOutput(`ERR ${text}`),
    openKernel: async () => new HardwareKernel(),
    openTerminal: input === undefined ? undefined : () => Promise.reject(new Error('not the whole screen')),
  };
  const openKeyboard = () => openProcessKeyboard(input as unknown as KeyboardInput);
  return Promise.resolve(
    consoleCommand(['3'], { io, options: { isForced: false, isDryRun: false, target: undefined } }, openKeyboard),
  );
}

async function readMaster(bytes: number): Promise<string> {
  const buffer = Buffer.alloc(1000);
  let text = '';
  while (text.length < bytes) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      text += buffer.subarray(0, readSync(pty.master, buffer)).toString('latin1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
  return text;
}

test('keys go to the domain in raw mode; Ctrl-] alone leaves, and gives the terminal back', async () => {
  const input = new FakeInput();
  const ready = new Promise((resolve) => input.once('ready', resolve));
  const running = start(input, () => undefined);
  await ready;
  expect(input.modes).toEqual([true]);
  input.emit('data', Buffer.from('ls\r'));
  // Pasted among other bytes it is a byte like any other.
  input.emit('data', Buffer.from('a\x1db'));
  expect(await readMaster(6)).toBe('ls\ra\x1db');
  input.emit('data', Buffer.from('\x1d'));
  expect(await running).toBe(0);
  expect(input.modes).toEqual([true, false]);
  expect(input.listenerCount('data')).toBe(0);
});

test('a domain that ends gives the terminal back too', async () => {
  const input = new FakeInput();
  const ready = new Promise((resolve) => input.once('ready', resolve));
  const running = start(input, () => undefined);
  await ready;
  closeSync(pty.master);
  isMasterOpen = false;
  expect(await running).toBe(0);
  expect(input.modes).toEqual([true, false]);
});

test('without a terminal it prints until the domain ends', async () => {
  let seen = '';
  const printed = new Promise<void>((resolve) => {
    void start(undefined, (text) => {
      seen += text;
      if (seen.includes('DOMU-UP')) resolve();
    });
  });
  writeSync(pty.master, 'boot\nDOMU-UP\n');
  await printed;
  expect(seen).toBe('boot\nDOMU-UP\n');
  closeSync(pty.master);
  isMasterOpen = false;
});
