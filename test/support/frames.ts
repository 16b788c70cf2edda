import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../dashboard/frames');

/**
 * Compares a screen with a golden one in test/dashboard/frames. UPDATE_FRAMES=1 writes what there is now, for a person to
 * look at.
 */
export function expectFrame(screen: string, name: string): void {
  const path = join(root, `${name}.txt`);
  const text = `${screen
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
  if (process.env['UPDATE_FRAMES']) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : `(no ${path}: UPDATE_FRAMES=1 makes it)`);
}

/** What differs from run to run on a dashboard, and what stands for it in a golden frame. The width stays. */
const MASKS: readonly { readonly what: string; readonly pattern: RegExp; readonly mask: string }[] = [
  { what: 'uptime', pattern: /(?<=up )\d\d:\d\d:\d\d/g, mask: 'T' },
  { what: 'rate', pattern: /(?<= |^) *(?:\d+\.\d|\d{3,4}|\d+(?:\.\d)?k|-)(?=[ \n]|$)/g, mask: 'N' },
  { what: 'history', pattern: /[▁▂▃▄▅▆▇█]+(?=[ \n]|$)/g, mask: ' ' },
  { what: 'time in the kernel log', pattern: /(?<=\[ *)\d+\.\d{6}/g, mask: 'T' },
  { what: 'measured jitter', pattern: /(?<=(?:jitter|min|max):) +-?\d+(?= ns)/g, mask: 'N' },
];

/** Masks keep the width of what they stand for, so that columns that move are seen. */
export function maskFrame(screen: string): string {
  return MASKS.reduce(
    (text, { pattern, mask }) =>
      text.replace(pattern, (found) =>
        found.replace(/[^ .:]/g, mask).replace(/[.:]/g, (mark) => (mask === 'T' ? mark : mask)),
      ),
    screen,
  );
}
