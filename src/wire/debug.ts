/** Payloads of a debugger's operations, as docs/wire.md lists them. A connection has a debugger at one cell at most. */
import { PayloadReader, utf8, words } from './payload';
import { WireError } from './wire-error';

/** Answer of debugAttach: u32 each, the cell's CPUs by Linux's numbers. */
export function encodeCpus(cpus: readonly number[]): Uint8Array[] {
  return [words(...cpus)];
}

export function decodeCpus(payload: Uint8Array): number[] {
  const reader = new PayloadReader(payload);
  return Array.from({ length: Math.ceil(payload.length / 4) }, () => reader.u32('CPU'));
}

/** The cell's name. */
export function encodeCellName(name: string): Uint8Array[] {
  return [utf8(name)];
}

export function decodeCellName(payload: Uint8Array): string {
  return new PayloadReader(payload).text('cell');
}

export interface Resumption {
  readonly cpu: number;
  readonly go: 'step' | 'continue';
}

/** u32 CPU, u32 1 for one instruction and 0 to go on, for each CPU that is not to stay held. */
export function encodeResume(cpus: readonly Resumption[]): Uint8Array[] {
  return [words(...cpus.flatMap(({ cpu, go }) => [cpu, go === 'step' ? 1 : 0]))];
}

export function decodeResume(payload: Uint8Array): Resumption[] {
  const reader = new PayloadReader(payload);
  return Array.from({ length: Math.ceil(payload.length / 8) }, () => {
    const cpu = reader.u32('CPU');
    const go = reader.u32('go');
    if (go > 1) throw new WireError('go is 0 or 1');
    return { cpu, go: go === 1 ? 'step' : 'continue' };
  });
}

const STOP_KINDS = ['requested', 'started', 'breakpoint', 'watchpoint', 'stepped', 'failed'] as const;
const CPU_STATES = ['running', 'off', 'parked', 'failed'] as const;

export type StopKind = (typeof STOP_KINDS)[number];
export type CpuState = (typeof CPU_STATES)[number];

/** Why a cell is held. */
export interface DebugStop {
  readonly kind: StopKind;
  /** The CPU that it is about. */
  readonly cpu: number;
  /** Of the breakpoint, or the first watched byte that is about to be accessed. */
  readonly address: bigint;
  readonly isWrite: boolean;
  /** Of the cell's CPUs, in the order of debugAttach's answer. */
  readonly states: readonly CpuState[];
}

/** Answer of debugWait: u32 kind, u32 CPU, u32 write (0 or 1), u64 address, then u32 state for each CPU of the cell. */
export function encodeStop({ kind, cpu, address, isWrite, states }: DebugStop): Uint8Array[] {
  const numbers = states.map((state) => CPU_STATES.indexOf(state));
  return [words(STOP_KINDS.indexOf(kind), cpu, isWrite ? 1 : 0, address, ...numbers)];
}

export function decodeStop(payload: Uint8Array): DebugStop {
  const reader = new PayloadReader(payload);
  const kind = oneOf(STOP_KINDS, reader.u32('kind'), 'kind');
  const cpu = reader.u32('CPU');
  const isWrite = reader.u32('write') !== 0;
  const address = reader.u64('address');
  const count = Math.ceil((payload.length - 20) / 4);
  const states = Array.from({ length: count }, () => oneOf(CPU_STATES, reader.u32('state'), 'state'));
  return { kind, cpu, address, isWrite, states };
}

function oneOf<Word>(words: readonly Word[], number: number, field: string): Word {
  const word = words[number];
  if (word === undefined) throw new WireError(`${field} ${number} does not exist`);
  return word;
}

const POINT_KINDS = ['breakpoint', 'write', 'read', 'access'] as const;

/** A breakpoint, or memory whose accesses of a kind stop the cell. */
export interface DebugPoint {
  readonly kind: (typeof POINT_KINDS)[number];
  /** Virtual. */
  readonly address: bigint;
  /** Of a breakpoint: does not matter. */
  readonly lengthBytes: bigint;
}

/** u32 kind (0 breakpoint, 1 write, 2 read, 3 either), u64 address, u64 length, for each: they replace all before. */
export function encodePoints(points: readonly DebugPoint[]): Uint8Array[] {
  return points.map(({ kind, address, lengthBytes }) => words(POINT_KINDS.indexOf(kind), address, lengthBytes));
}

export function decodePoints(payload: Uint8Array): DebugPoint[] {
  const reader = new PayloadReader(payload);
  return Array.from({ length: Math.ceil(payload.length / 20) }, () => {
    const kind = oneOf(POINT_KINDS, reader.u32('kind'), 'kind');
    return { kind, address: reader.u64('address'), lengthBytes: reader.u64('length') };
  });
}

export interface RegistersOfCpu {
  readonly cpu: number;
  readonly bytes: Uint8Array;
}

/** u32 CPU, bytes. */
export function encodeRegisters({ cpu, bytes }: RegistersOfCpu): Uint8Array[] {
  return [words(cpu), bytes];
}

export function decodeRegisters(payload: Uint8Array): RegistersOfCpu {
  const reader = new PayloadReader(payload);
  return { cpu: reader.u32('CPU'), bytes: reader.rest() };
}

export interface MemoryRead {
  readonly cpu: number;
  /** Virtual, as EL1 of the CPU sees it. */
  readonly address: bigint;
  readonly lengthBytes: number;
}

/** u32 CPU, u64 address, u32 length. Answer: the bytes, fewer where memory ends. */
export function encodeMemoryRead({ cpu, address, lengthBytes }: MemoryRead): Uint8Array[] {
  return [words(cpu, address, lengthBytes)];
}

export function decodeMemoryRead(payload: Uint8Array): MemoryRead {
  const reader = new PayloadReader(payload);
  const request = { cpu: reader.u32('CPU'), address: reader.u64('address'), lengthBytes: reader.u32('length') };
  reader.end();
  return request;
}

export interface MemoryWrite {
  readonly cpu: number;
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** u32 CPU, u64 address, bytes. */
export function encodeMemoryWrite({ cpu, address, bytes }: MemoryWrite): Uint8Array[] {
  return [words(cpu, address), bytes];
}

export function decodeMemoryWrite(payload: Uint8Array): MemoryWrite {
  const reader = new PayloadReader(payload);
  return { cpu: reader.u32('CPU'), address: reader.u64('address'), bytes: reader.rest() };
}
