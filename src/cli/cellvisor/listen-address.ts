import { UsageError } from './arguments';

const MAX_PORT = 65_535;

export interface ParsedAddress {
  /** Absent: `:9853`. */
  readonly host: string | undefined;
  readonly port: number;
}

/**
 * `127.0.0.1:9853`, `[::1]:9853`, `localhost:9853`, or `:9853`, which leaves the host to the command.
 * @param example for the message: a whole address
 */
export function parseListenAddress(text: string, option: string, example: string, usage: string): ParsedAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > MAX_PORT) {
    throw new UsageError(`${option} is an address and a port, such as ${example}, not '${text}'`, usage);
  }
  return { host: match[1] ?? (match[2] || undefined), port };
}
