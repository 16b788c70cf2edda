import { readLiveTree } from '../../../src/live/device-tree';
import { FakeKernel } from '../../support/fake-kernel';

test('nodes come in the order of their unit addresses as numbers, whatever the order of the folder: CPUs are counted by it', async () => {
  const names = ['cpu@100', 'cpu@2', 'l2-cache', 'cpu@101', 'cpu@0', 'cpu@1', 'cpu@3'];
  const files = Object.fromEntries(names.map((name) => [`/proc/device-tree/cpus/${name}/device_type`, 'cpu\0']));
  const tree = await readLiveTree(new FakeKernel({ ...files, '/proc/device-tree/cpus/name': 'cpus\0' }));
  expect([...tree.get('/cpus').children].map(({ name }) => name)).toEqual([
    ...['cpu@0', 'cpu@1', 'cpu@2', 'cpu@3', 'cpu@100', 'cpu@101', 'l2-cache'],
  ]);
  expect([...tree.get('/cpus').properties]).toEqual([]);
});
