import { setMaxListeners } from 'node:events';
import { BoardFeed } from './feeds/board-feed';
import { LogFeed } from './feeds/log-feed';
import { XenFeed } from './feeds/xen-feed';
import { problemOf } from './feeds/problem';
import { checkFile } from './hands/check';
import { listFolder } from './hands/files';
import { perform } from './hands/perform';
import { newBoard } from './model/board';
import { initialState } from './model/state';
import { update } from './model/update/update';
import { DashboardScreen } from './view/screen';
import type { Hand } from './model/hand';
import type { DashboardEvent, Effect } from './model/events';
import type { State } from './model/state';
import type { BoardSource } from './source';
import type { TerminalOptions } from './view/blessed-screen';

export interface DashboardOptions {
  /** At least one. */
  readonly boards: readonly BoardSource[];
  readonly intervalMs: number;
  /** Nothing can be changed. */
  readonly isReadOnly: boolean;
  readonly terminal: TerminalOptions;
}

/** What a person typed is shown at once; what boards say, so often at most: a serial line carries no more. */
const FEED_FRAME_MS = 100;
const TICK_MS = 1000;

/** The running dashboard: events change the model, the model is drawn, and what it wants done is done. */
export class Dashboard {
  private state: State;
  private readonly screen: DashboardScreen;
  private readonly boards: readonly BoardSource[];
  private readonly feeds: readonly BoardFeed[];
  /** By the board's place; undefined where there can be no Xen. */
  private readonly xens: readonly (XenFeed | undefined)[];
  private readonly logs = new AbortController();
  private readonly ticks: NodeJS.Timeout;
  private frame: NodeJS.Timeout | undefined;
  private frameDueMs = Infinity;
  private finish: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;
  /** Until the person leaves. Rejects with what is a bug. */
  readonly done: Promise<void>;

  /** Takes the terminal over, and draws the first frame before any board was asked. */
  constructor({ boards, intervalMs, isReadOnly, terminal }: DashboardOptions) {
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
    this.boards = boards;
    // A handful for each log that is waited for.
    setMaxListeners(0, this.logs.signal);
    const dispatch = (event: DashboardEvent) => this.dispatch(event);
    this.screen = new DashboardScreen(terminal, dispatch);
    const nowMs = Date.now();
    this.state = initialState({
      boards: boards.map(({ name, kernel, link }) => newBoard(name, link ? undefined : kernel.backend, nowMs)),
      columns: this.screen.columns,
      rows: this.screen.rows,
      nowMs,
      intervalMs,
      isReadOnly,
    });
    this.screen.draw(this.state);
    this.ticks = setInterval(() => this.dispatch({ kind: 'tick', nowMs: Date.now() }), TICK_MS);
    this.feeds = boards.map((board, index) => new BoardFeed(board, index, dispatch, intervalMs));
    for (const feed of this.feeds) feed.run().catch(this.fail);
    this.xens = boards.map(({ xen }, index) => xen && new XenFeed(xen, index, dispatch, intervalMs));
    for (const feed of this.xens) feed?.run().catch(this.fail);
    boards.forEach((board, index) => {
      const isEnabled = () => this.state.boards[index]?.sample?.status?.enabled ?? false;
      new LogFeed(board, index, dispatch, this.logs.signal, isEnabled).run().catch(this.fail);
    });
  }

  /** Gives the terminal back, and lets go of the boards. Calling it twice does nothing. */
  close(): void {
    clearInterval(this.ticks);
    clearTimeout(this.frame);
    this.screen.close();
    this.logs.abort();
    for (const feed of [...this.feeds, ...this.xens]) feed?.close();
    this.finish();
  }

  private dispatch(event: DashboardEvent): void {
    const { state, effects } = update(this.state, event);
    const isChanged = state !== this.state;
    this.state = state;
    for (const effect of effects) this.run(effect);
    if (isChanged) this.drawWithin(isTyped(event) ? 0 : FEED_FRAME_MS);
  }

  private drawWithin(delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    if (dueMs >= this.frameDueMs) return;
    clearTimeout(this.frame);
    this.frameDueMs = dueMs;
    this.frame = setTimeout(() => {
      this.frameDueMs = Infinity;
      this.screen.draw(this.state);
    }, delayMs);
  }

  private run(effect: Effect): void {
    switch (effect.kind) {
      case 'quit':
        return this.finish();
      case 'redraw':
        return this.screen.forget();
      case 'sampling':
        for (const feed of [...this.feeds, ...this.xens]) feed?.setSampling(effect.intervalMs, effect.isPaused);
        return;
      case 'console':
        this.xens.forEach((feed, index) =>
          feed?.follow(index === effect.console?.board ? effect.console.domain : undefined),
        );
        return;
      case 'type':
        return this.settle(this.type(effect));
      case 'list':
        return this.settle(this.list(effect.folder));
      case 'check':
        return this.settle(this.check(effect));
      case 'hand':
        return this.settle(this.hand(effect.board, effect.hand));
    }
  }

  /** Errors of ours were told as events; what is left is a bug. */
  private settle(work: Promise<void>): void {
    work.catch(this.fail);
  }

  private async list(folder: string): Promise<void> {
    try {
      this.dispatch({ kind: 'folder', folder, entries: await listFolder(folder) });
    } catch (error) {
      this.dispatch({ kind: 'folder-failed', folder, problem: problemOf(error).text });
    }
  }

  private async check({ board, purpose, path }: Extract<Effect, { kind: 'check' }>): Promise<void> {
    try {
      const running = this.state.boards[board]?.configs ?? new Map<number, never>();
      this.dispatch({ kind: 'checked', board, ...(await checkFile(purpose, path, running)) });
    } catch (error) {
      this.dispatch({ kind: 'failed', board, problem: problemOf(error) });
    }
  }

  private async type({ console: { board }, text }: Extract<Effect, { kind: 'type' }>): Promise<void> {
    try {
      await this.xens[board]?.type(text);
    } catch (error) {
      this.dispatch({ kind: 'failed', board, problem: problemOf(error) });
    }
  }

  private async hand(board: number, hand: Hand): Promise<void> {
    const source = this.boards[board];
    if (!source) return;
    try {
      if (hand.kind === 'domain') await this.xens[board]?.perform(hand);
      else await perform(source.jailhouse, hand);
      this.dispatch({ kind: 'hand-done', board, hand });
    } catch (error) {
      this.dispatch({ kind: 'failed', board, hand, problem: problemOf(error) });
    }
    this.feeds[board]?.refresh();
    this.xens[board]?.refresh();
  }
}

function isTyped({ kind }: DashboardEvent): boolean {
  return kind === 'key' || kind === 'click' || kind === 'wheel' || kind === 'resized';
}
