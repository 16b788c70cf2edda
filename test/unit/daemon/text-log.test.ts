import { TextLog } from '../../../src/board/daemon/text-log';

test('keeps at least the newest half MiB, with offsets that go on', () => {
  const { log, append } = (() => {
    const textLog = new TextLog();
    return { log: textLog.log, append: (text: string) => textLog.append(Buffer.from(text)) };
  })();
  append('first line\n');
  expect(Buffer.from(log.read(0).bytes).toString()).toBe('first line\n');
  for (let index = 0; index < 3000; index++) append(`${index}`.padEnd(999) + '\n');
  const part = log.read(0);
  expect(part.start).toBeGreaterThan(0);
  const end = 11 + 3_000_000;
  expect(part.start).toBeLessThanOrEqual(end - 512 * 1024);
  expect(
    Buffer.from(log.read(end - 1000).bytes)
      .toString()
      .trimEnd(),
  ).toBe('2999');
  expect(log.read(end)).toMatchObject({ start: end, end });
  expect(log.read(end + 5)).toMatchObject({ start: end, end });
});
