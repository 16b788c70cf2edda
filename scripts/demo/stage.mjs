// Runs real commands against one emulated board and shows them with what the board prints. Every wait is for a condition.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 30_000;
/** Room for the longest name in front of the line: `uio_read`. */
const GUTTER = 8;

/**
 * CELLVISOR_DEMO_BACKEND=bridge: the commands of the guide take the hardware backend, and see the board through system calls
 * and `cellvisor run`, as they would see a real one.
 */
const isBridged = process.env.CELLVISOR_DEMO_BACKEND === 'bridge';

/** Something that the demo promises did not happen. The message says what. */
export class Mishap extends Error {}

const isPlain = !process.stdout.isTTY || process.env.NO_COLOR;
const bold = (text) => (isPlain ? text : `\x1b[1m${text}\x1b[0m`);
const dim = (text) => (isPlain ? text : `\x1b[2m${text}\x1b[0m`);

export class Stage {
  #followers = new Map();
  #children = new Set();
  #runtime = mkdtempSync(join(tmpdir(), 'cellvisor-demo-'));
  #environment;

  /** @param board lives in a folder of its own, so that no board of the user is touched */
  constructor(board) {
    this.board = board;
    this.#environment = {
      ...process.env,
      CELLVISOR_BACKEND: 'emulated',
      CELLVISOR_BOARD: board,
      CELLVISOR_RUNTIME_DIR: this.#runtime,
    };
  }

  say(text = '') {
    process.stdout.write(`${text}\n`);
  }

  title(text) {
    this.say(bold(`\n== ${text}\n`));
  }

  /** Runs `command` (one line, as a user types it) to its end and shows its output. Returns stdout. */
  async run(command, { exitCode = 0, grep } = {}) {
    this.say(bold(`# ${command}${grep ? ` | grep ${grep}` : ''}`));
    const child = this.#spawn(command);
    const status = await this.#within(child.ended, `"${command}" to end`);
    const shown = grep
      ? child.stdout
          .split(/(?<=\n)/)
          .filter((line) => line.includes(grep))
          .join('')
      : child.stdout;
    process.stdout.write(shown + child.stderr);
    if (status !== exitCode) {
      throw new Mishap(`"${command}" ended with exit code ${status}, not ${exitCode}`);
    }
    return shown + child.stderr;
  }

  /** Starts a command that goes on in another shell. Shows it once it has printed `ready`. */
  async start(command, ready) {
    this.say(bold(`# ${command} &`));
    const child = this.#spawn(command);
    await this.#within(
      child.until((text) => text.includes(ready)),
      `"${command}" to print "${ready}"`,
    );
    return {
      /** Waits for its end and shows all of its output, marked with its name. */
      finish: async () => {
        const status = await this.#within(child.ended, `"${command}" to end`);
        this.#show(command.split(' ')[0], child.stdout + child.stderr);
        if (status !== 0) {
          throw new Mishap(`"${command}" ended with exit code ${status}`);
        }
        return child.stdout;
      },
    };
  }

  /**
   * Shows what a log of the board (`kernel`, `uart2`) has got since the last time, up to the line that makes `enough` true.
   * @param enough a text that the line contains, or a function of all new lines
   * @param skip lines that are not shown, as they come at their own pace
   * @param what says it in words, for a function
   */
  async watch(log, enough, { skip, what = `"${enough}"` } = {}) {
    const follower = this.#follow(log);
    const isEnough = typeof enough === 'string' ? (lines) => lines.at(-1).includes(enough) : enough;
    const lines = await this.#within(follower.lines(isEnough), `${log} to show ${what}`);
    this.#show(log, lines.filter((line) => !skip?.test(line)).join('\n'));
    return lines;
  }

  /** Ends everything that was started here, whatever happened, and leaves nothing behind. */
  async close() {
    await this.#spawn(`cellvisor board stop ${this.board}`).ended;
    for (const child of this.#children) {
      child.kill();
    }
    await Promise.all([...this.#children].map((child) => child.ended));
    rmSync(this.#runtime, { recursive: true, force: true });
  }

  #show(name, text) {
    const lines = text.replace(/\n$/, '').split('\n');
    const gutter = dim(`${name.padEnd(GUTTER)} |`);
    process.stdout.write(lines.map((line) => `${gutter} ${line}`.trimEnd() + '\n').join(''));
  }

  #follow(log) {
    if (!this.#followers.has(log)) {
      this.#followers.set(log, new Follower(this.#spawn(`cellvisor board log ${log} -f`)));
    }
    return this.#followers.get(log);
  }

  #spawn(command) {
    const [program, ...args] = command.split(' ');
    const path = join(root, 'dist/bin', `${program}.js`);
    const words =
      isBridged && program !== 'cellvisor'
        ? [join(root, 'dist/bin/cellvisor.js'), 'run', '--', process.execPath, path, ...args]
        : [path, ...args];
    const child = new Child(words, this.#environment);
    this.#children.add(child);
    void child.ended.then(() => this.#children.delete(child));
    return child;
  }

  async #within(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Mishap(`waited ${TIMEOUT_MS / 1000} s for ${what}`)), TIMEOUT_MS);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A process of the demo, with all that it has printed. */
class Child {
  stdout = '';
  stderr = '';
  #process;
  #waiting = new Set();

  constructor(args, env) {
    this.#process = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of ['stdout', 'stderr']) {
      this.#process[stream].setEncoding('utf8');
      this.#process[stream].on('data', (text) => {
        this[stream] += text;
        this.#wake();
      });
    }
    this.ended = new Promise((resolve) => {
      this.#process.once('error', () => resolve(-1));
      this.#process.once('close', (code) => resolve(code ?? -1));
    });
    void this.ended.then(() => this.#wake());
  }

  /** Resolves once `isTrue` of its stdout; rejects when it ends before. */
  async until(isTrue) {
    let ended = false;
    void this.ended.then(() => (ended = true));
    while (!isTrue(this.stdout)) {
      if (ended) {
        throw new Mishap(`it ended too early: ${this.stderr || this.stdout || 'it printed nothing'}`.trimEnd());
      }
      await new Promise((resolve) => this.#waiting.add(resolve));
    }
  }

  kill() {
    this.#process.kill();
  }

  #wake() {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) {
      wake();
    }
  }
}

/** Hands out a log line by line: what one call has got, the next one does not get again. */
class Follower {
  #child;
  #position = 0;

  constructor(child) {
    this.#child = child;
  }

  /** New lines up to the first one with which `isEnough(lines)`. Carriage returns are the terminal's business. */
  async lines(isEnough) {
    const lines = [];
    await this.#child.until((text) => {
      for (let end; (end = text.indexOf('\n', this.#position)) >= 0;) {
        lines.push(text.slice(this.#position, end).replaceAll('\r', ''));
        this.#position = end + 1;
        if (isEnough(lines)) {
          return true;
        }
      }
      return false;
    });
    return lines;
  }
}
