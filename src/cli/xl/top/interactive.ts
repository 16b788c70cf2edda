import { setTimeout as wait } from 'node:timers/promises';
import Box from 'blessed/lib/widgets/box';
import { keyOf } from '../../../dashboard/keys/names';
import { openScreen, shownText } from '../../../dashboard/view/blessed-screen';
import { fit } from '../../../dashboard/view/line';
import { paint } from '../../../dashboard/view/theme';
import { CellvisorError } from '../../../errors';
import { processTerminal, untilLeft } from '../../whole-terminal';
import { afterKey, screenLines } from './state';
import type { Widgets } from 'blessed';
import type { TerminalOptions } from '../../../dashboard/view/blessed-screen';
import type { Style } from '../../../dashboard/view/style';
import type { Theme } from '../../../dashboard/view/theme';
import type { Environment } from '../../command';
import type { TerminalProgram } from '../../whole-terminal';
import type { TopOptions } from './options';
import type { TopSample, TopSampler } from './sample';
import type { ScreenLine, TopState } from './state';

/** Until the person leaves, or all samples were shown. */
export async function runInteractive(sampler: TopSampler, options: TopOptions, env: Environment): Promise<void> {
  await untilLeft(new TopScreen(sampler, options, processTerminal(env)));
}

const STYLES: Readonly<Record<ScreenLine['kind'], Style | undefined>> = {
  summary: undefined,
  problem: 'problem',
  head: 'cursor',
  domain: undefined,
  device: 'dim',
  keys: 'key',
};

/** `xl top` on a terminal, which it takes over when it is made. */
export class TopScreen implements TerminalProgram {
  readonly done: Promise<void>;
  private readonly screen: Widgets.Screen;
  private readonly theme: Theme;
  private readonly box: Widgets.BoxElement;
  private state: TopState;
  private leave: () => void = () => undefined;
  /** Ends the present pause. */
  private turn = new AbortController();
  private isClosed = false;

  constructor(
    private readonly sampler: Pick<TopSampler, 'sample'>,
    { shown, delaySeconds, iterations }: TopOptions,
    terminal: TerminalOptions,
  ) {
    const { screen, theme } = openScreen(terminal);
    this.screen = screen;
    this.theme = theme;
    this.box = new Box({ parent: screen, top: 0, left: 0, width: '100%', height: '100%', wrap: false });
    const size = { columns: screen.width as number, rows: screen.height as number };
    const none = { sample: undefined, problem: undefined, typedDelay: undefined };
    this.state = { ...none, shown, delaySeconds, firstRow: 0, firstColumn: 1, ...size };
    screen.on('keypress', (character: string | undefined, press: Widgets.Events.IKeyEventArg) => {
      const key = keyOf(character, press);
      if (key) this.take(key.name);
    });
    screen.on('resize', () =>
      this.change({ ...this.state, columns: screen.width as number, rows: screen.height as number }),
    );
    this.draw();
    const left = new Promise<void>((resolve) => (this.leave = resolve));
    this.done = Promise.race([left, this.run(iterations ?? Infinity)]);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.turn.abort();
    this.screen.destroy();
  }

  /** What is shown, row by row: for tests. */
  text(): string[] {
    return shownText(this.screen);
  }

  private async run(iterations: number): Promise<void> {
    for (let shown = 0; shown < iterations && !this.isClosed; shown++) {
      try {
        this.change({ ...this.state, sample: await this.sample(), problem: undefined });
      } catch (error) {
        if (!(error instanceof CellvisorError)) throw error;
        this.change({ ...this.state, problem: error.message });
      }
      await this.pause();
    }
  }

  private sample(): Promise<TopSample> {
    return this.sampler.sample(this.state.shown.vcpus);
  }

  private async pause(): Promise<void> {
    const { signal } = (this.turn = new AbortController());
    await wait(this.state.delaySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }

  private take(key: string): void {
    const next = afterKey(this.state, key);
    if (!next) return this.leave();
    // Times of vCPUs are not known yet; a new delay counts from now.
    const isNow = next.shown.vcpus !== this.state.shown.vcpus || next.delaySeconds !== this.state.delaySeconds;
    this.change(next);
    if (isNow) this.turn.abort();
  }

  private change(state: TopState): void {
    this.state = state;
    if (!this.isClosed) this.draw();
  }

  private draw(): void {
    const lines = screenLines(this.state).map(({ kind, text }) =>
      paint(fit([{ text, style: STYLES[kind] }], this.state.columns), this.theme),
    );
    this.box.setContent(lines.join('\n'));
    this.screen.render();
  }
}
