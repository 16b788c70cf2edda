import Box from 'blessed/lib/widgets/box';
import { keyOf } from '../keys/names';
import { layoutOf } from '../model/layout';
import { PANES } from '../model/state';
import { openScreen, shownText } from './blessed-screen';
import { drawDialog } from './dialogs/dialog';
import { glyphsOf } from './glyphs';
import { fit } from './line';
import { boardLines } from './panes/boards';
import { cellLines } from './panes/cells';
import { cpuLine } from './panes/cpus';
import { consoleLines } from './panes/consoles';
import { detailLines } from './panes/detail';
import { domainLines } from './panes/domains';
import { footerLine, messageLines } from './panes/footer';
import { headerLines } from './panes/header';
import { logLines } from './panes/logs';
import { paint } from './theme';
import type { Widgets } from 'blessed';
import type { DashboardEvent } from '../model/events';
import type { Rect } from '../model/layout';
import type { Pane, State } from '../model/state';
import type { TerminalOptions } from './blessed-screen';
import type { Glyphs } from './glyphs';
import type { Line } from './line';
import type { Paper } from './paper';
import type { Theme } from './theme';

type Part = Pane | 'header' | 'cpus' | 'message' | 'footer' | 'dialog';

const PAINTERS: Readonly<Record<Pane, (state: State, paper: Paper) => Line[]>> = {
  boards: boardLines,
  cells: cellLines,
  domains: domainLines,
  detail: detailLines,
  log: logLines,
  console: consoleLines,
};

/** Every part, from the back to the front. */
const PARTS: readonly Part[] = ['header', 'cpus', ...PANES, 'message', 'footer', 'dialog'];
/** How far the wheel turns a pane. */
const WHEEL_ROWS = 3;

/** The model on a terminal: a blessed box a part. It takes the terminal over when it is made, and gives it back with `close`. */
export class DashboardScreen {
  readonly glyphs: Glyphs;
  private readonly screen: Widgets.Screen;
  private readonly theme: Theme;
  private readonly boxes: ReadonlyMap<Part, Widgets.BoxElement>;
  private isClosed = false;

  constructor(options: TerminalOptions, onEvent: (event: DashboardEvent) => void) {
    this.glyphs = glyphsOf(options.isUtf8);
    const { screen, theme } = openScreen(options);
    this.screen = screen;
    this.theme = theme;
    this.boxes = new Map(PARTS.map((part) => [part, this.box(part, onEvent)]));
    this.screen.on('keypress', (character: string | undefined, press: Widgets.Events.IKeyEventArg) => {
      const key = keyOf(character, press);
      if (key) onEvent({ kind: 'key', key });
    });
    this.screen.on('resize', () => onEvent({ kind: 'resized', columns: this.columns, rows: this.rows }));
  }

  get columns(): number {
    return this.screen.width as number;
  }

  get rows(): number {
    return this.screen.height as number;
  }

  draw(state: State): void {
    if (this.isClosed) return;
    const layout = layoutOf(state);
    this.put('header', layout.header, (paper) => headerLines(state, paper));
    this.put('cpus', layout.cpus, (paper) => [cpuLine(state, paper)]);
    for (const pane of PANES) this.put(pane, layout.panes[pane], (paper) => PAINTERS[pane](state, paper));
    this.put('message', layout.message, () => messageLines(state));
    this.put('footer', layout.footer, () => [footerLine(state)]);
    const dialog = drawDialog(state, this.glyphs);
    this.put('dialog', dialog?.rect, () => [...(dialog?.lines ?? [])]);
    this.screen.render();
  }

  /** Forgets what the terminal shows: the next picture is sent whole. */
  forget(): void {
    this.screen.realloc();
  }

  /** What is shown, row by row: for tests. */
  text(): string[] {
    return shownText(this.screen);
  }

  /** Gives the terminal back. Calling it twice does nothing. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.screen.destroy();
  }

  private box(part: Part, onEvent: (event: DashboardEvent) => void): Widgets.BoxElement {
    const box = new Box({ parent: this.screen, top: 0, left: 0, width: 1, height: 1, hidden: true, wrap: false });
    if (part === 'header' || part === 'cpus' || part === 'message' || part === 'footer') return box;
    box.on('mousedown', ({ x, y }: { x: number; y: number }) => {
      const [left, top] = [box.aleft as number, box.atop as number];
      onEvent({ kind: 'click', pane: part, row: y - top, column: x - left });
    });
    box.on('wheelup', () => onEvent({ kind: 'wheel', pane: part, rows: -WHEEL_ROWS }));
    box.on('wheeldown', () => onEvent({ kind: 'wheel', pane: part, rows: WHEEL_ROWS }));
    return box;
  }

  private put(part: Part, rect: Rect | undefined, linesOn: (paper: Paper) => readonly Line[]): void {
    const box = this.boxes.get(part);
    if (!box) return;
    if (!rect || rect.rows <= 0 || rect.columns <= 0) {
      box.hidden = true;
      return;
    }
    const { top, left, columns, rows } = rect;
    const lines = linesOn({ columns, rows, glyphs: this.glyphs });
    box.hidden = false;
    Object.assign(box, { top, left, width: columns, height: rows });
    const content = Array.from({ length: rows }, (_, row) => paint(fit(lines[row] ?? [], columns), this.theme)).join(
      '\n',
    );
    if (content !== box.content) box.setContent(content);
  }
}
