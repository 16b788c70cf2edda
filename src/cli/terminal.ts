import type { ScreenLine, Terminal } from './command';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const REVERSE = '\x1b[7m';
const PLAIN = '\x1b[0m';
const CLEAR_LINE_END = '\x1b[K';
/** A serial line knows no size. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const CTRL_C = '\x03';

/** Signals that end the program; before they do, the screen is given back. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes over the terminal of stdin and stdout: the other screen, no cursor, keys one by one and without echo. */
export function openProcessTerminal(
  input: TerminalInput = process.stdin,
  output: TerminalOutput = process.stdout,
): Terminal {
  return new ProcessTerminal(input, output);
}

/** What is used of a terminal's two ends. */
export type TerminalInput = Pick<NodeJS.ReadStream, 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'pause' | 'resume'>;
export type TerminalOutput = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;

class ProcessTerminal implements Terminal {
  private readonly waiting: string[] = [];
  private wake: (() => void) | undefined;
  private open = true;

  constructor(
    private readonly input: TerminalInput,
    private readonly output: TerminalOutput,
  ) {
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', this.onData);
    input.on('end', this.onInterrupt);
    output.on('resize', this.onResize);
    for (const signal of ENDING_SIGNALS) {
      process.on(signal, this.onInterrupt);
    }
    process.on('exit', this.onExit);
    input.resume();
    output.write(ENTER);
  }

  get columns(): number {
    return this.output.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return this.output.rows || DEFAULT_ROWS;
  }

  draw(lines: readonly ScreenLine[]): void {
    const { columns } = this;
    const painted = lines.slice(0, this.rows).map(({ text, reverse }, row) => {
      const shown = text.slice(0, columns);
      const line = reverse ? `${REVERSE}${shown.padEnd(columns)}${PLAIN}` : `${shown}${CLEAR_LINE_END}`;
      return `\x1b[${row + 1};1H${line}`;
    });
    this.output.write(painted.join(''));
  }

  async nextKey(waitMs: number): Promise<string> {
    if (this.waiting.length === 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, waitMs);
      });
      clearTimeout(timer);
      this.wake = undefined;
    }
    return this.waiting.shift() ?? 'timeout';
  }

  close(): void {
    if (!this.open) {
      return;
    }
    this.open = false;
    this.input.off('data', this.onData);
    this.input.off('end', this.onInterrupt);
    this.output.off('resize', this.onResize);
    for (const signal of ENDING_SIGNALS) {
      process.off(signal, this.onInterrupt);
    }
    process.off('exit', this.onExit);
    this.output.write(LEAVE);
    this.input.setRawMode(false);
    this.input.pause();
  }

  private put(key: string): void {
    this.waiting.push(key);
    this.wake?.();
  }

  private readonly onData = (text: string): void => {
    for (const key of text) {
      this.put(key === CTRL_C ? 'interrupt' : key);
    }
  };
  private readonly onInterrupt = (): void => this.put('interrupt');
  private readonly onResize = (): void => this.put('resize');
  /** Reached without `close` only when something throws past everybody: the shell must get a usable terminal back. */
  private readonly onExit = (): void => this.close();
}
