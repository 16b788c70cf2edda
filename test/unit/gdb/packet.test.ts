import { encodePacket, MAX_PACKET_BYTES, PacketDecoder } from '../../../src/gdb/packet';
import type { Received } from '../../../src/gdb/packet';

/** Packets as text, other things by their kind. */
function take(decoder: PacketDecoder, text: string): string[] {
  const show = (one: Received) => (one.kind === 'packet' ? Buffer.from(one.data).toString('latin1') : `<${one.kind}>`);
  return decoder.push(Buffer.from(text, 'latin1')).map(show);
}

test.each([
  ['OK', '$OK#9a'],
  ['', '$#00'],
  ['a$b#c}d*e', '$a}\x04b}\x03c}]d}\ne#51'],
])('%j is sent as %j', (data, packet) => {
  expect(encodePacket(data).toString('latin1')).toBe(packet);
  expect(take(new PacketDecoder(), packet)).toEqual([data]);
});

test('all bytes pass', () => {
  const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const [received] = new PacketDecoder().push(encodePacket(data));
  expect(received).toEqual({ kind: 'packet', data });
});

test('what stands between packets', () => {
  expect(take(new PacketDecoder(), '+-\x03 noise$g#67\r\n$c#63\x03+')).toEqual([
    ...['<ack>', '<nack>', '<interrupt>', 'g', 'c', '<interrupt>', '<ack>'],
  ]);
});

test('pieces of a packet, and a Ctrl-C byte within one that is data', () => {
  const decoder = new PacketDecoder();
  expect(['$X0,1:', '\x03', '#', '2', '2'].flatMap((piece) => take(decoder, piece))).toEqual(['X0,1:\x03']);
});

test.each([
  ['a wrong checksum', '$g#68'],
  ['a checksum that is no number', '$g#zz'],
  ['an escape of nothing', '$a}#de'],
])('%s is damage, and the next packet is taken', (_, packet) => {
  const decoder = new PacketDecoder();
  expect(take(decoder, packet)).toEqual(['<damaged>']);
  expect(take(decoder, '$g#67')).toEqual(['g']);
});

test('a packet that was cut off by the next one is dropped', () => {
  expect(take(new PacketDecoder(), '$m0,4$g#67')).toEqual(['g']);
});

test('a packet without end is given up', () => {
  const decoder = new PacketDecoder();
  expect(take(decoder, `$${'a'.repeat(2 * MAX_PACKET_BYTES + 1)}`)).toEqual(['<damaged>']);
  expect(take(decoder, 'aaa#00$g#67')).toEqual(['g']);
});
