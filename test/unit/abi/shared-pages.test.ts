import {
  commRegionAbi,
  consoleSnapshot,
  encodeCommRegion,
  imageHeaderLayout,
  readConsole,
  virtualConsoleLayout,
} from '../../../src/abi/jailhouse';
import { ConfigError } from '../../../src/errors';
import type { Dialect } from '../../../src/abi/jailhouse';

describe('communication region, as jailhouse-abi reference 4.5 has it for arm64', () => {
  const newHead = { signature: 0, revision: 6, cellState: 8, msgToCell: 12, replyFromCell: 16 };
  const rev1 = { ...newHead, flags: 20, console: 24, gicVersion: 56, gicdBase: 64, giccBase: 72, gicrBase: 80 };
  const rev1Nxp = { ...rev1, pciCfgBase: 88, pciCfgSize: 96, ivshmemIrq: 104 };
  const rev2 = {
    ...newHead,
    flags: 20,
    console: 24,
    pciMmconfigBase: 56,
    gicVersion: 64,
    gicdBase: 72,
    giccBase: 80,
    gicrBase: 88,
    vpciIrqBase: 96,
  };

  test.each<[Dialect, number | undefined, number, Record<string, number>]>([
    ['upstream-8', undefined, 16, { msgToCell: 0, replyFromCell: 4, cellState: 8 }],
    ['upstream-9', 0, 24, newHead],
    ['nxp-9', 0, 24, newHead],
    ['upstream-10', 1, 88, rev1],
    ['upstream-11', 1, 88, rev1],
    ['nxp-10', 1, 112, rev1Nxp],
    ['upstream-12', 2, 100, rev2],
    ['nxp-12', 2, 100, rev2],
    ['upstream-13', 2, 100, rev2],
    ['upstream-14', 2, 100, rev2],
  ])('%s', (dialect, abiRevision, sizeBytes, offsets) => {
    const abi = commRegionAbi(dialect);
    const fields = abi.layout.fields.filter(({ name }) => !/padding/i.test(name));
    expect(Object.fromEntries(fields.map(({ name, offset }) => [name, offset]))).toEqual(offsets);
    expect([abi.abiRevision, abi.layout.sizeBytes]).toEqual([abiRevision, sizeBytes]);
  });

  test('the page starts with magic and revision, and is zero behind the struct', () => {
    const page = encodeCommRegion(
      { cellState: 0, msgToCell: 0, replyFromCell: 0, gicVersion: 3, gicdBase: 0x3880_0000n, ivshmemIrq: 108 },
      'nxp-10',
    );
    expect(page).toHaveLength(4096);
    expect(Buffer.from(page.subarray(0, 8)).toString('latin1')).toBe('JHCOMM\x01\0');
    const view = new DataView(page.buffer);
    expect([view.getUint8(56), view.getBigUint64(64, true), view.getUint32(104, true)]).toEqual([3, 0x3880_0000n, 108]);
    expect(page.subarray(112).every((byte) => byte === 0)).toBe(true);
  });

  test('v0.8 had neither magic nor revision', () => {
    const page = encodeCommRegion({ cellState: 2, msgToCell: 1, replyFromCell: 3 }, 'upstream-8');
    expect([...page.subarray(0, 12)]).toEqual([1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0]);
  });

  test('what the release does not tell its inmates is refused', () => {
    const region = { cellState: 0, msgToCell: 0, replyFromCell: 0, ivshmemIrq: 108 };
    expect(() => encodeCommRegion(region, 'upstream-14')).toThrow(ConfigError);
  });
});

test('virtual console page and image header', () => {
  expect(virtualConsoleLayout.fields.map(({ offset }) => offset)).toEqual([0, 4, 8]);
  expect(virtualConsoleLayout.sizeBytes).toBe(2056);
  const offsets = imageHeaderLayout.fields.map(({ name, offset }) => [name, offset]);
  expect(Object.fromEntries(offsets)).toEqual({
    signature: 0,
    coreSize: 8,
    percpuSize: 16,
    entry: 24,
    consolePage: 32,
    gcovInfoHead: 40,
    maxCpus: 48,
    onlineCpus: 52,
    debugConsoleBase: 56,
    armLinuxHypVectors: 64,
    armLinuxHypAbi: 72,
    padding: 76,
  });
  expect(imageHeaderLayout.sizeBytes).toBe(80);
});

describe('reading the console', () => {
  /** A console after `text` was written to it, `before` bytes into the log. */
  function consoleWith(text: string, before = 0) {
    const content = new Uint8Array(2048);
    for (let index = 0; index < text.length; index++) {
      content[(before + index) % 2048] = text.charCodeAt(index);
    }
    return { content, tail: (before + text.length) >>> 0 };
  }
  const show = (data: Uint8Array) => Buffer.from(data).toString('latin1');

  test('gives what is new, a read size at a time', () => {
    const page = consoleWith('Hello, cell');
    const first = readConsole(page, 0, 5);
    expect([show(first.data), first.head]).toEqual(['Hello', 5]);
    const second = readConsole(page, first.head, 128);
    expect([show(second.data), second.head]).toEqual([', cell', 11]);
    expect(readConsole(page, second.head, 128)).toEqual({ data: new Uint8Array(0), head: 11 });
  });

  test('goes around the end of the ring', () => {
    const page = consoleWith('abcdef', 2045);
    const { data, head } = readConsole(page, 2045, 128);
    expect([show(data), head]).toEqual(['abcdef', 2051]);
  });

  test('goes around the end of the counter', () => {
    const page = consoleWith('abcdef', 2 ** 32 - 3);
    const { data, head } = readConsole(page, 2 ** 32 - 3, 128);
    expect([show(data), head]).toEqual(['abcdef', 3]);
  });

  test('a reader that fell behind is told how much it missed, and then reads on', () => {
    const page = consoleWith('x'.repeat(3000));
    const missed = readConsole(page, 0, 128);
    expect([show(missed.data), missed.head]).toEqual(['<missed 952 bytes of console log>\n', 952]);
    expect(readConsole(page, missed.head, 4096).data).toHaveLength(2048);
  });

  test('that line is cut to the size of the read', () => {
    const { data, head } = readConsole(consoleWith('x'.repeat(2049)), 0, 7);
    expect([show(data), head]).toEqual(['<missed', 1]);
  });

  test('exactly a ring full is not too much', () => {
    expect(readConsole(consoleWith('x'.repeat(2048)), 0, 4096).data).toHaveLength(2048);
  });

  test('the snapshot is the end of the log', () => {
    expect(show(consoleSnapshot(consoleWith('short')))).toBe('short');
    const long = consoleSnapshot(consoleWith('y'.repeat(3000) + 'end'));
    expect(long).toHaveLength(2048);
    expect(show(long).endsWith('yend')).toBe(true);
  });
});
