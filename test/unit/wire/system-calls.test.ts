import * as wire from '../../../src/wire/system-calls';
import { decodeHello, encodeHello, PROTOCOL_VERSION } from '../../../src/wire/hello';
import { WireError } from '../../../src/wire/wire-error';

const joined = (pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));

describe('payloads of system calls', () => {
  test.each([
    { path: '/dev/jailhouse', access: 'read-write', nonBlocking: true, isShared: false },
    { path: '/dev/uio0', access: 'read-write', nonBlocking: false, isShared: true },
    { path: '/sys/ä', access: 'read', nonBlocking: false, isShared: false },
  ] as const)('open %j', (request) => {
    expect(wire.decodeOpen(joined(wire.encodeOpen(request)))).toEqual(request);
  });

  test('open has the numbers of Linux for its flags', () => {
    const bytes = joined(wire.encodeOpen({ path: '/a', access: 'read-write', nonBlocking: true }));
    expect(bytes).toEqual(Uint8Array.of(0x02, 0x08, 0, 0, 0x2f, 0x61));
    const shared = joined(wire.encodeOpen({ path: '/a', access: 'read', nonBlocking: false, isShared: true }));
    expect(shared).toEqual(Uint8Array.of(0, 0, 0, 0x80, 0x2f, 0x61));
    for (const flags of [1, 3, 0x40]) {
      expect(() => wire.decodeOpen(Uint8Array.of(flags, 0, 0, 0, 0x2f))).toThrow(WireError);
    }
  });

  test.each([
    ['empty', ''],
    ['with a NUL', '/dev/\0'],
  ])('a path that is %s is refused', (_, path) => {
    expect(() => wire.decodePath(joined(wire.encodePath(path)))).toThrow(WireError);
  });

  test('a path that is not UTF-8 is refused', () => {
    expect(() => wire.decodePath(Uint8Array.of(0x2f, 0xff))).toThrow('path is not UTF-8');
  });

  test('contents of many files: bytes, an errno, nothing', () => {
    const contents = [Uint8Array.of(1, 2, 3), 2, Uint8Array.of()];
    expect(wire.decodeContents(joined(wire.encodeContents(contents)), 3)).toEqual(contents);
    expect(wire.decodePaths(joined(wire.encodePaths(['/a', '/b'])))).toEqual(['/a', '/b']);
    expect(wire.decodePaths(joined(wire.encodePaths([])))).toEqual([]);
    expect(() => wire.decodePaths(Uint8Array.of(0))).toThrow('a path must be non-empty text');
  });

  test('contents: an answer of another number of files, and one that is content and failure at once, are refused', () => {
    const two = joined(wire.encodeContents([Uint8Array.of(1), Uint8Array.of(2)]));
    expect(() => wire.decodeContents(two, 1)).toThrow(WireError);
    expect(() => wire.decodeContents(two, 3)).toThrow(WireError);
    expect(() => wire.decodeContents(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0, 65), 1)).toThrow(WireError);
  });

  test('ioctl without argument, with bytes, with references', () => {
    const argument = {
      bytes: Uint8Array.from({ length: 24 }, (_, i) => i),
      references: [
        { offset: 0, buffer: Uint8Array.of(1, 2, 3) },
        { offset: 16, buffer: Uint8Array.of() },
      ],
    };
    for (const request of [
      { file: 3, request: 1, argument: undefined },
      { file: 0, request: 0xffffffff, argument: { bytes: Uint8Array.of(), references: [] } },
      { file: 1, request: 0x40300003, argument },
    ]) {
      expect(wire.decodeIoctl(joined(wire.encodeIoctl(request)))).toEqual(request);
    }
  });

  test('an ioctl reference must lie within the argument', () => {
    const argument = { bytes: new Uint8Array(16), references: [{ offset: 9, buffer: Uint8Array.of(1) }] };
    const payload = joined(wire.encodeIoctl({ file: 1, request: 2, argument }));
    expect(() => wire.decodeIoctl(payload)).toThrow('a reference lies outside of the argument');
  });

  test('an ioctl that announces more references than it has is refused without allocating for them', () => {
    const payload = joined(
      wire.encodeIoctl({ file: 1, request: 2, argument: { bytes: new Uint8Array(8), references: [] } }),
    );
    new DataView(payload.buffer).setUint32(16, 0x1fffffff, true);
    expect(() => wire.decodeIoctl(payload)).toThrow('the message ends within references');
  });

  test('read, map, registers, status, names, pages', () => {
    expect(wire.decodeRead(joined(wire.encodeRead(4, 128)))).toEqual({ file: 4, lengthBytes: 128 });
    const map = { file: 1, offset: 4096, lengthBytes: 2 ** 33, access: 'read' } as const;
    expect(wire.decodeMap(joined(wire.encodeMap(map)))).toEqual(map);
    for (const nonBlocking of [true, false]) {
      const request = { file: 7, nonBlocking };
      expect(wire.decodeSetNonBlocking(joined(wire.encodeSetNonBlocking(7, nonBlocking)))).toEqual(request);
    }
    expect(() => wire.decodeSetNonBlocking(Uint8Array.of(7, 0, 0, 0, 2, 0, 0, 0))).toThrow(WireError);
    const register = { file: 2, offset: 12 };
    expect(wire.decodeReadRegister(joined(wire.encodeReadRegister(register)))).toEqual(register);
    expect(wire.decodeWriteRegister(joined(wire.encodeWriteRegister(register, 0xffff0001)))).toEqual({
      ...register,
      value: 0xffff0001,
    });
    for (const kind of ['file', 'directory', 'device'] as const) {
      expect(wire.decodeFileStatus(joined(wire.encodeFileStatus({ kind, sizeBytes: 4096 })))).toEqual({
        kind,
        sizeBytes: 4096,
      });
    }
    expect(wire.decodeNames(joined(wire.encodeNames(['a', 'b c'])))).toEqual(['a', 'b c']);
    expect(wire.decodeNames(joined(wire.encodeNames([])))).toEqual([]);
    const pages = { path: '/proc/1/fd/9', offset: 1n << 40n };
    expect(wire.decodePages(joined(wire.encodePages(pages)))).toEqual(pages);
  });

  test('every payload with a byte missing or a byte too many is refused', () => {
    const cases: [readonly Uint8Array[], (payload: Uint8Array) => unknown][] = [
      [wire.encodeRead(1, 2), wire.decodeRead],
      [wire.encodeMap({ file: 1, offset: 0, lengthBytes: 1, access: 'read' }), wire.decodeMap],
      [wire.encodeReadRegister({ file: 1, offset: 0 }), wire.decodeReadRegister],
      [wire.encodeWriteRegister({ file: 1, offset: 0 }, 5), wire.decodeWriteRegister],
      [wire.encodeFileStatus({ kind: 'file', sizeBytes: 1 }), wire.decodeFileStatus],
      [wire.encodeWord(1), (payload) => wire.decodeWord(payload, 'word')],
      [encodeHello(), decodeHello],
    ];
    for (const [pieces, decode] of cases) {
      const payload = joined(pieces);
      expect(() => decode(payload)).not.toThrow();
      expect(() => decode(payload.subarray(0, -1))).toThrow(WireError);
      expect(() => decode(Uint8Array.of(...payload, 0))).toThrow(WireError);
    }
  });

  test('hello tells the version, and who does not speak the protocol is noticed', () => {
    expect(decodeHello(joined(encodeHello()))).toBe(PROTOCOL_VERSION);
    expect(() => decodeHello(Uint8Array.from(Buffer.from('GET / HT')))).toThrow('does not speak the board protocol');
  });
});
