import { isXenThere } from '../../../src/xen/present';
import { FakeKernel } from '../../support/fake-kernel';

const DEVICE = { '/dev/xen/privcmd': '' };

test.each([
  ['no Xen', {}, false],
  ['dom0', { ...DEVICE, '/proc/xen/capabilities': 'control_d\n' }, true],
  ['a guest', { ...DEVICE, '/proc/xen/capabilities': '' }, false],
  ['dom0 without xenfs, as far as can be told', DEVICE, true],
])('%s', async (_, files, isThere) => {
  expect(await isXenThere(new FakeKernel(files))).toBe(isThere);
});
