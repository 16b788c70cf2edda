import { vdevName, vdevNumber } from '../../../../src/xen/devices/vdev';

// xen-vbd-interface(7), "Concrete encoding in the VBD interface".
test.each([
  ['xvda', 51712],
  ['xvda1', 51713],
  ['xvdb', 51728],
  ['xvdp15', 51967],
  ['xvdq', (1 << 28) | (16 << 8)],
  ['xvda16', (1 << 28) | 16],
  ['xvdaa', (1 << 28) | (26 << 8)],
  ['sda', 2048],
  ['sdp1', 2289],
  ['hda', 768],
  ['hdb2', 834],
  ['hdc', 5632],
  ['hdd1', 5697],
])('%s is %i, and back', (name, number) => {
  expect(vdevNumber(name)).toBe(number);
  expect(vdevName(number)).toBe(name);
});

test.each([
  ['d0', 51712],
  ['d2p1', 51745],
  ['51712', 51712],
  ['0xca00', 51712],
])('%s is %i', (name, number) => expect(vdevNumber(name)).toBe(number));

test.each(['', 'zzz', 'xvd', 'xvdA', 'sdq', 'hde', 'hda64', 'xvda256', 'xvda-1', '99999999999', 'd1p', 'd0p256'])(
  '%j is no disk',
  (name) => expect(vdevNumber(name)).toBeUndefined(),
);

test('a number of no known kind is its own name', () => expect(vdevName(9 << 8)).toBe('2304'));
