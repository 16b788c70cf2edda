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
    grown.push(written(isOpen ? (grown.pop() ?? '') : '', part));
    isOpen = false;
  };
  parts.forEach(put);
  if (last !== '') {
    put(last);
    isOpen = true;
  }
  return { lines: grown.length > LIMIT_LINES ? grown.slice(-LIMIT_LINES) : grown, isOpen };
}

/** A line with more written to it. A backspace takes the last character away: how consoles show that something was deleted. */
function written(line: string, text: string): string {
  return text.split('\b').reduce((so, part, index) => (index === 0 ? so : so.slice(0, -1)) + showable(part), line);
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
