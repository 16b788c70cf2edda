import { encodePacket, MAX_PACKET_BYTES, PacketDecoder } from '../../../src/gdb/packet';
import { GdbSession } from '../../../src/gdb/session';
import { FakeTarget } from '../../support/gdb-target';
import { randomNumbers } from '../../support/random-numbers';

const SEEDS = [
  ...['?', 'g', 'p1', 'P1=0000000000000000', 'm10,4', 'M10,2:0000', 'X10,2:ab', 'Z0,40,4', 'z0,40,4', 'Z2,80,8', 'Hg3'],
  ...['T3', 'qSupported:swbreak+', 'qXfer:features:read:target.xml:0,100', 'qfThreadInfo', 'qThreadExtraInfo,3', 'qC'],
  ...['vCont?', 'vCont;s:3;c', 'vCont;C05:4', 'c', 's10', 'C05;10', 'QStartNoAckMode', 'qAttached', 'D', 'vKill;1'],
];

test('a stream of noise gives packets of a bounded size, damage, or nothing', () => {
  const random = randomNumbers(1);
  for (let round = 0; round < 300; round++) {
    const decoder = new PacketDecoder();
    for (let piece = 0; piece < 20; piece++) {
      const marks = [0x24, 0x23, 0x7d, 0x03, 0x2b, 0x2d];
      const bytes = Uint8Array.from({ length: random(200) }, () =>
        random(4) === 0 ? (marks[random(marks.length)] as number) : random(256),
      );
      for (const one of decoder.push(bytes)) {
        if (one.kind === 'packet') expect(one.data.length).toBeLessThanOrEqual(MAX_PACKET_BYTES);
      }
    }
    // Whatever it was in the middle of, a whole packet brings it back: at the second try, if the first ended its checksum.
    const packet = encodePacket('g');
    const last = [...decoder.push(packet), ...decoder.push(packet)].at(-1);
    expect(last).toEqual({ kind: 'packet', data: Uint8Array.of(0x67) });
  }
});

test('packets that were tampered with are answered, refused or not known, and never more than that', async () => {
  const random = randomNumbers(2);
  for (let round = 0; round < 2000; round++) {
    const target = new FakeTarget();
    const replies: string[] = [];
    const session = new GdbSession(
      target,
      (bytes) => replies.push(Buffer.from(bytes).toString('latin1')),
      () => undefined,
    );
    const seed = Buffer.from(SEEDS[random(SEEDS.length)] as string, 'latin1');
    const packet = seed.subarray(0, random(4) === 0 ? random(seed.length + 1) : seed.length);
    for (let flips = random(3); flips > 0 && packet.length > 0; flips--) packet[random(packet.length)] = random(256);
    session.receive(encodePacket(packet));
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    // One that lets the cell go on is answered by the stop.
    target.stopAt({});
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    const answers = replies.filter((reply) => reply !== '+');
    if (packet[0] === 0x6b) continue; // k has no answer.
    expect({ packet: packet.toString('latin1'), count: answers.length }).toEqual({
      packet: packet.toString('latin1'),
      count: 1,
    });
    expect(answers[0]).toMatch(/^\$[^]*#[0-9a-f]{2}$/);
  }
});
