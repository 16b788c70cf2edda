import { CellvisorError } from '../errors';
import type { ErrorDetails } from '../errors';

/** What is wrong, for programs that compare. The texts of the errors say where. */
export type FdtErrorCode =
  /** Not a device tree: the magic number is missing. */
  | 'E_FDT_MAGIC'
  /** A format version that this reader does not know (it knows 16 and 17, and what says that it is compatible). */
  | 'E_FDT_VERSION'
  /** Fewer bytes than the header or a token announces. */
  | 'E_FDT_TRUNCATED'
  /** The header's sizes and offsets do not fit together. */
  | 'E_FDT_HEADER'
  | 'E_FDT_RESERVATION'
  /** Tokens of the structure block in an order that is no tree. */
  | 'E_FDT_STRUCTURE'
  /** A name of a node or property that is missing, too long, or not printable ASCII. */
  | 'E_FDT_NAME'
  | 'E_FDT_DUPLICATE'
  /** More levels of nodes than Linux accepts. */
  | 'E_FDT_DEPTH'
  /** A property is not what was asked for: a wrong length, no string, a number that does not fit. */
  | 'E_FDT_VALUE'
  | 'E_FDT_NOT_FOUND'
  /** A phandle that no node has, or none left to give. */
  | 'E_FDT_PHANDLE'
  /** An overlay refers to a symbol that the base tree does not have. */
  | 'E_FDT_OVERLAY_SYMBOL'
  /** A fragment's target is missing or not in the base tree. */
  | 'E_FDT_OVERLAY_TARGET'
  /** An overlay's fixup tables do not fit the overlay. */
  | 'E_FDT_OVERLAY_FIXUP';

export interface FdtErrorDetails extends Omit<ErrorDetails, 'code'> {
  readonly code: FdtErrorCode;
  /** Byte offset within the device tree blob; absent where the error is about a tree that was built or edited. */
  readonly offset?: number | undefined;
}

/** A device tree, or what was asked of one, is wrong. */
export class FdtError extends CellvisorError {
  declare readonly code: FdtErrorCode;
  readonly offset: number | undefined;

  /** The message ends with the offset where there is one. */
  constructor(message: string, details: FdtErrorDetails) {
    const text = printable(message);
    super(details.offset === undefined ? text : `${text} (at byte ${details.offset})`, details);
    this.offset = details.offset;
  }
}

/** Strings of a hostile tree are quoted in messages, and no terminal may obey them. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
