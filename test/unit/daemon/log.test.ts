import { Log } from '../../../src/board/daemon/log';

/** A log of bytes, of which only the newest `keptBytes` are kept. */
function growingLog(keptBytes: number) {
  let content = Buffer.alloc(0);
  const log = new Log((from) => {
    const start = Math.max(from, content.length - keptBytes);
    return { start: Math.min(start, content.length), end: content.length, bytes: content.subarray(start) };
  });
  const append = (text: string, nowMs = 0) => {
    content = Buffer.concat([content, Buffer.from(text)]);
    log.grew(content.length, nowMs);
  };
  return { log, append };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('a part begins where asked, or where the oldest byte is', () => {
  const { log, append } = growingLog(4);
  append('abcdef');
  expect(log.read(4)).toMatchObject({ start: 4, end: 6 });
  expect(log.read(0)).toMatchObject({ start: 2, end: 6 });
  expect(text(log.read(0).bytes)).toBe('cdef');
});

test('a long log comes in parts that join without a gap', () => {
  const { log, append } = growingLog(1e9);
  append('x'.repeat(2_500_000));
  const sizes = [];
  for (let from = 0; ;) {
    const part = log.read(from);
    if (part.bytes.length === 0) break;
    expect(part.start).toBe(from);
    expect(part.end).toBe(from + part.bytes.length);
    from = part.end;
    sizes.push(part.bytes.length);
  }
  expect(sizes.reduce((a, b) => a + b)).toBe(2_500_000);
  expect(sizes.length).toBeGreaterThan(1);
});

test('a reader waits for growth, and every waiting reader is woken', async () => {
  const { log, append } = growingLog(100);
  const { signal } = new AbortController();
  const readers = [log.readNext(0, signal), log.readNext(0, signal)];
  append('hi');
  expect((await Promise.all(readers)).map((part) => text(part.bytes))).toEqual(['hi', 'hi']);
});

test('a waiting reader is interrupted by its signal', async () => {
  const { log } = growingLog(100);
  const controller = new AbortController();
  const reader = log.readNext(0, controller.signal);
  controller.abort();
  await expect(reader).rejects.toMatchObject({ errno: 'EINTR' });
});

test('what came since a time', () => {
  const { log, append } = growingLog(100);
  append('old', 1000);
  append('new', 5000);
  expect(log.offsetAt(0)).toBe(0);
  expect(log.offsetAt(1001)).toBe(3);
  expect(log.offsetAt(5000)).toBe(3);
  expect(log.offsetAt(5001)).toBe(6);
});

test('times are remembered within a bound', () => {
  const { log, append } = growingLog(10);
  for (let line = 0; line < 10_000; line++) append('x', line * 100);
  expect(log.offsetAt(9_999 * 100)).toBe(9_999);
  expect(log.offsetAt(0)).toBe(10_000 - 4096);
});
