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
    const agent = join(this.bin, `agent-${host}`);
    if (existsSync(agent)) process.kill(Number(readFileSync(agent, 'utf8')), 'SIGKILL');
  }

  mend(host: string): void {
    rmSync(join(this.bin, `cut-${host}`));
  }

  private program(name: string, text: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }
}
