import { encodeText } from '../../../../src/abi/text';
import { parseOnlySelector, parseSelector } from '../../../../src/cli/jailhouse/selector';

test.each([
  [['1'], { id: 1 }],
  [['0x10'], { id: 16 }],
  [['010'], { id: 8 }],
  [[' +3'], { id: 3 }],
  [[''], { id: 0 }],
  [['4294967297'], { id: 1 }], // cut to 32 bits
  [['gic-demo'], { name: 'gic-demo' }],
  [['-1'], { name: '-1' }],
  [['4294967295'], { name: '4294967295' }], // -1 in 32 bits
  [['0x80000000'], { name: '0x80000000' }],
  [['1x'], { name: '1x' }],
  [['1 '], { name: '1 ' }],
  [['9223372036854775808'], { name: '9223372036854775808' }],
  [['0123456789012345678901234567890123456789'], { name: '0123456789012345678901234567890' }],
])('%j selects %j', (args, selector) => expect(parseSelector(args)).toEqual({ selector, taken: 1 }));

test.each([
  [['--name', '1'], { name: '1' }],
  [['--name', ''], { name: '' }],
  [['--name', '--name'], { name: '--name' }],
])('%j selects %j', (args, selector) => expect(parseSelector(args)).toEqual({ selector, taken: 2 }));

test('a name is cut to 31 bytes, not letters', () => {
  const name = 'é'.repeat(16);
  const parsed = parseSelector(['--name', name]);
  const kept = parsed && 'name' in parsed.selector ? encodeText(parsed.selector.name) : undefined;
  expect(kept).toEqual(encodeText(name).subarray(0, 31));
});

test('missing arguments select nothing', () => {
  expect(parseSelector([])).toBeUndefined();
  expect(parseSelector(['--name'])).toBeUndefined();
});

test('what follows the selector is counted', () => {
  expect(parseOnlySelector(['1', '2'])).toBeUndefined();
  expect(parseOnlySelector(['--name', 'x', 'y'])).toBeUndefined();
  expect(parseOnlySelector(['--name', 'x'])).toEqual({ name: 'x' });
});
