import type { Backend, BoardSample, Connection, KnownConfig, LinkView } from './board';
import type { Problem } from './problem';
import type { FolderEntry } from './dialog';
import type { ConsoleRef, XenFigures } from './domain';
import type { Hand } from './hand';
import type { Pane } from './state';

/** A key as the table of keys names it. */
export interface Key {
  /** `j`, `G`, `/`, or `up`, `enter`, `space`, `ctrl-d`, `shift-tab`. */
  readonly name: string;
  /** What it types, where it types something. */
  readonly text: string | undefined;
  /** What the terminal sent for it: for a console that takes every key. */
  readonly sequence?: string | undefined;
}

/** Everything that can change the model. `board` is the place of a board in the list. */
export type DashboardEvent =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'click'; readonly pane: Pane | 'dialog'; readonly row: number; readonly column: number }
  | { readonly kind: 'wheel'; readonly pane: Pane | 'dialog'; readonly rows: number }
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly nowMs: number }
  | { readonly kind: 'sampled'; readonly board: number; readonly sample: BoardSample }
  | { readonly kind: 'connection'; readonly board: number; readonly connection: Connection }
  /** Of a board on another machine; `backend`: when it says what answers there. */
  | { readonly kind: 'link'; readonly board: number; readonly link: LinkView; readonly backend: Backend | undefined }
  | { readonly kind: 'configs'; readonly board: number; readonly configs: ReadonlyMap<number, KnownConfig> }
  | { readonly kind: 'logged'; readonly board: number; readonly log: string; readonly text: string }
  /** A log begins anew, or is seen for the first time. */
  | { readonly kind: 'log-opened'; readonly board: number; readonly log: string }
  /** Xen runs on the board: nothing more is known yet. */
  | { readonly kind: 'xen-found'; readonly board: number }
  | { readonly kind: 'xen-sampled'; readonly board: number; readonly figures: XenFigures }
  | { readonly kind: 'xen-failed'; readonly board: number; readonly problem: Problem }
  | { readonly kind: 'console-text'; readonly console: ConsoleRef; readonly text: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly entries: readonly FolderEntry[] }
  | { readonly kind: 'folder-failed'; readonly folder: string; readonly problem: string }
  /** A config was read and checked; `details` are the findings. */
  | {
      readonly kind: 'checked';
      readonly board: number;
      readonly hand: Hand;
      readonly question: string;
      readonly details: readonly string[];
    }
  | { readonly kind: 'hand-done'; readonly board: number; readonly hand: Hand }
  | { readonly kind: 'failed'; readonly board: number; readonly hand?: Hand; readonly problem: Problem };

/** What the model wants done. Who does it answers with events. */
export type Effect =
  | { readonly kind: 'hand'; readonly board: number; readonly hand: Hand }
  | { readonly kind: 'check'; readonly board: number; readonly purpose: 'create' | 'enable'; readonly path: string }
  | { readonly kind: 'list'; readonly folder: string }
  | { readonly kind: 'sampling'; readonly intervalMs: number; readonly isPaused: boolean }
  /** The console that is looked at from now on, and no other. */
  | { readonly kind: 'console'; readonly console: ConsoleRef | undefined }
  | { readonly kind: 'type'; readonly console: ConsoleRef; readonly text: string }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'quit' };

export interface Step<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
}
