import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { ioctl } from '../../../src/kernel/hardware/ioctl';
import { isAddonLoaded } from '../../../src/native/addon';
import { loadIoctl, loadRef } from '../../../src/kernel/hardware/packages';
import type * as Addon from '../../../src/native/addon';
import type * as Packages from '../../../src/kernel/hardware/packages';
import type { IoctlArgument } from '../../../src/kernel/kernel';

jest.mock('../../../src/kernel/hardware/packages', () => {
  const actual = jest.requireActual<typeof Packages>('../../../src/kernel/hardware/packages');
  return { ...actual, loadIoctl: jest.fn(actual.loadIoctl) };
});
const loading = jest.mocked(loadIoctl);
// Whichever is there already is used; the tests below load both.
jest.mock('../../../src/native/addon', () => ({
  ...jest.requireActual<typeof Addon>('../../../src/native/addon'),
  isAddonLoaded: jest.fn(() => false),
}));
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

const ways = [
  'by the packages',
  'by the addon on another thread',
  'by the addon on this thread',
  'where the packages do not load',
];
describe.each(ways)('ioctl %s', (way) => {
  const isQuick = way !== 'by the addon on another thread';
  beforeEach(() => {
    if (way === 'where the packages do not load') loading.mockImplementation(() => undefined);
    jest.mocked(isAddonLoaded).mockImplementation(() => way === 'by the addon on this thread');
  });
  afterEach(() => void jest.mocked(isAddonLoaded).mockImplementation(() => false));

  test('with a buffer', async () => {
    expect(await ioctl(fd, FIONBIO, word(1), isQuick)).toBe(0);
    expect(isNonBlocking()).toBe(true);
    expect(await ioctl(fd, FIONBIO, word(0), isQuick)).toBe(0);
    expect(isNonBlocking()).toBe(false);
  });

  test('addresses are stored into the buffers that point further', async () => {
    const end = Uint8Array.of(1, 2, 3);
    const middle = new Uint8Array(16).fill(0xee);
    const references = [{ offset: 0, buffer: middle, references: [{ offset: 8, buffer: end }] }];
    await ioctl(fd, 0xffff_ffff, { bytes: new Uint8Array(8), references }, isQuick);
    expect(middle.subarray(0, 8)).toEqual(new Uint8Array(8).fill(0xee));
    expect(memoryAt(Buffer.from(middle).readBigUInt64LE(8), 3)).toEqual(Buffer.from(end));
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
    [
      'a reference outside of a buffer that is referred to',
      0,
      FIONBIO,
      {
        bytes: new Uint8Array(16),
        references: [{ offset: 0, buffer: Buffer.alloc(8), references: [{ offset: 1, buffer: Buffer.alloc(1) }] }],
      },
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
  expect(memoryAt(sent.readBigUInt64LE(8), 3)).toEqual(Buffer.from(buffer));
  expect(bytes).toEqual(new Uint8Array(24).fill(0xee));
});

/** What an address of this process leads to, as the kernel would read it. */
function memoryAt(address: bigint, lengthBytes: number): Buffer {
  const memory = openSync('/proc/self/mem', 'r');
  const there = Buffer.alloc(lengthBytes);
  readSync(memory, there, 0, lengthBytes, address);
  closeSync(memory);
  return there;
}
