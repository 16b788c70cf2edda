import { UsageError } from '../arguments';
import type { ListenAddress } from '../../../metrics/server';

const MAX_PORT = 65_535;

/** `127.0.0.1:9853`, `[::1]:9853`, `localhost:9853`, or `:9853` for all interfaces. */
export function parseListenAddress(text: string, usage: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > MAX_PORT) {
    throw new UsageError(`--listen is an address and a port, such as 127.0.0.1:9853, not '${text}'`, usage);
  }
  return { host: match[1] ?? (match[2] || undefined), port };
}
