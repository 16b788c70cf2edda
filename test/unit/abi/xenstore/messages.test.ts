import {
  decodeDirectoryPart,
  decodeErrno,
  decodePermissions,
  decodeTexts,
  decodeTransactionId,
  decodeWatchEvent,
  encodeMessage,
  encodePermissions,
  encodeTexts,
  encodeWrite,
  faultOfPath,
  faultOfWatchPath,
  MessageDecoder,
  MessageType,
} from '../../../../src/abi/xenstore';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/ /g, ''), 'hex'));
const text = (value: string) => Uint8Array.from(Buffer.from(value, 'latin1'));

test('a request is four words and a payload, in one piece', () => {
  const message = { type: MessageType.read, requestId: 5, transactionId: 0x01020304, payload: encodeTexts('/a') };
  expect(encodeMessage(message)).toEqual(bytes('02000000 05000000 04030201 03000000 2f6100'));
});

test('the value of a write has no end mark', () => expect(encodeWrite('/a', 'xy')).toEqual(text('/a\0xy')));

test('a stream is cut into messages wherever its pieces end', () => {
  const messages = ['', 'a\0', 'b'.repeat(4096)].map((payload, requestId) => ({
    type: MessageType.read,
    requestId,
    transactionId: 0,
    payload: text(payload),
  }));
  const stream = Buffer.concat(messages.map(encodeMessage));
  for (const step of [1, 7, 16, 17, 4000, stream.length]) {
    const decoder = new MessageDecoder();
    const decoded = [];
    for (let at = 0; at < stream.length; at += step) decoded.push(...decoder.push(stream.subarray(at, at + step)));
    expect(decoded).toEqual(messages);
  }
});

test('payloads over 4096 bytes are refused, both ways', () => {
  const message = { type: 2, requestId: 0, transactionId: 0, payload: new Uint8Array(4097) };
  expect(() => encodeMessage(message)).toThrow('4097 bytes is over the limit of 4096');
  const header = bytes('02000000 00000000 00000000 01100000');
  expect(() => [...new MessageDecoder().push(header)]).toThrow('4097 bytes is over the limit of 4096');
});

test('what was decoded does not change with the buffer it came in', () => {
  const chunk = encodeMessage({ type: 2, requestId: 0, transactionId: 0, payload: text('ab') });
  const [message] = [...new MessageDecoder().push(chunk)];
  chunk.fill(0);
  expect(message?.payload).toEqual(text('ab'));
});

test('lists', () => {
  expect(decodeTexts(text(''))).toEqual([]);
  expect(decodeTexts(text('a\0\0'))).toEqual(['a', '']);
  expect(() => decodeTexts(text('a'))).toThrow('ends with a NUL');
  expect(decodeWatchEvent(text('@releaseDomain\0t\0'))).toEqual({ path: '@releaseDomain', token: 't' });
  expect(() => decodeWatchEvent(text('/a\0'))).toThrow('a path and a token');
});

test('parts of a directory', () => {
  expect(decodeDirectoryPart(text('12\0a\0bc\0'))).toEqual({
    generation: '12',
    names: ['a', 'bc'],
    lengthBytes: 5,
    isLast: false,
  });
  expect(decodeDirectoryPart(text('12\0a\0\0'))).toMatchObject({ names: ['a'], lengthBytes: 2, isLast: true });
  expect(decodeDirectoryPart(text('12\0\0'))).toMatchObject({ names: [], lengthBytes: 0, isLast: true });
  // With neither names nor an end, a reader would ask for ever.
  expect(() => decodeDirectoryPart(text('12\0'))).toThrow();
  expect(() => decodeDirectoryPart(text('x\0a\0'))).toThrow('generation');
});

test('transactions are never number 0', () => {
  expect(decodeTransactionId(text('17\0'))).toBe(17);
  for (const wrong of ['0\0', '', '17', '-1\0', '99999999999\0', '1\x001\0']) {
    expect(() => decodeTransactionId(text(wrong))).toThrow();
  }
});

test.each([
  ['ENOENT\0', 'ENOENT'],
  ['EQUOTA\0', 'ENOSPC'],
  ['EWHATEVER\0', 'EIO'],
])('error %j', (payload, errno) => expect(decodeErrno(text(payload))).toBe(errno));

test('permissions', () => {
  const permissions = { owner: 0, others: 'none', domains: [{ domid: 5, access: 'both' }] } as const;
  expect(encodePermissions(permissions)).toEqual(['n0', 'b5']);
  expect(decodePermissions(['n0', 'b5'])).toEqual(permissions);
  expect(() => decodePermissions([])).toThrow('owner');
  expect(() => decodePermissions(['x5'])).toThrow("'x5' is no permission");
});

test.each([
  ['/', undefined],
  ['/local/domain/0/name', undefined],
  ['device/vif/0', undefined],
  ['', 'it is empty'],
  ['/a b', '" " may not stand in it'],
  ['/a/', 'it ends with a slash'],
  ['/a//b', 'it has an empty name'],
  [`/${'a'.repeat(3072)}`, 'it is longer than 3072 bytes'],
  ['a'.repeat(2049), 'it is longer than 2048 bytes'],
])('path %.20s', (path, fault) => expect(faultOfPath(path)).toBe(fault));

test('what may be watched', () => {
  expect(faultOfWatchPath('@releaseDomain')).toBeUndefined();
  expect(faultOfWatchPath('@other')).toBe('there is no such event');
  expect(faultOfWatchPath('/a')).toBeUndefined();
});
