/**
 * What the two ends of a link say to each other: JSON-RPC 2.0, one message a line (docs/remote.md). Both ends are this
 * program, so a method's parameters are the arguments of the Kernel method of that name, with bytes as base64.
 */
import type { ErrnoName } from '../../errno';
import type { FileStatus, OpenFlags } from '../kernel';

/** Changes when an older end would misunderstand a newer one. */
export const PROTOCOL_VERSION = 1;

/** The agent's first message, before it was asked anything: a notification. */
export const HELLO = 'hello';

export interface Hello {
  readonly protocol: number;
  /** Of the package. */
  readonly version: string;
  readonly backend: 'hardware' | 'emulated';
  /** Whom the agent runs as. */
  readonly userId: number;
}

/** Parameters and result of each request. File and window numbers are the agent's, valid within one connection. */
export interface Methods {
  ping: [Record<string, never>, null];
  open: [{ path: string } & OpenFlags, number];
  close: [{ file: number }, null];
  ioctl: [{ file: number; request: number; argument?: WireArgument }, number];
  read: [{ file: number; lengthBytes: number }, string];
  write: [{ file: number; bytes: string }, number];
  mapRegisters: [{ file: number; offset: number; lengthBytes: number }, number];
  readRegister: [{ window: number; offset: number }, number];
  writeRegister: [{ window: number; offset: number; value: number }, null];
  unmapRegisters: [{ window: number }, null];
  readFile: [{ path: string }, string];
  readFiles: [{ paths: readonly string[] }, (string | ErrorData)[]];
  readDirectory: [{ path: string }, string[]];
  stat: [{ path: string }, FileStatus];
}

/** What an error is beside its message. */
export interface ErrorData {
  readonly operation: string;
  readonly code: string;
  readonly errno?: ErrnoName | undefined;
  /** Only of a KernelError. */
  readonly errnoNumber?: number | undefined;
  readonly hint?: string | undefined;
}

export type Method = keyof Methods;

export interface WireArgument {
  readonly bytes: string;
  readonly references: readonly { readonly offset: number; readonly buffer: string }[];
}

/** A line holds what an emulated board takes in one call, as base64. */
export const MAX_LINE_BYTES = 192 * 1024 * 1024;

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** @returns undefined for a text that is not base64 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Buffer.from leaves out what does not belong there.
  return text.length % 4 === 0 && bytes.length === Buffer.byteLength(text, 'base64') ? bytes : undefined;
}
