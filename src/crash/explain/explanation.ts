import type { CrashDump } from '../dump';
import type { Program } from '../program/program';
import type { SourceLines } from '../program/source-lines';
import type { CheckedCell } from '../../config/check/subject';
import type { World } from '../place/world';

/** A dump in words. */
export interface CrashExplanation {
  readonly dump: CrashDump;
  /** What happened, in one line. */
  readonly title: string;
  /** What there is to know, each with a word before it. */
  readonly facts: readonly Fact[];
  /** What to change, most likely first. */
  readonly remedies: readonly string[];
  /** What could not be told, and what would help. */
  readonly doubts: readonly string[];
}

export interface Fact {
  readonly label:
    'CPU' | 'trap' | 'access' | 'address' | 'owner' | 'code' | 'caller' | 'instruction' | 'stack' | 'config';
  readonly text: string;
}

/** What is known besides the dump. */
export interface Knowledge {
  readonly world: World;
  /** What ran in the cell. */
  readonly program?: Program | undefined;
  readonly sourceLines?: SourceLines | undefined;
}

/** One dump while it is being explained: each decoder adds what it knows. */
export class Draft {
  title: string | undefined;
  readonly facts: Fact[] = [];
  readonly remedies: string[] = [];
  readonly doubts: string[] = [];

  constructor(
    readonly dump: CrashDump,
    readonly knowledge: Knowledge,
    /** Config of the crashed cell. */
    readonly cell: CheckedCell | undefined,
  ) {}

  fact(label: Fact['label'], text: string): void {
    this.facts.push({ label, text });
  }

  remedy(text: string): void {
    this.remedies.push(text);
  }

  doubt(text: string): void {
    this.doubts.push(text);
  }
}
