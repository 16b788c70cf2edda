import { CellvisorError } from '../../errors';

/** Where the agent is looked for when the host does not say it: in PATH, then here. */
const USUAL_FOLDERS = ['/usr/local/bin', '/opt/cellvisor/bin'];

/** A board that is reached over SSH. */
export interface Host {
  /** As it was given. */
  readonly name: string;
  /** What ssh is told: `root@board`, an alias of the user's ssh config, or `ssh://root@board:2222`. */
  readonly destination: string;
  /** The `cellvisor` over there, by its path; absent: the one in PATH. */
  readonly program?: string | undefined;
}

/** What is asked of the agent; absent: what the environment over there says. */
export interface AgentChoice {
  readonly backend?: string | undefined;
  readonly board?: string | undefined;
}

/**
 * `[USER@]HOST[:PROGRAM]` or `ssh://[USER@]HOST[:PORT][PROGRAM]`; PROGRAM is an absolute path.
 * @throws CellvisorError `E_HOST`
 */
export function parseHost(name: string): Host {
  const form = name.startsWith('ssh://') ? /^(ssh:\/\/[^/]+)(\/.+)?$/ : /^([^:/]+|[^/]*[^:/])(?::(\/.+))?$/;
  const [, destination = '', program] = form.exec(name) ?? [];
  // What begins with a dash would be an option of ssh.
  if (destination === '' || destination.startsWith('-') || /[\s\0-\x1f]/.test(name)) {
    throw new CellvisorError(`'${name}' is not a host`, {
      code: 'E_HOST',
      operation: 'choose host',
      hint: /\S\s+\S/.test(name)
        ? 'one board at a time here; cellvisor top shows several'
        : 'a host is what ssh takes: root@board, an alias, or ssh://root@board:2222; behind it may stand :/path/to/cellvisor',
    });
  }
  return { name, destination, program };
}

/** The command that a shell over there, whatever it is, turns into the agent. */
export function agentCommand({ program }: Host, { backend, board }: AgentChoice): string {
  const options = [
    ...(backend === undefined ? [] : ['--backend', backend]),
    ...(board === undefined ? [] : ['--board', board]),
  ];
  const agent = [program ?? 'cellvisor', 'agent', '--stdio', ...options].map(quoted).join(' ');
  // A shell that is no login shell has a short PATH.
  return `sh -c ${quoted(`PATH="$PATH:${USUAL_FOLDERS.join(':')}" exec ${agent}`)}`;
}

/** For a shell: plain words as they are, so that logs over there can be read. */
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
