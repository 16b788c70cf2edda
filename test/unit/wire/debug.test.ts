import * as debug from '../../../src/wire/debug';
import { WireError } from '../../../src/wire/wire-error';
import type { DebugPoint, DebugStop } from '../../../src/wire/debug';

const joined = (pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));

test('what is encoded is decoded', () => {
  expect(debug.decodeCellName(joined(debug.encodeCellName('gic-demo')))).toBe('gic-demo');
  expect(debug.decodeCpus(joined(debug.encodeCpus([2, 3])))).toEqual([2, 3]);
  const cpus = [{ cpu: 2, go: 'step' } as const, { cpu: 3, go: 'continue' } as const];
  expect(debug.decodeResume(joined(debug.encodeResume(cpus)))).toEqual(cpus);
  expect(debug.decodeResume(new Uint8Array(0))).toEqual([]);
  const points: DebugPoint[] = (['breakpoint', 'write', 'read', 'access'] as const).map((kind, index) => ({
    kind,
    address: 2n ** 64n - BigInt(index + 1),
    lengthBytes: BigInt(index),
  }));
  expect(debug.decodePoints(joined(debug.encodePoints(points)))).toEqual(points);
  const stop: DebugStop = { kind: 'failed', cpu: 3, address: 1n << 63n, isWrite: true, states: ['off', 'failed'] };
  expect(debug.decodeStop(joined(debug.encodeStop(stop)))).toEqual(stop);
  const registers = { cpu: 1, bytes: Uint8Array.of(1, 2) };
  expect(debug.decodeRegisters(joined(debug.encodeRegisters(registers)))).toEqual(registers);
  const read = { cpu: 1, address: 5n, lengthBytes: 9 };
  expect(debug.decodeMemoryRead(joined(debug.encodeMemoryRead(read)))).toEqual(read);
  const write = { cpu: 1, address: 5n, bytes: Uint8Array.of(9) };
  expect(debug.decodeMemoryWrite(joined(debug.encodeMemoryWrite(write)))).toEqual(write);
});

test('what is not as agreed is a protocol error', () => {
  expect(() => debug.decodeCpus(new Uint8Array(5))).toThrow(WireError);
  expect(() => debug.decodeResume(new Uint8Array(12))).toThrow(WireError);
  expect(() => debug.decodeResume(Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0))).toThrow('go is 0 or 1');
  expect(() => debug.decodePoints(Uint8Array.of(4, ...new Uint8Array(19)))).toThrow('kind 4 does not exist');
  expect(() => debug.decodeStop(Uint8Array.of(6, ...new Uint8Array(19)))).toThrow('kind 6 does not exist');
  expect(() => debug.decodeMemoryRead(new Uint8Array(17))).toThrow(WireError);
});
