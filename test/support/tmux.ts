import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLL_MS = 20;
/** On a machine that has much else to do. */
const LIMIT_MS = 25_000;

/** Whether there is a tmux to test with; says so when there is none. */
export function hasTmux(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: no tmux, so no terminal to look at');
    return false;
  }
}

/** A terminal of a given size, with a program in it: a tmux server of its own, with no settings. */
export class TmuxTerminal {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-tmux-'));
  private readonly socket = join(this.folder, 'socket');

  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {}

  /**
   * Starts a shell command. When it ends, its exit code is shown, and the terminal stays.
   * @param env nothing else of this process's environment but PATH and HOME is passed on
   */
  async start(command: string, env: Readonly<Record<string, string | undefined>>, cwd: string): Promise<void> {
    const settings = Object.entries({ PATH: process.env['PATH'], HOME: process.env['HOME'], ...env })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}='${value}'`);
    const shell = `${command}; echo "exit $?"; stty -a | tr ' ' '\\n' | grep -E '^-?(icanon|echo);?$' | tr -d ';' | xargs echo tty:; exec cat`;
    const size = ['-x', `${this.columns}`, '-y', `${this.rows}`];
    await this.tmux(
      'new-session',
      '-d',
      ...size,
      '-c',
      cwd,
      `exec env -i TERM=screen ${settings.join(' ')} sh -c '${shell.replaceAll("'", "'\\''")}'`,
    );
  }

  /** Types keys, by tmux's names: `j`, `Enter`, `C-d`. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux('send-keys', ...keys);
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.tmux('send-keys', '-l', text);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** What the terminal shows now, line by line. */
  async screen(): Promise<string> {
    return this.tmux('capture-pane', '-p');
  }

  /** As `screen`, with colours as escape sequences. */
  async colours(): Promise<string> {
    return this.tmux('capture-pane', '-e', '-p');
  }

  /** A fact of the terminal, as tmux calls it: `alternate_on`, `mouse_any_flag`, `cursor_flag`. */
  async fact(name: string): Promise<string> {
    return (await this.tmux('display-message', '-p', `#{${name}}`)).trim();
  }

  /** Waits until the screen is as wanted, and gives it. Fails with what there is when it never comes. */
  async until(wanted: RegExp | ((screen: string) => boolean)): Promise<string> {
    const isWanted = typeof wanted === 'function' ? wanted : (screen: string) => wanted.test(screen);
    const endMs = performance.now() + LIMIT_MS;
    for (;;) {
      const screen = await this.screen();
      if (isWanted(screen)) return screen;
      if (performance.now() > endMs) throw new Error(`the screen did not become ${wanted}, but is\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Process number of the program that was started. */
  async processId(name: string): Promise<number> {
    const shell = Number(await this.fact('pane_pid'));
    for (;;) {
      const found = await new Promise<string>((resolve) => {
        execFile('ps', ['--ppid', `${shell}`, '-o', 'pid=,comm='], (_, out) => resolve(out));
      });
      const line = found.split('\n').find((one) => one.includes(name));
      if (line) return Number.parseInt(line, 10);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async close(): Promise<void> {
    await this.tmux('kill-server').catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tmux(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile('tmux', ['-u', '-S', this.socket, '-f', '/dev/null', ...args], (error, out) => {
        if (error) reject(error);
        else resolve(out);
      });
    });
  }
}
