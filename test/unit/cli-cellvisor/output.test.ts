import { Output } from '../../../src/cli/cellvisor/try/output';

function outputFor(...wanted: string[]) {
  let shown = '';
  const output = new Output(wanted, (text) => (shown += text));
  return { output, add: (text: string) => output.add(Buffer.from(text)), shown: () => shown };
}

test('shows all that comes while nothing is wanted, or not all of it came', () => {
  const nothing = outputFor();
  nothing.add('a\nb');
  expect(nothing.shown()).toBe('a\nb');
  expect(nothing.output.isComplete).toBe(false);
  const wanting = outputFor('x', 'y');
  wanting.add('x\nz\n');
  expect(wanting.shown()).toBe('x\nz\n');
  expect(wanting.output.missing).toEqual(['y']);
});

test('ends with the line of the last wanted text, however the output is cut into pieces', () => {
  const text = 'boot\nTimer fired\nready: yes\nmore\nmore\n';
  for (const size of [1, 3, 7, 100]) {
    const { output, add, shown } = outputFor('ready', 'fired');
    for (let at = 0; at < text.length; at += size) add(text.slice(at, at + size));
    expect(output.isComplete).toBe(true);
    expect(shown()).toBe('boot\nTimer fired\nready: yes\n');
    expect(output.shown).toBe(shown());
  }
});

test('waits for the end of the line', () => {
  const { output, add, shown } = outputFor('fired');
  add('Timer fired, jit');
  expect(output.isComplete).toBe(false);
  expect(output.missing).toEqual([]);
  add('ter 0\nnext');
  expect(output.isComplete).toBe(true);
  expect(shown()).toBe('Timer fired, jitter 0\n');
});

test('a character of several bytes may be cut', () => {
  const bytes = Buffer.from('grün\n');
  let shown = '';
  const output = new Output(['ü'], (text) => (shown += text));
  output.add(bytes.subarray(0, 3));
  output.add(bytes.subarray(3));
  expect(shown).toBe('grün\n');
});

test('a text that is wanted twice is there once it came', () => {
  const { output, add } = outputFor('a', 'a');
  add('a\n');
  expect(output.isComplete).toBe(true);
});
