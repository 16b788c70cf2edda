import { FrameDecoder } from '../../../src/wire/frame';
import * as control from '../../../src/wire/control';
import * as debug from '../../../src/wire/debug';
import { decodeHello } from '../../../src/wire/hello';
import * as calls from '../../../src/wire/system-calls';
import { WireError } from '../../../src/wire/wire-error';
import { randomNumbers } from '../../support/random-numbers';

const joined = (pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));

const argument = {
  bytes: new Uint8Array(48),
  references: [
    { offset: 0, buffer: new Uint8Array(20) },
    { offset: 40, buffer: new Uint8Array(3) },
  ],
};
/** A valid payload to start from, and its decoder. */
const subjects: Record<string, [Uint8Array, (payload: Uint8Array) => unknown]> = {
  hello: [Uint8Array.of(0x43, 0x4c, 0x56, 0x53, 1, 0, 0, 0), decodeHello],
  open: [joined(calls.encodeOpen({ path: '/dev/uio0', access: 'read', nonBlocking: false })), calls.decodeOpen],
  ioctl: [joined(calls.encodeIoctl({ file: 0, request: 0x40300003, argument })), calls.decodeIoctl],
  setNonBlocking: [joined(calls.encodeSetNonBlocking(1, true)), calls.decodeSetNonBlocking],
  read: [joined(calls.encodeRead(0, 4)), calls.decodeRead],
  path: [joined(calls.encodePath('/sys/devices/jailhouse/cells')), calls.decodePath],
  paths: [joined(calls.encodePaths(['/sys/a', '/sys/b'])), calls.decodePaths],
  contents: [
    joined(calls.encodeContents([Uint8Array.of(1, 2), 2, new Uint8Array(0)])),
    (payload) => calls.decodeContents(payload, 3),
  ],
  names: [joined(calls.encodeNames(['0', '1'])), calls.decodeNames],
  map: [joined(calls.encodeMap({ file: 0, offset: 4096, lengthBytes: 4096, access: 'read' })), calls.decodeMap],
  pages: [joined(calls.encodePages({ path: '/proc/1/fd/3', offset: 0n })), calls.decodePages],
  log: [
    joined(control.encodeLogRequest({ log: 'uart1', from: 0, isFollowing: false, sinceMs: 0 })),
    control.decodeLogRequest,
  ],
  uartInput: [joined(control.encodeUartInput({ uart: 'uart1', bytes: new Uint8Array(9) })), control.decodeUartInput],
  limit: [new Uint8Array(8), control.decodeVirtualLimit],
  resume: [joined(debug.encodeResume([{ cpu: 1, go: 'step' }])), debug.decodeResume],
  points: [joined(debug.encodePoints([{ kind: 'write', address: 1n, lengthBytes: 4n }])), debug.decodePoints],
  stop: [
    joined(debug.encodeStop({ kind: 'failed', cpu: 1, address: 1n, isWrite: false, states: ['off'] })),
    debug.decodeStop,
  ],
  registers: [joined(debug.encodeRegisters({ cpu: 1, bytes: new Uint8Array(2) })), debug.decodeRegisters],
  memoryRead: [joined(debug.encodeMemoryRead({ cpu: 1, address: 1n, lengthBytes: 4 })), debug.decodeMemoryRead],
  memoryWrite: [
    joined(debug.encodeMemoryWrite({ cpu: 1, address: 1n, bytes: new Uint8Array(2) })),
    debug.decodeMemoryWrite,
  ],
};

test.each(Object.keys(subjects))('%s: mutations either decode or are refused as protocol errors', (name) => {
  const [valid, decode] = subjects[name] as [Uint8Array, (payload: Uint8Array) => unknown];
  const random = randomNumbers(name.length * 7919);
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const payload = Uint8Array.from(valid).subarray(0, random(4) === 0 ? random(valid.length + 1) : valid.length);
    for (let flips = random(4); flips > 0 && payload.length > 0; flips--) payload[random(payload.length)] = random(256);
    try {
      decode(payload);
    } catch (error) {
      refused++;
      if (!(error instanceof WireError)) throw error;
    }
  }
  expect(refused).toBeGreaterThan(0);
});

test('a stream of noise never makes the frame decoder do anything but frames or a protocol error', () => {
  const random = randomNumbers(1);
  let refusals = 0;
  for (let round = 0; round < 500; round++) {
    const decoder = new FrameDecoder(4096);
    try {
      for (let chunk = 0; chunk < 20; chunk++) {
        const bytes = Uint8Array.from({ length: random(64) }, () => (random(3) === 0 ? 0 : random(256)));
        for (const frame of decoder.push(bytes)) expect(frame.payload.length).toBeLessThanOrEqual(4096);
      }
    } catch (error) {
      refusals++;
      if (!(error instanceof WireError)) throw error;
    }
  }
  expect(refusals).toBeGreaterThan(0);
});
