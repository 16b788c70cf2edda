import { LinkError } from '../link';
import type { Host } from './host';

/** How an ssh process ended. */
export interface SshEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** What ssh and the other side said. */
  readonly stderr: string;
}

/** What ssh gives when it failed itself; every other code is that of the command over there (ssh(1), EXIT STATUS). */
const EXIT_SSH = 255;
/** As shells say that a command cannot be executed, or does not exist. */
const EXIT_NOT_EXECUTABLE = 126;
const EXIT_NOT_FOUND = 127;

interface Known {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly hint: (host: Host) => string;
}

/** What OpenSSH's client says, first match first. */
const KNOWN: readonly Known[] = [
  {
    pattern: /Could not resolve hostname/,
    reason: 'ssh knows no host of that name',
    hint: () => 'see Host and HostName in ~/.ssh/config, or give its address',
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    reason: 'its key is not the one that ssh remembers',
    hint: ({ destination }) =>
      `was it installed anew? 'ssh ${destination}' says which key to remove, once you are sure`,
  },
  {
    pattern: /Host key verification failed|No \w+ host key is known/,
    reason: 'ssh does not know its key yet',
    hint: ({ destination }) => `run 'ssh ${destination}' once and compare the key that it shows`,
  },
  {
    pattern: /Permission denied|Too many authentication failures|Authentication failed/,
    reason: 'it does not let you in',
    hint: ({ destination }) =>
      `'ssh-copy-id ${destination}' installs your key there; 'ssh -v ${destination}' says what was tried`,
  },
  {
    pattern: /Connection refused/,
    reason: 'connection refused',
    hint: () => 'no SSH server listens there: is it running, and is the port right?',
  },
  {
    pattern: /timed out|Operation timed out/,
    reason: 'no answer',
    hint: () => 'is it on, and reachable from here?',
  },
  {
    pattern: /No route to host|Network is unreachable/,
    reason: 'there is no way to it from here',
    hint: () => 'is it on, and in the same network?',
  },
  {
    pattern: /Connection closed by|Connection reset|Broken pipe|closed by remote host/,
    reason: 'the connection was closed',
    hint: () => 'did it go down, or start anew?',
  },
];

/** One clear line for what went wrong, and what to do about it. */
export function explainFailure(host: Host, { code, signal, stderr }: SshEnd): LinkError {
  const lastLine = stderr.trim().split(/\r?\n/).at(-1)?.trim() ?? '';
  if (signal !== null) return new LinkError(host.name, `ssh was ended by ${signal}`);
  if (code === EXIT_SSH) {
    const known = KNOWN.find(({ pattern }) => pattern.test(stderr));
    return known
      ? new LinkError(host.name, known.reason, known.hint(host))
      : new LinkError(host.name, lastLine || 'the connection was lost');
  }
  if (code === EXIT_NOT_FOUND || code === EXIT_NOT_EXECUTABLE) return noAgent(host, lastLine);
  if (/no command 'agent'/.test(stderr)) {
    return new LinkError(host.name, 'its cellvisor is too old to be spoken to', 'install the version that is here');
  }
  return new LinkError(
    host.name,
    code === 0 ? 'the agent ended' : lastLine || `the agent ended with exit code ${code}`,
  );
}

function noAgent({ name, destination, program }: Host, lastLine: string): LinkError {
  // The launcher is there, but not what it starts.
  if (/no node in PATH|\bnode\W: (?:No such|not found)/.test(lastLine))
    return new LinkError(name, `its cellvisor does not start: ${lastLine}`);
  return new LinkError(
    name,
    program === undefined ? 'there is no cellvisor in its PATH' : `there is no ${program}`,
    program === undefined
      ? `install it there, or say where it is: --host ${destination}:/path/to/cellvisor`
      : `'ssh ${destination} ls -l ${program}' shows what is there`,
  );
}
