import { encodePacket, MAX_PACKET_BYTES, PacketDecoder } from '../../../src/gdb/packet';
import { GdbSession } from '../../../src/gdb/session';
import { FakeTarget } from '../../support/gdb-target';
import { randomNumbers } from '../../support/random-numbers';

/** Mutants to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 2000);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);

const PACKETS = [
  ...['?', 'g', 'p1', 'P1=0000000000000000', 'm10,4', 'M10,2:0000', 'X10,2:ab', 'Z0,40,4', 'z0,40,4', 'Z2,80,8', 'Hg3'],
  ...['T3', 'qSupported:swbreak+', 'qXfer:features:read:target.xml:0,100', 'qfThreadInfo', 'qThreadExtraInfo,3', 'qC'],
  ...['vCont?', 'vCont;s:3;c', 'vCont;C05:4', 'c', 's10', 'C05;10', 'QStartNoAckMode', 'qAttached', 'D', 'vKill;1'],
];

test(`a stream of noise (seed ${SEED}) gives packets of a bounded size, damage, or nothing`, () => {
  const random = randomNumbers(SEED);
  for (let round = 0; round < ROUNDS / 5; round++) {
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

test(`${ROUNDS} packets that were tampered with (seed ${SEED}) are answered, refused or not known, and never more than that`, async () => {
  const random = randomNumbers(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const target = new FakeTarget();
    const replies: string[] = [];
    const session = new GdbSession(
      target,
      (bytes) => replies.push(Buffer.from(bytes).toString('latin1')),
      () => undefined,
    );
    const whole = Buffer.from(PACKETS[random(PACKETS.length)] as string, 'latin1');
    const packet = whole.subarray(0, random(4) === 0 ? random(whole.length + 1) : whole.length);
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
