import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CellvisorError } from '../../errors';
import { parseHost } from './host';

/** `~/.config/cellvisor/hosts`, or where XDG_CONFIG_HOME says. */
export function usualHostsFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'cellvisor', 'hosts');
}

/**
 * One host a line, as `--host` takes it; `#` begins a comment.
 * @throws CellvisorError `E_HOSTS_FILE` when it cannot be read, or names no host, or one twice; `E_HOST`
 */
export function readHosts(path: string, { mayBeMissing = false } = {}): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (mayBeMissing && code === 'ENOENT') return [];
    throw hostsError(path, message, error);
  }
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const hosts = lines.filter((line) => line !== '');
  if (hosts.length === 0) throw hostsError(path, 'no host is in it');
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) throw hostsError(path, `${twice} stands there twice`);
  for (const host of hosts) parseHost(host);
  return hosts;
}

function hostsError(path: string, reason: string, cause?: unknown): CellvisorError {
  return new CellvisorError(`${path}: ${reason}`, {
    code: 'E_HOSTS_FILE',
    operation: 'read hosts',
    hint: 'a hosts file has one host a line, such as root@board',
    cause,
  });
}
