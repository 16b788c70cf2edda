import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of what scripts/fetch-debian-files.mjs has fetched: in its cache, or where an environment variable says. */
export function debianFiles(name: string, variable: string): string {
  return process.env[variable] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cellvisor', name);
}
