import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../dist/bin/cellvisor.js');

/**
 * An `ssh` that runs the agent on this machine, for what is not about SSH itself. Each host has an emulated board of its own,
 * and its connection can be cut.
 */
export class FakeSsh {
  private readonly bin: string;

  /** @param boards names of emulated boards by destination */
  constructor(folder: string, boards: Readonly<Record<string, string>>) {
    this.bin = join(folder, 'fake-ssh');
    mkdirSync(this.bin);
    this.program('cellvisor', `echo $$ > "$AGENT_FILE"\nexec '${process.execPath}' '${PROGRAM}' "$@"`);
    const cases = Object.entries(boards).map(([host, board]) => `'${host}') board='${board}' ;;`);
    this.program(
      'ssh',
      `while [ "$1" != -- ]; do shift; done
case "$2" in ${cases.join(' ')} esac
export CELLVISOR_BACKEND=emulated CELLVISOR_BOARD="$board" AGENT_FILE='${this.bin}'/agent-"$2"
refuse() { if [ -e '${this.bin}'/cut-"$1" ]; then echo "ssh: connect to host $1 port 22: Connection refused" >&2; exit 255; fi; }
refuse "$2"
echo $$ > '${this.bin}'/ssh-"$2"
if [ -e '${this.bin}'/silent-"$2" ]; then exec sleep 3600; fi
sh -c "$3"
code=$?
refuse "$2"
exit $code`,
    );
  }

  /** PATH with it. */
  get path(): string {
    return `${this.bin}:${process.env['PATH']}`;
  }

  /** Breaks the connection; new ones are refused. */
  cut(host: string): void {
    writeFileSync(join(this.bin, `cut-${host}`), '');
    const agent = numberIn(join(this.bin, `agent-${host}`));
    if (agent !== undefined) process.kill(agent, 'SIGKILL');
  }

  /** Of a machine that does not answer: an ssh that waits. */
  silence(host: string): void {
    writeFileSync(join(this.bin, `silent-${host}`), '');
  }

  /** The ssh that was started last. */
  processOf(host: string): number | undefined {
    return numberIn(join(this.bin, `ssh-${host}`));
  }

  /** Stops the other end without ending it: nothing gets through any more, and nobody is told. Gives what has to be killed. */
  hang(host: string): number {
    const agent = numberIn(join(this.bin, `agent-${host}`)) as number;
    process.kill(agent, 'SIGSTOP');
    return agent;
  }

  mend(host: string): void {
    rmSync(join(this.bin, `cut-${host}`));
  }

  private program(name: string, text: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }
}

/** A process's number, once it has written it down. */
function numberIn(path: string): number | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.endsWith('\n') ? Number(text) : undefined;
}
