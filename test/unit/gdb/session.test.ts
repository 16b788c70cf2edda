import { encodePacket, PacketDecoder } from '../../../src/gdb/packet';
import { REGISTER_BYTES, REGISTERS } from '../../../src/gdb/registers';
import { GdbSession } from '../../../src/gdb/session';
import { TARGET_DESCRIPTION } from '../../../src/gdb/target-description';
import { FakeTarget } from '../../support/gdb-target';
import type { SessionEnd } from '../../../src/gdb/session';

/** GDB's end of a session. */
class Gdb {
  readonly target = new FakeTarget();
  readonly sent: Buffer[] = [];
  readonly ends: SessionEnd[] = [];
  readonly session = new GdbSession(
    this.target,
    (bytes) => this.sent.push(Buffer.from(bytes)),
    (end) => this.ends.push(end),
  );

  type(bytes: string): void {
    this.session.receive(Buffer.from(bytes, 'latin1'));
  }

  /** Everything that was said since the last time, acknowledgements without their packets included. */
  async said(): Promise<string> {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    return Buffer.concat(this.sent.splice(0)).toString('latin1');
  }

  /** The answer to a packet; undefined if there is none yet. */
  async ask(packet: string): Promise<string | undefined> {
    this.session.receive(encodePacket(packet));
    return this.reply();
  }

  async reply(): Promise<string | undefined> {
    const received = new PacketDecoder().push(Buffer.from(await this.said(), 'latin1'));
    const packets = received.flatMap((one) =>
      one.kind === 'packet' ? [Buffer.from(one.data).toString('latin1')] : [],
    );
    expect(packets.length).toBeLessThanOrEqual(1);
    return packets[0];
  }
}

let gdb: Gdb;
beforeEach(() => {
  gdb = new Gdb();
});

test('packets are acknowledged until GDB wants no more of that, and repeated when GDB asks', async () => {
  gdb.type('$qC#b4');
  expect(await gdb.said()).toBe('+$QC3#c7');
  gdb.type('-');
  expect(await gdb.said()).toBe('$QC3#c7');
  gdb.type('$qC#00');
  expect(await gdb.said()).toBe('-');
  gdb.type('$QStartNoAckMode#b0');
  expect(await gdb.said()).toBe('+$OK#9a');
  gdb.type('+$qC#b4');
  expect(await gdb.said()).toBe('$QC3#c7');
});

test('the cell is held from the first packet on, which need not be the question why', async () => {
  expect(gdb.target.calls).toEqual([]);
  expect(await gdb.ask('qSupported:multiprocess+;swbreak+')).toContain('qXfer:features:read+');
  expect(gdb.target.calls).toEqual(['hold']);
  expect(await gdb.ask('?')).toBe('T05thread:3;');
  expect(gdb.target.calls).toEqual(['hold']);
});

test.each([
  '!',
  'qTStatus',
  'vMustReplyEmpty',
  'qSymbol::',
  'QNonStop:1',
  'jThreadsInfo',
  'R00',
  '',
  'Z7,0,4',
  'Z0,zz,4',
])('%j is not known: the answer is empty', async (packet) => {
  expect(await gdb.ask(packet)).toBe('');
});

test('threads are the CPUs', async () => {
  expect(await gdb.ask('qfThreadInfo')).toBe('m3,4');
  expect(await gdb.ask('qsThreadInfo')).toBe('l');
  expect(Buffer.from((await gdb.ask('qThreadExtraInfo,4')) ?? '', 'hex').toString()).toBe('CPU 3, off');
  expect(await gdb.ask('qThreadExtraInfo,1')).toBe('E03');
  expect([await gdb.ask('T3'), await gdb.ask('T1'), await gdb.ask('T-1')]).toEqual(['OK', 'E03', 'E03']);
  expect([await gdb.ask('Hg4'), await gdb.ask('Hg9'), await gdb.ask('Hc-1')]).toEqual(['OK', 'E03', 'OK']);
  expect(await gdb.ask('qC')).toBe('QC4');
});

test('the target description is told in parts', async () => {
  let text = '';
  for (;;) {
    const part = (await gdb.ask(`qXfer:features:read:target.xml:${text.length.toString(16)},400`)) ?? '';
    text += part.slice(1);
    if (part[0] === 'l') break;
    expect(part[0]).toBe('m');
  }
  expect(text).toBe(TARGET_DESCRIPTION);
  expect(await gdb.ask('qXfer:features:read:other.xml:0,400')).toBe('E02');
  expect(await gdb.ask('qXfer:memory-map:read::0,400')).toBe('');
});

test('the registers of the description are as long as those of the board', () => {
  expect(REGISTER_BYTES).toBe(908);
  const bits = [...TARGET_DESCRIPTION.matchAll(/bitsize="(\d+)"/g)].reduce((sum, [, size]) => sum + Number(size), 0);
  expect(bits).toBe(8 * REGISTER_BYTES);
  expect(REGISTERS[32]).toMatchObject({ name: 'pc', offset: 256 });
});

test('registers, all and one', async () => {
  const bytes = Uint8Array.from({ length: REGISTER_BYTES }, (_, index) => index % 251);
  gdb.target.registers.set(2, bytes);
  expect(await gdb.ask('g')).toBe(Buffer.from(bytes).toString('hex'));
  expect(await gdb.ask('p21')).toBe(Buffer.from(bytes.subarray(264, 268)).toString('hex'));
  expect(await gdb.ask('P1=efcdab8967452301')).toBe('OK');
  expect(await gdb.ask('p1')).toBe('efcdab8967452301');
  expect(gdb.target.registers.get(2)?.[8]).toBe(0xef);
  expect(await gdb.ask(`G${'00'.repeat(REGISTER_BYTES)}`)).toBe('OK');
  expect(gdb.target.registers.get(2)?.every((byte) => byte === 0)).toBe(true);
  for (const packet of ['p999', 'p', 'P1=00', 'P1=zz', 'P1', 'G00', 'Pffff=00'])
    expect(await gdb.ask(packet)).toBe('E16');
  expect(await gdb.ask(`P${(68).toString(16)}=0000000000000000`)).toBe('E01');
});

test('memory', async () => {
  expect(await gdb.ask('M10,4:01020304')).toBe('OK');
  expect(await gdb.ask('m10,4')).toBe('01020304');
  gdb.session.receive(encodePacket(Buffer.from('X14,3:\x23\x24\x7d', 'latin1')));
  expect(await gdb.reply()).toBe('OK');
  expect(await gdb.ask('m14,3')).toBe('23247d');
  expect(await gdb.ask('X0,0:')).toBe('OK');
  expect(await gdb.ask('mfe,8')).toBe('0000');
  expect(await gdb.ask('m100,4')).toBe('E0e');
  expect(await gdb.ask('Mff,2:0000')).toBe('E0e');
  for (const packet of ['m', 'm0', 'mzz,1', 'M0,4:00', 'm0,123456789', 'm11112222333344445,1']) {
    expect(await gdb.ask(packet)).toBe('E16');
  }
});

test.each([
  ['vCont;c', 'continue 2, continue 3'],
  ['vCont;s:3', 'step 2'],
  ['vCont;s:4;c', 'step 3, continue 2'],
  ['vCont;s:4;c:-1', 'step 3, continue 2'],
  ['vCont;C0b:3', 'continue 2'],
  ['vCont;s:0', 'step 2'],
  ['c', 'continue 2, continue 3'],
  ['C05', 'continue 2, continue 3'],
  ['s', 'step 2'],
])('%s: %s, and the answer comes when the cell is held', async (packet, call) => {
  expect(await gdb.ask(packet)).toBeUndefined();
  expect(gdb.target.calls).toEqual(['hold', call]);
  gdb.target.stopAt({ kind: 'stepped', cpu: 3 });
  expect(await gdb.reply()).toBe('T05thread:4;');
  expect(await gdb.ask('qC')).toBe('QC4');
});

test.each(['vCont;', 'vCont;r0,4', 'vCont;c:9', 'vCont;t', 'vCont;s:zz'])('%s: refused', async (packet) => {
  expect(await gdb.ask(packet)).toBe('E16');
  expect(gdb.target.calls).toEqual(['hold']);
});

test('an address to go on at', async () => {
  expect(await gdb.ask('c80')).toBeUndefined();
  expect(Buffer.from(gdb.target.registers.get(2) ?? []).readBigUInt64LE(256)).toBe(0x80n);
});

test('break- and watchpoints reach the cell when it goes on, and only if they are others than before', async () => {
  for (const packet of ['Z0,40,4', 'Z1,44,4', 'Z2,80,8', 'Z3,90,1', 'Z4,a0,4'])
    expect(await gdb.ask(packet)).toBe('OK');
  expect(gdb.target.calls).toEqual(['hold']);
  const stops: [Parameters<FakeTarget['stopAt']>[0], string][] = [
    [{ kind: 'breakpoint', address: 0x40n }, 'T05swbreak:;thread:3;'],
    [{ kind: 'breakpoint', address: 0x44n }, 'T05hwbreak:;thread:3;'],
    [{ kind: 'watchpoint', address: 0x84n, isWrite: true }, 'T05watch:84;thread:3;'],
    [{ kind: 'watchpoint', address: 0x90n, isWrite: false }, 'T05rwatch:90;thread:3;'],
    [{ kind: 'watchpoint', address: 0xa3n, isWrite: false }, 'T05awatch:a3;thread:3;'],
    [{ kind: 'failed' }, 'T0bthread:3;'],
    [{ kind: 'started' }, 'T05thread:3;'],
  ];
  for (const [stop, reply] of stops) {
    await gdb.ask('z0,40,4');
    await gdb.ask('Z0,40,4');
    expect(await gdb.ask('vCont;c')).toBeUndefined();
    gdb.target.stopAt(stop);
    expect(await gdb.reply()).toBe(reply);
  }
  expect(gdb.target.calls.filter((call) => call.startsWith('points'))).toEqual([
    'points breakpoint 68, write 128, read 144, access 160, breakpoint 64',
  ]);
  expect(await gdb.ask('z2,80,8')).toBe('OK');
  await gdb.ask('c');
  expect(gdb.target.points).toHaveLength(4);
});

test('points that cannot be are refused', async () => {
  for (const packet of ['Z2,0,0', 'Z2,ffffffffffffffff,2']) expect(await gdb.ask(packet)).toBe('E16');
  for (let count = 0; count < 1024; count++) await gdb.ask(`Z0,${(count * 4).toString(16)},4`);
  expect(await gdb.ask('Z0,10000,4')).toBe('E16');
}, 30_000);

test('Ctrl-C holds the cell, also when it comes with the packet that lets it go on', async () => {
  await gdb.ask('c');
  gdb.type('\x03');
  expect(await gdb.reply()).toBe('T02thread:3;');
  gdb.type('$c#63\x03');
  expect(await gdb.reply()).toBe('T02thread:3;');
  // Too late: the cell has stopped by itself, and goes on as if nothing had been.
  gdb.type('\x03');
  expect(await gdb.ask('c')).toBeUndefined();
});

test('GDB detaches, kills, or hangs up', async () => {
  expect(await gdb.ask('D')).toBe('OK');
  expect([gdb.ends, gdb.target.calls]).toEqual([['detached'], ['hold', 'detach']]);
  expect(await gdb.ask('g')).toBeUndefined();

  gdb = new Gdb();
  expect(await gdb.ask('k')).toBeUndefined();
  expect([gdb.ends, gdb.target.calls]).toEqual([['killed'], ['hold']]);
  gdb = new Gdb();
  expect(await gdb.ask('vKill;1')).toBe('OK');
  expect(gdb.ends).toEqual(['killed']);

  gdb = new Gdb();
  await gdb.ask('c');
  await gdb.session.close();
  await gdb.session.close();
  expect([gdb.ends, gdb.target.calls.at(-1)]).toEqual([['lost'], 'detach']);
});

test('a cell that is gone ends the session', async () => {
  await gdb.ask('c');
  gdb.target.vanish();
  expect(await gdb.reply()).toBe('X09');
  expect(gdb.ends).toEqual(['gone']);
});
