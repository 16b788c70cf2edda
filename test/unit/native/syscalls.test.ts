import { loadSyscalls } from '../../../src/native/syscalls';

type Loose = Record<string, (...values: unknown[]) => unknown>;

const syscalls = loadSyscalls() as unknown as Loose;
/** The addon's errors are of another realm than jest's: instanceof says no. */
const typeError = (message: string): Error => expect.objectContaining({ name: 'TypeError', message }) as Error;
const bytes = new Uint8Array(16);

test.each([
  ['ioctl', [], 'fd must be a number'],
  ['ioctl', [-1], 'fd must be a file descriptor'],
  ['ioctl', [2 ** 31], 'fd must be a file descriptor'],
  ['ioctl', [0, 2 ** 32], 'request must be an integer from 0 to 4294967295'],
  ['ioctl', [0, 0, new Uint16Array(4), []], 'bytes must be a Uint8Array'],
  ['ioctl', [0, 0, bytes], 'references must be an array'],
  ['ioctl', [0, 0, bytes, [1]], 'references[0] must be an object'],
  [
    'ioctl',
    [0, 0, bytes, [{ offset: -8, buffer: bytes }]],
    'references[0].offset must be an integer from 0 to 4294967295',
  ],
  ['ioctl', [0, 0, bytes, [{ offset: 0, buffer: 'text' }]], 'references[0].buffer must be a Uint8Array'],
  ['ioctl', [0, 0, bytes, [{ offset: 9, buffer: bytes }]], 'a reference lies outside of the argument'],
  ['lockFile', ['x'], 'fd must be a number'],
  ['mapMemory', [NaN], 'fd must be a file descriptor'],
  ['mapMemory', [0, -4096], 'offset must be a non-negative safe integer'],
  ['mapMemory', [0, 0, 2 ** 53], 'lengthBytes must be a non-negative safe integer'],
  ['mapMemory', [0, 0, 4096, 1], 'isWritable must be a boolean'],
  ['read', [0.5], 'fd must be a file descriptor'],
  ['read', [0, 1.5], 'lengthBytes must be a non-negative safe integer'],
  ['readHere', [0, 4], 'into must be a Uint8Array'],
  ['readWithin', [0, 16, 1001], 'waitMs must be an integer from 0 to 1000'],
  ['connectSocket', [5], 'path must be a string'],
  ['discardUnread', [null], 'terminal must be a number'],
  ['exec', [1], 'path must be a string'],
  ['exec', ['/nonexistent', 'argument'], 'args must be an array'],
  ['exec', ['/nonexistent', [], ['A=1', 2]], 'environment[1] must be a string'],
])('%s%j', (name, values, message) => {
  expect(() => syscalls[name]?.(...values)).toThrow(typeError(message));
});

test('a path that is too long for a socket', () => {
  expect(loadSyscalls().connectSocket('/'.padEnd(108, 'x'))).toBe(-36);
});

test('a program that does not exist', () => {
  expect(loadSyscalls().exec('/nonexistent', ['nonexistent'], [])).toBe(-2);
});

test('methods of what a call gave are refused on other objects', async () => {
  const { cancel, result } = syscalls.read?.(9999, 1) as { cancel: () => number; result: Promise<unknown> };
  for (const self of [{}, undefined, 5]) {
    expect(() => cancel.call(self)).toThrow(typeError('called on an object that it does not belong to'));
  }
  expect(await result).toBe(-9);
});
