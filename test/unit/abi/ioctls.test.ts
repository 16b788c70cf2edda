import {
  cellCreateLayout,
  cellIdLayout,
  cellLoadLayout,
  decodeCellCreate,
  decodeCellId,
  decodeCellLoad,
  decodePreloadImage,
  encodeCellCreate,
  encodeCellId,
  encodeCellLoad,
  encodeEnable,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_DESTROY,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
  preloadImageLayout,
} from '../../../src/abi/jailhouse';
import { ConfigError } from '../../../src/errors';
import { sampleConfig } from './samples';

const iow = (nr: number, sizeBytes: number) => 0x4000_0000 + sizeBytes * 0x1_0000 + nr;

test('request numbers are those of the C macros', () => {
  expect(JAILHOUSE_ENABLE).toBe(iow(0, 8));
  expect(JAILHOUSE_DISABLE).toBe(1);
  expect(JAILHOUSE_CELL_CREATE).toBe(iow(2, cellCreateLayout.sizeBytes));
  expect(JAILHOUSE_CELL_LOAD).toBe(iow(3, cellLoadLayout.sizeBytes));
  expect(JAILHOUSE_CELL_START).toBe(iow(4, cellIdLayout.sizeBytes));
  expect(JAILHOUSE_CELL_DESTROY).toBe(iow(5, cellIdLayout.sizeBytes));
  expect([16, 48, 40, 32]).toEqual([
    cellCreateLayout.sizeBytes,
    cellLoadLayout.sizeBytes,
    cellIdLayout.sizeBytes,
    preloadImageLayout.sizeBytes,
  ]);
});

test('cell create carries a pointer to the config at 0 and its length at 8', () => {
  const config = Uint8Array.of(1, 2, 3);
  const { bytes, references } = encodeCellCreate(config);
  expect(Buffer.from(bytes).toString('hex')).toBe('0000000000000000' + '03000000' + '00000000');
  expect(references).toEqual([{ offset: 0, buffer: config }]);
  expect(decodeCellCreate(bytes)).toEqual({ configAddress: 0n, configSize: 3, padding: 0 });
});

test('a cell is selected by id, or by name with id -1', () => {
  const byId = encodeCellId({ id: 7 });
  expect(Buffer.from(byId.bytes).toString('hex')).toBe('07000000' + '00'.repeat(36));
  const byName = encodeCellId({ name: 'gic-demo' });
  const name = Buffer.from('gic-demo').toString('hex').padEnd(64, '0');
  expect(Buffer.from(byName.bytes).toString('hex')).toBe('ffffffff' + '00000000' + name);
  expect(decodeCellId(byName.bytes)).toEqual({ id: -1, name: 'gic-demo' });
  expect(byName.references).toEqual([]);
});

test('a name has 31 bytes at most, on both sides', () => {
  expect(() => encodeCellId({ name: 'ü'.repeat(16) })).toThrow(ConfigError);
  expect(encodeCellId({ name: 'x'.repeat(31) }).bytes[39]).toBe(0);
  const unterminated = new Uint8Array(40).fill(0x61);
  expect(decodeCellId(unterminated).name).toBe('a'.repeat(31));
});

test('cell load carries one pointer for each image', () => {
  const first = new Uint8Array(5);
  const second = new Uint8Array(6);
  const { bytes, references } = encodeCellLoad({ name: 'x' }, [
    { source: first, targetAddress: 0x1000n },
    { source: second, targetAddress: 0xffff_0000_0000_0000n },
  ]);
  expect(bytes).toHaveLength(48 + 2 * 32);
  expect(references).toEqual([
    { offset: 48, buffer: first },
    { offset: 80, buffer: second },
  ]);
  expect(decodeCellLoad(bytes)).toEqual({ id: -1, name: 'x', numPreloadImages: 2 });
  expect(decodePreloadImage(bytes, 1)).toEqual({
    sourceAddress: 0n,
    size: 6n,
    targetAddress: 0xffff_0000_0000_0000n,
    padding: 0n,
  });
  expect(() => decodePreloadImage(bytes, 2)).toThrow(ConfigError);
});

test('shutdown is a load without images', () => {
  expect(encodeCellLoad({ id: 1 }, []).bytes).toHaveLength(48);
});

describe('enable, where the driver reads as much as the header announces', () => {
  const config = sampleConfig('nxp-10', 'system');

  test('a whole config is passed as it is', () => {
    const { bytes, references } = encodeEnable(config);
    expect(Buffer.from(bytes.subarray(0, config.length))).toEqual(Buffer.from(config));
    expect(references).toEqual([]);
  });

  test.each([0, 5, 100, 600])('a config cut after %d bytes is continued with zeros', (length) => {
    const { bytes } = encodeEnable(config.subarray(0, length));
    expect(bytes.length).toBeGreaterThanOrEqual(length > 538 ? config.length : 538);
    expect(bytes.subarray(length).every((byte) => byte === 0)).toBe(true);
  });

  test('an absurd announcement does not make an absurd buffer', () => {
    const absurd = config.slice();
    new DataView(absurd.buffer).setUint32(386 + 52, 0xffff_ffff, true);
    expect(encodeEnable(absurd).bytes.length).toBeLessThan(16 * 1024 * 1024 + 1);
  });
});
