import { strtoll } from '../../../../src/cli/jailhouse/strtoll';

const complete = (value: bigint) => ({ value, outOfRange: false, complete: true });

test.each([
  ['0', 0n],
  ['12', 12n],
  ['-7', -7n],
  ['+7', 7n],
  [' \t\n42', 42n],
  ['0x1F', 31n],
  ['0X1f', 31n],
  ['-0x10', -16n],
  ['010', 8n],
  ['9223372036854775807', 2n ** 63n - 1n],
  ['-9223372036854775808', -(2n ** 63n)],
])('%j is the number %d', (text, value) => expect(strtoll(text)).toEqual(complete(value)));

test('an empty string is 0, with nothing left over', () => expect(strtoll('')).toEqual(complete(0n)));

test.each(['abc', ' ', '-', '1 ', '0x', '0xg', '09', '1.5', '12ab', '0b1'])('%j is not all number', (text) =>
  expect(strtoll(text).complete).toBe(false),
);

test.each([
  ['9223372036854775808', 2n ** 63n - 1n],
  ['-9223372036854775809', -(2n ** 63n)],
  ['0xffffffffffffffff', 2n ** 63n - 1n],
])('%j is out of range', (text, value) => expect(strtoll(text)).toEqual({ value, outOfRange: true, complete: true }));
