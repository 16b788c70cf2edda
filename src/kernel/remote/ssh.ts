import { spawn } from 'node:child_process';
import { LinkError } from '../link';
import { agentCommand } from './host';
import { explainFailure } from './ssh-failure';
import type { AgentChoice, Host } from './host';
import type { AgentStream } from './stream';

/**
 * A pipe is all that is wanted of the user's ssh config, whatever it has for this host: no forwardings, no terminal, no
 * command of its own (ssh_config(5)). All else of it applies.
 */
const OPTIONS = ['ClearAllForwardings=yes', 'ForwardAgent=no', 'ForwardX11=no', 'PermitLocalCommand=no'];
const PIPE_OPTIONS = ['RemoteCommand=none', 'RequestTTY=no'];
const STDERR_LIMIT_BYTES = 16 * 1024;
/** A master connection of ControlPersist keeps stderr open when ssh has ended. */
const STDERR_WAIT_MS = 200;

export interface SshOptions {
  /** ssh may ask on the terminal for a password or whether a host is known. Nobody may answer while a screen is drawn there. */
  readonly mayAsk: boolean;
}

/** Runs the agent on another machine, through the user's own OpenSSH client. */
export function openSsh(host: Host, choice: AgentChoice, { mayAsk }: SshOptions): AgentStream {
  const options = [...OPTIONS, ...PIPE_OPTIONS, ...(mayAsk ? [] : ['BatchMode=yes'])].flatMap((one) => ['-o', one]);
  const child = spawn('ssh', [...options, '--', host.destination, agentCommand(host, choice)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: process.env,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_LIMIT_BYTES)));
  // A write that fails is followed by the end of the process, which says why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<LinkError>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(notStarted(host, error)));
    child.once('exit', async (code, signal) => {
      await endOf(child.stderr);
      resolve(explainFailure(host, { code, signal, stderr }));
    });
  });
  const kill = () => {
    // Node would signal whatever is where a process's number should be: for 0 that is this program and all its siblings.
    if (child.pid !== undefined) child.kill('SIGKILL');
  };
  return { input: child.stdin, output: child.stdout, ended, kill };
}

function endOf(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, STDERR_WAIT_MS);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function notStarted(host: Host, { code, message }: NodeJS.ErrnoException): LinkError {
  return code === 'ENOENT'
    ? new LinkError(host.name, 'there is no ssh here', '--host needs an OpenSSH client in PATH')
    : new LinkError(host.name, `ssh does not start: ${message}`);
}
