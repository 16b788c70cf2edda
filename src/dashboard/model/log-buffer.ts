/** More than anybody scrolls back; the whole text is in the board's own logs. */
const LIMIT_LINES = 2000;
const TAB = '    ';

/** The end of a text that grows, as lines that can be shown: no control characters, one column a character. */
export interface LogBuffer {
  readonly lines: readonly string[];
  /** The last line has not ended yet. */
  readonly isOpen: boolean;
}

export const EMPTY_LOG: LogBuffer = { lines: [], isOpen: false };

/** @param text may begin and end within a line */
export function appendLog({ lines, isOpen }: LogBuffer, text: string): LogBuffer {
  const parts = text.replaceAll('\r\n', '\n').split('\n');
  const last = parts.pop() ?? '';
  const grown = [...lines];
  const put = (part: string) => {
    if (isOpen) grown.push(grown.pop() + part);
    else grown.push(part);
    isOpen = false;
  };
  parts.forEach((part) => put(showable(part)));
  if (last !== '') {
    put(showable(last));
    isOpen = true;
  }
  return { lines: grown.length > LIMIT_LINES ? grown.slice(-LIMIT_LINES) : grown, isOpen };
}

/**
 * Foreign text as one that cannot change the screen: escape sequences are left out, and what is no printable ASCII
 * character stands as a question mark.
 */
export function showable(text: string): string {
  return text

    .replace(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g, '')
    .replaceAll('\t', TAB)

    .replace(/[\x00-\x1f\x7f]/g, '')
    .replace(/[^ -~]/gu, '?');
}
