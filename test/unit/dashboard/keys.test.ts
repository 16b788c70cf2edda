import { helpPage } from '../../../src/dashboard/model/help-page';
import { keyOf } from '../../../src/dashboard/keys/names';
import { actionOf, BINDINGS } from '../../../src/dashboard/keys/table';
import { shownKeys } from '../../../src/dashboard/keys/help';
import type { Place } from '../../../src/dashboard/keys/table';

const PLACES = [...new Set(BINDINGS.map(({ place }) => place))];

test('no key means two things at one place', () => {
  for (const place of PLACES) {
    const keys = BINDINGS.filter((one) => one.place === place).flatMap((one) => one.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }
});

test('every hand is gone when one may only look, and nothing else is', () => {
  for (const { keys, place, action, isHand } of BINDINGS) {
    const where: Place = place === 'panes' ? 'log' : place;
    for (const key of keys) expect(actionOf(key, where, true) === action).toBe(isHand !== true || shadowed(key, where));
  }
});

/** A key of all panes that the log pane uses for itself, or none. */
function shadowed(key: string, place: Place): boolean {
  return BINDINGS.some((one) => one.place === place && one.keys.includes(key) && !one.isHand);
}

test('a pane’s own keys come first', () => {
  expect(actionOf('left', 'log', false)).toBe('previous-log');
  expect(actionOf('left', 'cells', false)).toBe('left');
  expect(actionOf('q', 'cells', false)).toBe('quit');
  expect(actionOf('q', 'help', false)).toBe('back');
  expect(actionOf('q', 'input', false)).toBeUndefined();
  expect(actionOf('r', 'log', false)).toBeUndefined();
});

test('the page of keys has every key', () => {
  const page = helpPage(false);
  for (const { help } of BINDINGS.filter(({ place }) => place !== 'help' && place !== 'input')) {
    expect(page.map(({ text }) => text)).toContain(help);
  }
  expect(page.map(({ keys }) => keys)).toContain('Ctrl-D');
  expect(helpPage(true).map(({ keys }) => keys)).not.toContain('Ctrl-D');
});

test('the bottom line begins with what the pane has', () => {
  expect(shownKeys('cells', false)[0]).toEqual({ key: 'r', label: 'run' });
  expect(shownKeys('cells', true)[0]).toEqual({ key: '?', label: 'help' });
  expect(shownKeys('confirm', false)).toEqual([
    { key: 'y', label: 'yes' },
    { key: 'n', label: 'no' },
  ]);
});

test.each([
  ['j', { name: 'j', full: 'j' }, 'j'],
  ['G', { name: 'g', full: 'S-g' }, 'G'],
  ['/', { full: '/' }, '/'],
  [' ', { name: 'space', full: 'space' }, 'space'],
  ['\x04', { name: 'd', full: 'C-d', ctrl: true }, 'ctrl-d'],
  ['\r', { name: 'enter', full: 'enter' }, 'enter'],
  ['\r', { name: 'return', full: 'return' }, undefined],
  ['\n', { name: 'linefeed', full: 'linefeed' }, 'enter'],
  [undefined, { name: 'up', full: 'up' }, 'up'],
  [undefined, { name: 'tab', full: 'S-tab' }, 'shift-tab'],
  ['\x1b', { name: 'escape', full: 'escape' }, 'escape'],
  ['\x1d', { full: '\x1d' }, 'ctrl-]'],
  ['\x7f', { name: 'backspace', full: 'backspace' }, 'backspace'],
])('blessed’s %j %j is %s', (character, press, name) => {
  expect(keyOf(character, press)?.name).toBe(name);
});
