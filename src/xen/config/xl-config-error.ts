import { CellvisorError } from '../../errors';

/** What is wrong with a configuration, for programs that compare. */
export type XlConfigErrorCode =
  /** The text does not follow the grammar. */
  | 'E_XLCFG_SYNTAX'
  /** A key's value means nothing, or keys do not fit together. */
  | 'E_XLCFG_VALUE'
  /** A word that is none of those that Xen knows for this key: the C tool ends with another code then. */
  | 'E_XLCFG_CHOICE'
  /** A key that must be there is not. */
  | 'E_XLCFG_MISSING';

export interface XlConfigErrorDetails {
  readonly code: XlConfigErrorCode;
  /** 1-based; absent where no single line is to blame. */
  readonly line?: number | undefined;
  readonly key?: string | undefined;
  readonly hint?: string | undefined;
}

/** An xl.cfg is wrong. The message is the C tool's, and may have several lines when there are several syntax errors. */
export class XlConfigError extends CellvisorError {
  declare readonly code: XlConfigErrorCode;
  readonly line: number | undefined;
  readonly key: string | undefined;

  constructor(message: string, { code, line, key, hint }: XlConfigErrorDetails) {
    super(message, { code, operation: 'read domain configuration', hint });
    this.line = line;
    this.key = key;
  }
}

/** The value of a key is wrong. */
export function badValue(message: string, key: string, line: number, hint?: string): XlConfigError {
  return new XlConfigError(message, { code: 'E_XLCFG_VALUE', key, line, hint });
}
