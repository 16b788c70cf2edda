import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { ioctl } from '../../../src/kernel/hardware/ioctl';
import { loadIoctl, loadRef } from '../../../src/kernel/hardware/packages';
import type * as Packages from '../../../src/kernel/hardware/packages';
import type { IoctlArgument } from '../../../src/kernel/kernel';

jest.mock('../../../src/kernel/hardware/packages', () => {
  const actual = jest.requireActual<typeof Packages>('../../../src/kernel/hardware/packages');
  return { ...actual, loadIoctl: jest.fn(actual.loadIoctl) };
});
const loading = jest.mocked(loadIoctl);
const actualLoading = loading.getMockImplementation();

/** Sets or clears O_NONBLOCK by the int that its argument points at. */
const FIONBIO = 0x5421;
/** Closes the descriptor on exec; has no argument. */
const FIOCLEX = 0x5451;
const ENOTTY = 25;
const EBADF = 9;
const EFAULT = 14;

const none = { references: [] };

let fd: number;
beforeEach(() => (fd = openSync('/dev/null', 'r')));
afterEach(() => {
  loading.mockImplementation(actualLoading);
  closeSync(fd);
});

const flags = () => parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8);
const isNonBlocking = () => (flags() & 0o4000) !== 0;
const word = (value: number): IoctlArgument => ({ bytes: Uint8Array.of(value, 0, 0, 0), ...none });

// On another version of Node than the one that built it, `ioctl` does not load: then all ways below are the addon's.
const reason = actualLoading?.() === undefined ? ' (skipped: ioctl is not built for this version of Node)' : '';
(reason === '' ? test : test.skip)(`the packages load here, so that the tests below are about them${reason}`, () => {
  expect(typeof loadIoctl()).toBe('function');
  expect(typeof loadRef()?.address).toBe('function');
});

describe.each(['by the packages', 'by the addon', 'where the packages do not load'])('ioctl %s', (way) => {
  const isQuick = way !== 'by the addon';
  beforeEach(() => {
    if (way === 'where the packages do not load') loading.mockImplementation(() => undefined);
  });

  test('with a buffer', async () => {
    expect(await ioctl(fd, FIONBIO, word(1), isQuick)).toBe(0);
    expect(isNonBlocking()).toBe(true);
    expect(await ioctl(fd, FIONBIO, word(0), isQuick)).toBe(0);
    expect(isNonBlocking()).toBe(false);
  });

  test('without an argument', async () => expect(await ioctl(fd, FIOCLEX, undefined, isQuick)).toBe(0));

  test('errors are the errno', async () => {
    expect(await ioctl(fd, 0xffff_ffff, undefined, isQuick)).toBe(-ENOTTY);
    expect(await ioctl(0x7fff_ffff, FIOCLEX, undefined, isQuick)).toBe(-EBADF);
    expect(await ioctl(fd, FIONBIO, undefined, isQuick)).toBe(-EFAULT);
  });

  test.each([
    ['a negative descriptor', -1, FIOCLEX, undefined],
    ['a descriptor of more than 32 bits', 2 ** 32 + 3, FIOCLEX, undefined],
    ['half a descriptor', 0.5, FIOCLEX, undefined],
    ['a negative request', 0, -1, undefined],
    ['a request of more than 32 bits', 0, 2 ** 32 + FIONBIO, undefined],
    ['no request', 0, NaN, undefined],
    ['a number in place of the argument', 0, FIONBIO, 2 ** 40],
    ['a number in place of the bytes', 0, FIONBIO, { bytes: 2 ** 40, references: [] }],
    [
      'a reference at the end',
      0,
      FIONBIO,
      { bytes: new Uint8Array(16), references: [{ offset: 9, buffer: Buffer.alloc(1) }] },
    ],
    [
      'a reference before the start',
      0,
      FIONBIO,
      { bytes: new Uint8Array(16), references: [{ offset: -1, buffer: Buffer.alloc(1) }] },
    ],
    ['a reference to a number', 0, FIONBIO, { bytes: new Uint8Array(16), references: [{ offset: 0, buffer: 4096 }] }],
  ])('%s is refused before anything is called', async (_, descriptor, request, argument) => {
    await expect(ioctl(descriptor, request, argument as IoctlArgument | undefined, isQuick)).rejects.toThrow(TypeError);
  });
});

test('the packages get two or three arguments, the third a buffer with real addresses', async () => {
  const calls: unknown[][] = [];
  loading.mockImplementation(
    () =>
      (...args) =>
        calls.push(args) * 0,
  );
  const buffer = Uint8Array.of(1, 2, 3);
  const bytes = new Uint8Array(24).fill(0xee);
  await ioctl(3, 0x4010_0002, { bytes, references: [{ offset: 8, buffer }] }, true);
  await ioctl(3, 1, undefined, true);
  expect(calls.map((args) => args.length)).toEqual([3, 2]);
  const sent = calls[0]?.[2] as Buffer;
  expect([sent.subarray(0, 8), sent.subarray(16)]).toEqual([Buffer.alloc(8, 0xee), Buffer.alloc(8, 0xee)]);
  // What the address leads to: this process's memory, as the kernel would read it.
  const memory = openSync('/proc/self/mem', 'r');
  const there = Buffer.alloc(3);
  readSync(memory, there, 0, 3, sent.readBigUInt64LE(8));
  closeSync(memory);
  expect(there).toEqual(Buffer.from(buffer));
  expect(bytes).toEqual(new Uint8Array(24).fill(0xee));
});
