/** A line of a log without what recorders and terminals add. */
export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** Console bytes that were lost just before this line: it may begin anywhere. */
  readonly missedBefore: number;
}

const MISSED = /<missed (\d{1,10}) bytes of console log>/;
/** Colours and cursor movements of terminals. */
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g;
/** `[   12.345678] `: what Linux prints. */
const KERNEL_STAMP = /\[ *\d{1,10}\.\d{6}\] ?/;
/** Times that serial recorders put before each line: `[10:00:01.123] `, `[2026-11-23 10:00:01] `, `[12.345 0.001] `. */
const RECORDER_STAMP =
  /^\[?(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ :] ?|^\[ *\d+\.\d+ +\d+\.\d+\] ?/;

/**
 * The lines that the hypervisor may have written. Releases end lines in either order (`\n\r`, `\r\n`) and terminals add to
 * that; messages of Linux, which shares the wire, are taken out, also from within a line.
 */
export function logLines(log: string): LogLine[] {
  const lines: LogLine[] = [];
  let missedBefore = 0;
  /** Start of a line that Linux broke off. */
  let broken: { number: number; text: string; missedBefore: number } | undefined;
  log
    .replaceAll(ESCAPES, '')
    .replaceAll('\0', '')
    .replace(/\r*\n\r*/g, '\n')
    .replaceAll('\r', '\n')
    .split('\n')
    .forEach((raw, index) => {
      const put = (text: string) => {
        if (broken) {
          lines.push({ ...broken, text: broken.text + text });
          broken = undefined;
        } else {
          lines.push({ number: index + 1, text, missedBefore });
          missedBefore = 0;
        }
      };
      let rest = raw.replace(RECORDER_STAMP, '');
      for (let mark = MISSED.exec(rest); mark; mark = MISSED.exec(rest)) {
        if (mark.index > 0 || broken) {
          put(rest.slice(0, mark.index));
        }
        missedBefore += Number(mark[1]);
        rest = rest.slice(mark.index + mark[0].length);
        if (rest === '') {
          return;
        }
      }
      const stamp = KERNEL_STAMP.exec(rest);
      if (!stamp) {
        put(rest);
      } else if (stamp.index > 0 && !broken) {
        broken = { number: index + 1, text: rest.slice(0, stamp.index), missedBefore };
        missedBefore = 0;
      }
    });
  if (broken) {
    lines.push(broken);
  }
  return lines;
}
