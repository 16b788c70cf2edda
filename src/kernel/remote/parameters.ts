import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { fromBase64 } from './protocol';

/** Parameters of a request as they came. Every getter throws InvalidParams for what is not as it should be. */
export class Parameters {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(
    values: unknown,
    private readonly where: string,
  ) {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw this.wrong('parameters');
    this.values = values as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw this.wrong(name);
    return value;
  }

  /** An absolute path without a NUL, as system calls take it. */
  path(name = 'path'): string {
    const path = this.text(name);
    if (!path.startsWith('/') || path.includes('\0')) throw this.wrong(name);
    return path;
  }

  paths(name: string): string[] {
    return this.list(name).map((path) => new Parameters({ path }, `${this.where}.${name}`).path());
  }

  flag(name: string): boolean {
    const value = this.values[name] ?? false;
    if (typeof value !== 'boolean') throw this.wrong(name);
    return value;
  }

  /** A whole number from 0 to `max`. */
  number(name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.values[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > max) throw this.wrong(name);
    return value;
  }

  bytes(name: string): Uint8Array {
    const bytes = fromBase64(this.text(name));
    if (!bytes) throw this.wrong(name);
    return bytes;
  }

  /** A structure within. */
  inner(name: string): Parameters {
    return new Parameters(this.values[name], `${this.where}.${name}`);
  }

  list(name: string): unknown[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw this.wrong(name);
    return value;
  }

  private wrong(name: string): ResponseError<void> {
    return new ResponseError(ErrorCodes.InvalidParams, `${this.where}: ${name} is not as it should be`);
  }
}
