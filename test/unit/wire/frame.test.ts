import { encodeFrame, FRAME_HEADER_BYTES, FrameDecoder } from '../../../src/wire/frame';
import { WireError } from '../../../src/wire/wire-error';

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces));
}

describe('frames', () => {
  const frames = [
    { requestId: 1, operation: 0x10, errno: 0, payload: Uint8Array.of() },
    { requestId: 0xffffffff, operation: 0xffff, errno: 110, payload: Uint8Array.of(1, 2, 3) },
    { requestId: 7, operation: 2, errno: 0, payload: new Uint8Array(5000).fill(9) },
  ];
  const stream = joined(frames.flatMap((f) => encodeFrame(f.requestId, f.operation, f.errno, [f.payload])));

  test('have the layout of docs/wire.md', () => {
    expect(joined(encodeFrame(0x01020304, 0x0506, 0x0708, [Uint8Array.of(0xaa), Uint8Array.of(0xbb)]))).toEqual(
      Uint8Array.of(2, 0, 0, 0, 4, 3, 2, 1, 6, 5, 8, 7, 0xaa, 0xbb),
    );
  });

  test.each([1, 2, 3, 11, 12, 13, 100, stream.length])('come out of a stream in chunks of %d bytes', (chunkBytes) => {
    const decoder = new FrameDecoder();
    const decoded = [];
    for (let offset = 0; offset < stream.length; offset += chunkBytes) {
      decoded.push(...decoder.push(stream.subarray(offset, offset + chunkBytes)));
    }
    expect(decoded).toEqual(frames);
    expect(decoder.isAtBoundary).toBe(true);
  });

  test('over the limit are refused by both sides, before their payload arrives', () => {
    expect(() => encodeFrame(1, 1, 0, [new Uint8Array(9)], 8)).toThrow(WireError);
    const header = joined(encodeFrame(1, 1, 0, [new Uint8Array(9)])).subarray(0, FRAME_HEADER_BYTES);
    expect(() => [...new FrameDecoder(8).push(header)]).toThrow('over the limit of 8');
    expect([...new FrameDecoder(9).push(header)]).toEqual([]);
  });

  test('that are not complete leave the decoder within a frame', () => {
    const decoder = new FrameDecoder();
    expect([...decoder.push(stream.subarray(0, stream.length - 1))]).toHaveLength(2);
    expect(decoder.isAtBoundary).toBe(false);
  });
});
