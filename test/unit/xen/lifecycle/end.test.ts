import { endOf, followUpOf } from '../../../../src/xen/lifecycle/end';

const SHUT_DOWN = 4;
const ACTIONS = {
  poweroff: 'destroy',
  reboot: 'restart',
  watchdog: 'coredump-restart',
  crash: 'preserve',
  softReset: 'soft-reset',
} as const;

test.each([
  [undefined, 'destroyed'],
  // The board's own: a running domain 0, and a paused guest (xen-abi reference 5).
  [0xffff0122, undefined],
  [0xffff010a, undefined],
  [0xffff0101, 'destroyed'],
  [(0 << 16) | SHUT_DOWN, 'poweroff'],
  [(1 << 16) | SHUT_DOWN, 'reboot'],
  [(2 << 16) | SHUT_DOWN, 'suspend'],
  [(3 << 16) | SHUT_DOWN, 'crash'],
  [(4 << 16) | SHUT_DOWN, 'watchdog'],
  [(5 << 16) | SHUT_DOWN, 'soft_reset'],
  [(9 << 16) | SHUT_DOWN, 'crash'],
  // Dying counts more than why it was shut down.
  [(1 << 16) | SHUT_DOWN | 1, 'destroyed'],
])('flags %p: %s', (flags, end) => expect(endOf(flags === undefined ? undefined : { flags })).toBe(end));

test.each([
  ['poweroff', { dumpsCore: false, oldDomain: 'destroy', createsNew: false }],
  ['reboot', { dumpsCore: false, oldDomain: 'destroy', createsNew: true }],
  ['watchdog', { dumpsCore: true, oldDomain: 'destroy', createsNew: true }],
  ['crash', { dumpsCore: false, oldDomain: 'preserve', createsNew: false }],
  ['soft_reset', { dumpsCore: false, oldDomain: 'soft-reset', createsNew: false }],
  ['destroyed', undefined],
  ['suspend', undefined],
] as const)('%s', (end, followUp) => expect(followUpOf(end, ACTIONS)).toEqual(followUp));

test('rename-restart keeps the old domain under another name', () =>
  expect(followUpOf('crash', { ...ACTIONS, crash: 'rename-restart' })).toEqual({
    dumpsCore: false,
    oldDomain: 'rename',
    createsNew: true,
  }));
