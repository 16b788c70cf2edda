import type { Hand, Target } from './hand';

/** For which a file is picked. */
export type PickPurpose =
  { readonly kind: 'load'; readonly cell: Target } | { readonly kind: 'create' } | { readonly kind: 'enable' };

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

export interface PickerDialog {
  readonly kind: 'picker';
  readonly purpose: PickPurpose;
  readonly folder: string;
  /** Undefined until it was read. */
  readonly entries: readonly FolderEntry[] | undefined;
  readonly index: number;
  /** Why the folder cannot be read. */
  readonly problem?: string | undefined;
}

export interface ConfirmDialog {
  readonly kind: 'confirm';
  readonly question: string;
  /** What is to be known before one answers, such as the findings of the config checker. */
  readonly details: readonly string[];
  readonly top: number;
  readonly hand: Hand;
  /** Id of the board, by its place in the list. */
  readonly board: number;
}

export interface InputDialog {
  readonly kind: 'input';
  readonly purpose: 'filter' | 'command';
  readonly text: string;
  /** The filter from before, which Esc brings back. */
  readonly before: string;
}

export interface HelpDialog {
  readonly kind: 'help';
  readonly top: number;
}

/** What is in front of the panes, and has the keys. */
export type Dialog = PickerDialog | ConfirmDialog | InputDialog | HelpDialog;
