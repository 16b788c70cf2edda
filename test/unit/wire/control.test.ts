import * as control from '../../../src/wire/control';
import { WireError } from '../../../src/wire/wire-error';

const joined = (pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));

test('a log request and its part', () => {
  const request = { log: 'uart1', from: 2 ** 40, isFollowing: true, sinceMs: 1_700_000_000_000 };
  expect(control.decodeLogRequest(joined(control.encodeLogRequest(request)))).toEqual(request);
  const part = { start: 5, end: 8, bytes: Uint8Array.of(1, 2, 3) };
  expect(control.decodeLogPart(joined(control.encodeLogPart(part)))).toEqual(part);
});

test('UART input', () => {
  const input = { uart: 'uart1', bytes: Uint8Array.of(0, 255) };
  expect(control.decodeUartInput(joined(control.encodeUartInput(input)))).toEqual(input);
  expect(() => control.decodeUartInput(Uint8Array.of(9, 0, 0, 0, 0x75))).toThrow(WireError);
});

test('virtual time', () => {
  expect(control.decodeVirtualLimit(joined(control.encodeVirtualLimit(undefined)))).toBeUndefined();
  expect(control.decodeVirtualLimit(joined(control.encodeVirtualLimit(5n)))).toBe(5n);
  for (const rest of ['limit', 'idle'] as const)
    expect(control.decodeRest(joined(control.encodeRest(rest)))).toBe(rest);
  expect(() => control.decodeRest(Uint8Array.of(2, 0, 0, 0))).toThrow(WireError);
});

test('JSON', () => {
  expect(control.decodeJson(joined(control.encodeJson({ a: ['ü'] })))).toEqual({ a: ['ü'] });
  expect(() => control.decodeJson(Uint8Array.of(0x7b))).toThrow('a payload is not JSON');
});
