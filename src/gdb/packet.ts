/**
 * Packets of GDB's remote serial protocol (GDB manual, appendix "Remote Serial Protocol", Overview): `$data#checksum`, with `}`
 * before a byte XOR 0x20 where the byte would mean something. Bytes only: what they say is for session.ts.
 */

const DOLLAR = 0x24;
const HASH = 0x23;
const ESCAPE = 0x7d;
const ESCAPE_XOR = 0x20;
/** Starts a run of equal bytes, in what a stub sends: so it is escaped there. */
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const INTERRUPT = 0x03;

/** Data of a packet that GDB may send us, unescaped: what we tell it as PacketSize. */
export const MAX_PACKET_BYTES = 0x4000;

export type Received =
  | { readonly kind: 'packet'; readonly data: Uint8Array }
  /** The checksum is wrong, or the packet is too long: whoever sent it is asked to do it again. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nack' }
  /** Ctrl-C in GDB. */
  | { readonly kind: 'interrupt' };

/** A whole packet. @param data bytes, or text of Latin-1 characters */
export function encodePacket(data: string | Uint8Array): Buffer {
  const plain = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  const escaped: number[] = [];
  for (const byte of plain) {
    if (byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === STAR) escaped.push(ESCAPE, byte ^ ESCAPE_XOR);
    else escaped.push(byte);
  }
  const checksum = escaped.reduce((sum, byte) => (sum + byte) & 0xff, 0);
  return Buffer.concat([
    Buffer.of(DOLLAR),
    Buffer.from(escaped),
    Buffer.from(`#${checksum.toString(16).padStart(2, '0')}`),
  ]);
}

/** Takes a stream apart. Noise between packets is passed over; no input makes it keep more than a packet. */
export class PacketDecoder {
  /** Of the packet that has begun, still escaped, and its checksum's digits. */
  private body: number[] = [];
  private digits = '';
  private state: 'outside' | 'body' | 'checksum' = 'outside';

  push(chunk: Uint8Array): Received[] {
    const received: Received[] = [];
    for (const byte of chunk) {
      const one = this.take(byte);
      if (one) received.push(one);
    }
    return received;
  }

  private take(byte: number): Received | undefined {
    switch (this.state) {
      case 'outside':
        return this.takeOutside(byte);
      case 'body':
        // A packet never has an unescaped dollar: the one before was cut off.
        if (byte === DOLLAR) this.body = [];
        else if (byte === HASH) this.state = 'checksum';
        else this.body.push(byte);
        if (this.body.length <= 2 * MAX_PACKET_BYTES) return undefined;
        this.reset();
        return { kind: 'damaged' };
      case 'checksum':
        this.digits += String.fromCharCode(byte);
        return this.digits.length < 2 ? undefined : this.finish();
    }
  }

  private takeOutside(byte: number): Received | undefined {
    switch (byte) {
      case DOLLAR:
        this.state = 'body';
        return undefined;
      case PLUS:
        return { kind: 'ack' };
      case MINUS:
        return { kind: 'nack' };
      case INTERRUPT:
        return { kind: 'interrupt' };
      default:
        return undefined;
    }
  }

  private finish(): Received {
    const { body, digits } = this;
    this.reset();
    const checksum = body.reduce((sum, byte) => (sum + byte) & 0xff, 0);
    if (!/^[0-9a-fA-F]{2}$/.test(digits) || parseInt(digits, 16) !== checksum) return { kind: 'damaged' };
    const data = unescaped(body);
    return data === undefined || data.length > MAX_PACKET_BYTES ? { kind: 'damaged' } : { kind: 'packet', data };
  }

  private reset(): void {
    this.body = [];
    this.digits = '';
    this.state = 'outside';
  }
}

/** Undefined when the escape has nothing behind it. */
function unescaped(body: readonly number[]): Uint8Array | undefined {
  const data: number[] = [];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte !== ESCAPE) {
      data.push(byte);
      continue;
    }
    const next = body[++at];
    if (next === undefined) return undefined;
    data.push(next ^ ESCAPE_XOR);
  }
  return Uint8Array.from(data);
}
