import { deviceCounters } from '../../../../src/xen/watch/device-counters';
import { FakeKernel } from '../../../support/fake-kernel';

const NETWORK = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
vif3.0:    2048      20    1    2    0     0          0         0     4096      40    3    4    0     0       0          0
vif3.1:       1       2    0    0    0     0          0         0        3       4    0    0    0     0       0          0
xenbr0:    9999       9    0    0    0     0          0         0        9       9    0    0    0     0       0          0
`;

const disk = (name: string, values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([file, value]) => [`/sys/bus/xen-backend/devices/${name}/statistics/${file}`, value]),
  );

test('interfaces as dom0 sees them, disks, and nothing else', async () => {
  const kernel = new FakeKernel({
    '/proc/net/dev': NETWORK,
    ...disk('vbd-3-51728', { oo_req: '1\n', rd_req: '2\n', wr_req: '3\n', rd_sect: '4\n', wr_sect: '5\n' }),
    ...disk('vbd-3-51712', { oo_req: '0\n', rd_req: '0\n', wr_req: '0\n', rd_sect: '0\n', wr_sect: '0\n' }),
    // One that goes while it is read.
    ...disk('vbd-4-51712', { oo_req: '0\n', rd_req: '!ENODEV', wr_req: '0\n', rd_sect: '0\n', wr_sect: '0\n' }),
    ...disk('vif-3-0', { whatever: '1\n' }),
  });
  const { networks, disks } = await deviceCounters(kernel);
  expect([...networks.keys()]).toEqual([3]);
  expect(networks.get(3)).toEqual([
    {
      devid: 0,
      ...{ receivedBytes: 2048, receivedPackets: 20, receivedErrors: 1, receivedDrops: 2 },
      ...{ sentBytes: 4096, sentPackets: 40, sentErrors: 3, sentDrops: 4 },
    },
    expect.objectContaining({ devid: 1, receivedBytes: 1, sentBytes: 3 }),
  ]);
  expect([...disks]).toEqual([
    [
      3,
      [
        expect.objectContaining({ devid: 51712, reads: 0 }),
        { devid: 51728, outOfRequests: 1, reads: 2, writes: 3, readSectors: 4, writtenSectors: 5 },
      ],
    ],
  ]);
});

test('a kernel without backends has none', async () => {
  const { networks, disks } = await deviceCounters(new FakeKernel());
  expect([networks.size, disks.size]).toEqual([0, 0]);
});
