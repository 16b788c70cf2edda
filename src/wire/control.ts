/** Payloads of the operations that steer the board itself. Rare ones carry JSON; logs and input carry bytes. */
import { PayloadReader, utf8, words } from './payload';
import { WireError } from './wire-error';

/** Answer of boardStatus. */
export interface BoardStatus {
  readonly name: string;
  readonly type: string;
  readonly release: string;
  readonly clock: 'real' | 'virtual';
  readonly processId: number;
  /** Milliseconds since 1970, when the board was powered on or last reset. */
  readonly startedAtMs: number;
  /** Board time in nanoseconds, decimal. */
  readonly boardTimeNs: string;
  readonly cells: readonly { readonly id: number; readonly name: string; readonly state: string }[];
  /** With the path of its pseudo-terminal, where the system had one left. */
  readonly uarts: readonly { readonly name: string; readonly terminal?: string | undefined }[];
  /** Names that a log request accepts. */
  readonly logs: readonly string[];
}

export function encodeJson(value: unknown): Uint8Array[] {
  return [utf8(JSON.stringify(value))];
}

export function decodeJson(payload: Uint8Array): unknown {
  const text = new PayloadReader(payload).text('JSON');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new WireError('a payload is not JSON');
  }
}

export interface LogRequest {
  readonly log: string;
  /** First wanted byte of the log, counted from power-on. */
  readonly from: number;
  /** Do not answer before there is a byte at `from`. */
  readonly isFollowing: boolean;
  /** When not 0: start with what was written at or after this time, milliseconds since 1970, and ignore `from`. */
  readonly sinceMs: number;
}

/** u32 following (0 or 1), u64 from, u64 since, name of the log. Answer: see encodeLogPart. */
export function encodeLogRequest(request: LogRequest): Uint8Array[] {
  return [words(request.isFollowing ? 1 : 0, BigInt(request.from), BigInt(request.sinceMs)), utf8(request.log)];
}

export function decodeLogRequest(payload: Uint8Array): LogRequest {
  const reader = new PayloadReader(payload);
  const isFollowing = reader.u32('following') !== 0;
  const from = reader.size('from');
  const sinceMs = reader.size('since');
  return { isFollowing, from, sinceMs, log: reader.text('log') };
}

export interface LogPart {
  /** Where `bytes` begin; later than requested when older output was dropped. */
  readonly start: number;
  /** Where the next part begins. */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** u64 start, then the bytes. */
export function encodeLogPart(part: LogPart): Uint8Array[] {
  return [words(BigInt(part.start)), part.bytes];
}

export function decodeLogPart(payload: Uint8Array): LogPart {
  const reader = new PayloadReader(payload);
  const start = reader.size('start');
  const bytes = reader.rest();
  return { start, end: start + bytes.length, bytes };
}

export interface UartInput {
  readonly uart: string;
  readonly bytes: Uint8Array;
}

/** u32 length of the UART's name, name, bytes. Answer: u32, how many bytes the receiver took. */
export function encodeUartInput({ uart, bytes }: UartInput): Uint8Array[] {
  const name = utf8(uart);
  return [words(name.length), name, bytes];
}

export function decodeUartInput(payload: Uint8Array): UartInput {
  const reader = new PayloadReader(payload);
  const name = reader.bytes(reader.u32('name length'), 'name');
  return { uart: new PayloadReader(name).text('name'), bytes: reader.rest() };
}

/** Board time in nanoseconds up to which a board with a virtual clock runs; undefined lifts the limit. Answer: empty. */
export function encodeVirtualLimit(limitNs: bigint | undefined): Uint8Array[] {
  return limitNs === undefined ? [] : [words(limitNs)];
}

export function decodeVirtualLimit(payload: Uint8Array): bigint | undefined {
  if (payload.length === 0) return undefined;
  const reader = new PayloadReader(payload);
  const limitNs = reader.u64('limit');
  reader.end();
  return limitNs;
}

/** Answer of virtualRest: u32, 0 when the limit was reached, 1 when every CPU is idle. */
export function encodeRest(rest: 'limit' | 'idle'): Uint8Array[] {
  return [words(rest === 'limit' ? 0 : 1)];
}

export function decodeRest(payload: Uint8Array): 'limit' | 'idle' {
  const reader = new PayloadReader(payload);
  const value = reader.u32('rest');
  reader.end();
  if (value > 1) throw new WireError('rest is 0 or 1');
  return value === 0 ? 'limit' : 'idle';
}
