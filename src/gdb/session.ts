import { KernelError } from '../errors';
import { encodePacket, MAX_PACKET_BYTES, PacketDecoder } from './packet';
import { Points } from './points';
import { registerCommand } from './register-commands';
import { errorReply, OK, UNKNOWN } from './reply';
import { parseVcont } from './resume';
import { GONE_REPLY, stopReply } from './stop-reply';
import { TARGET_DESCRIPTION } from './target-description';
import { parseThread, threadOf } from './threads';
import type { Received } from './packet';
import type { DebugStop, DebugTarget, Resumption } from './target';

/**
 * `detached`: the cell goes on, as it does when GDB hung up (`lost`). `killed`: GDB's user wants the cell ended, which is for
 * whoever made the session. `gone`: there is no cell any more.
 */
export type SessionEnd = 'detached' | 'lost' | 'killed' | 'gone';

/** An answer; undefined: none, now or ever. An empty one means that the packet is not known. */
type Reply = string | Uint8Array | undefined;

const FEATURES = [
  `PacketSize=${MAX_PACKET_BYTES.toString(16)}`,
  ...['QStartNoAckMode+', 'qXfer:features:read+', 'vContSupported+', 'swbreak+', 'hwbreak+'],
].join(';');
/** Bytes of memory in one answer: as hexadecimal digits they fit into a packet. */
const MAX_MEMORY_BYTES = MAX_PACKET_BYTES / 2 - 8;

/**
 * One GDB at a cell, by the remote serial protocol (GDB manual, appendix "Remote Serial Protocol"): all-stop, a thread for each
 * CPU. Packets are answered one after the other; the cell is held from the first one on.
 */
export class GdbSession {
  private readonly decoder = new PacketDecoder();
  private readonly points = new Points();
  private readonly registers = new Map<number, Uint8Array>();
  private queue: Promise<void> = Promise.resolve();
  private acknowledges = true;
  private lastSent: Uint8Array | undefined;
  private stop: DebugStop | undefined;
  private isRunning = false;
  private isInterrupted = false;
  private end: SessionEnd | undefined;
  /** What follows when the packet is answered. */
  private ending: SessionEnd | undefined;
  /** That H has chosen for registers and memory. */
  private cpu: number;

  constructor(
    private readonly target: DebugTarget,
    private readonly send: (bytes: Uint8Array) => void,
    private readonly onEnd: (end: SessionEnd) => void,
  ) {
    this.cpu = target.cpus[0] ?? 0;
  }

  receive(chunk: Uint8Array): void {
    for (const one of this.decoder.push(chunk)) this.take(one);
  }

  /** GDB hung up. Resolves when the cell goes on. */
  async close(): Promise<void> {
    if (this.end) return;
    this.finish('lost');
    await this.target.detach().catch(() => undefined); // It is gone, then.
  }

  private take(received: Received): void {
    switch (received.kind) {
      case 'packet':
        if (this.acknowledges) this.send(Buffer.from('+'));
        this.isInterrupted = false;
        this.queue = this.queue.then(() => this.perform(Buffer.from(received.data).toString('latin1')));
        break;
      case 'damaged':
        this.send(Buffer.from('-'));
        break;
      case 'nack':
        if (this.lastSent) this.send(this.lastSent);
        break;
      case 'interrupt':
        this.isInterrupted = true;
        if (this.isRunning) void this.target.hold().catch(() => undefined); // Whoever waits learns of it.
        break;
      case 'ack':
        break;
    }
  }

  private async perform(packet: string): Promise<void> {
    if (this.end) return;
    let reply: Reply;
    try {
      this.stop ??= await this.held();
      reply = await this.command(packet);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      reply = this.replyTo(error);
    }
    this.answer(reply);
    if (this.ending) this.finish(this.ending);
    // That packet was the last one to be acknowledged.
    if (packet === 'QStartNoAckMode') this.acknowledges = false;
  }

  private answer(reply: Reply): void {
    if (reply === undefined || this.end) return;
    this.lastSent = encodePacket(reply);
    this.send(this.lastSent);
  }

  private replyTo(error: KernelError): Reply {
    if (error.errno !== 'ENODEV' && error.errno !== 'ECONNRESET') return errorReply(error.errnoNumber);
    this.ending = 'gone';
    return GONE_REPLY;
  }

  private async held(): Promise<DebugStop> {
    await this.target.hold();
    return this.target.wait();
  }

  private command(packet: string): Reply | Promise<Reply> {
    const rest = packet.slice(1);
    switch (packet[0]) {
      case '?':
        return this.stop && stopReply(this.stop, this.points, false);
      case 'g':
      case 'G':
      case 'p':
      case 'P':
        return registerCommand(packet, this.registersOf(this.cpu));
      case 'm':
      case 'M':
      case 'X':
        return this.memory(packet);
      case 'c':
      case 's':
        return this.resumeAt(packet[0] === 's' ? 'step' : 'continue', rest);
      case 'C':
      case 'S':
        return this.resumeAt(packet[0] === 'S' ? 'step' : 'continue', rest.replace(/^[0-9a-f]{2};?/i, ''));
      case 'Z':
      case 'z':
        return this.changePoint(packet);
      case 'H':
        return this.chooseThread(rest);
      case 'T':
        return this.isThread(rest) ? OK : errorReply('ESRCH');
      case 'D':
        return this.detach();
      case 'k':
        this.ending = 'killed';
        return undefined;
      case 'v':
        return this.extended(packet);
      case 'q':
      case 'Q':
        return this.query(packet);
      default:
        return UNKNOWN;
    }
  }

  private extended(packet: string): Reply | Promise<Reply> {
    if (packet === 'vCont?') return 'vCont;c;C;s;S';
    if (packet.startsWith('vCont;')) {
      const cpus = parseVcont(packet.slice('vCont;'.length), this.target.cpus);
      return cpus ? this.run(cpus) : errorReply('EINVAL');
    }
    if (packet.startsWith('vKill;')) {
      this.ending = 'killed';
      return OK;
    }
    return UNKNOWN;
  }

  private query(packet: string): Reply {
    const [, name = '', rest = ''] = /^([^:,;]*)[:,;]?([^]*)$/.exec(packet) ?? [];
    switch (name) {
      case 'qSupported':
        return FEATURES;
      case 'QStartNoAckMode':
        return OK;
      case 'qXfer':
        return describe(rest);
      case 'qfThreadInfo':
        return `m${this.target.cpus.map(threadOf).join(',')}`;
      case 'qsThreadInfo':
        return 'l';
      case 'qThreadExtraInfo':
        return this.threadInfo(rest);
      case 'qC':
        return `QC${threadOf(this.cpu)}`;
      case 'qAttached':
        // So that GDB, when it quits, detaches and does not kill.
        return '1';
      default:
        return UNKNOWN;
    }
  }

  private threadInfo(thread: string): Reply {
    const cpu = parseThread(thread);
    const state = this.stop?.states[this.target.cpus.findIndex((one) => one === cpu)];
    if (state === undefined) return errorReply('ESRCH');
    return Buffer.from(`CPU ${cpu}, ${state}`).toString('hex');
  }

  private isThread(text: string): boolean {
    const thread = parseThread(text);
    return typeof thread === 'number' && this.target.cpus.includes(thread);
  }

  /** `Hg` and `Hc`. The latter is for `c` and `s`, which go by what vCont would do without a thread. */
  private chooseThread(rest: string): Reply {
    const thread = parseThread(rest.slice(1));
    if (thread === 'any' || thread === 'all') return OK;
    if (thread === undefined || !this.target.cpus.includes(thread)) return errorReply('ESRCH');
    this.cpu = thread;
    return OK;
  }

  private registersOf(cpu: number) {
    return {
      read: async () => {
        const bytes = this.registers.get(cpu) ?? (await this.target.readRegisters(cpu));
        this.registers.set(cpu, bytes);
        return bytes;
      },
      write: async (bytes: Uint8Array) => {
        this.registers.delete(cpu);
        await this.target.writeRegisters(cpu, bytes);
      },
    };
  }

  private async memory(packet: string): Promise<Reply> {
    const match = /^[mMX]([0-9a-f]{1,16}),([0-9a-f]{1,8})(?::([^]*))?$/i.exec(packet);
    if (!match) return errorReply('EINVAL');
    const [, address = '', length = '', data = ''] = match;
    const at = BigInt(`0x${address}`);
    const lengthBytes = parseInt(length, 16);
    if (packet[0] === 'm') {
      const bytes = await this.target.readMemory(this.cpu, at, Math.min(lengthBytes, MAX_MEMORY_BYTES));
      return Buffer.from(bytes).toString('hex');
    }
    const bytes = Buffer.from(data, packet[0] === 'M' ? 'hex' : 'latin1');
    if (bytes.length !== lengthBytes) return errorReply('EINVAL');
    // GDB asks in this way whether X is known.
    if (lengthBytes > 0) await this.target.writeMemory(this.cpu, at, bytes);
    return OK;
  }

  private changePoint(packet: string): Reply {
    const match = /^[Zz](\d),([0-9a-f]{1,16}),([0-9a-f]{1,16})$/i.exec(packet);
    if (!match) return UNKNOWN;
    const change = packet[0] === 'Z' ? 'add' : 'remove';
    const done = this.points[change](Number(match[1]), BigInt(`0x${match[2]}`), BigInt(`0x${match[3]}`));
    return done === undefined ? UNKNOWN : done ? OK : errorReply('EINVAL');
  }

  /** `c` and `s`, which may say where. */
  private async resumeAt(go: Resumption['go'], address: string): Promise<Reply> {
    if (address !== '') {
      const reply = await registerCommand(`P20=${littleEndian(address)}`, this.registersOf(this.cpu));
      if (reply !== OK) return reply;
    }
    const others = this.target.cpus.filter((cpu) => cpu !== this.cpu);
    const rest = go === 'step' ? [] : others.map((cpu) => ({ cpu, go }));
    return this.run([{ cpu: this.cpu, go }, ...rest]);
  }

  /** Answers when the cell is held again. */
  private async run(cpus: readonly Resumption[]): Promise<Reply> {
    await this.points.tell(this.target);
    this.registers.clear();
    this.isRunning = true;
    try {
      await this.target.resume(cpus);
      if (this.isInterrupted) await this.target.hold();
      this.stop = await this.target.wait();
    } finally {
      this.isRunning = false;
    }
    this.cpu = this.stop.cpu;
    return stopReply(this.stop, this.points, this.isInterrupted);
  }

  private async detach(): Promise<Reply> {
    await this.target.detach();
    this.ending = 'detached';
    return OK;
  }

  private finish(end: SessionEnd): void {
    if (this.end) return;
    this.end = end;
    this.onEnd(end);
  }
}

/** `qXfer:features:read:target.xml:OFFSET,LENGTH`. */
function describe(request: string): Reply {
  const match = /^features:read:([^:]*):([0-9a-f]{1,8}),([0-9a-f]{1,8})$/i.exec(request);
  if (!match) return UNKNOWN;
  if (match[1] !== 'target.xml') return errorReply('ENOENT');
  const offset = parseInt(match[2] as string, 16);
  const length = Math.min(parseInt(match[3] as string, 16), MAX_PACKET_BYTES / 2);
  const part = TARGET_DESCRIPTION.slice(offset, offset + length);
  return `${offset + length < TARGET_DESCRIPTION.length ? 'm' : 'l'}${part}`;
}

/** Digits of a number as those of its bytes in memory. */
function littleEndian(digits: string): string {
  const bytes = Buffer.from(digits.padStart(16, '0'), 'hex');
  return bytes.reverse().toString('hex');
}
