import { domainAt } from '../../../../support/domains';
import type { Shown } from '../../../../../src/cli/xl/top/lines';
import type { TopSample } from '../../../../../src/cli/xl/top/sample';

export const NOTHING_MORE: Shown = {
  networks: false,
  disks: false,
  vcpus: false,
  repeatsHeader: false,
  fullNames: false,
  domain0First: false,
  sort: undefined,
};

const NET = { sentPackets: 20, receivedPackets: 40, sentErrors: 1, receivedErrors: 3, sentDrops: 2, receivedDrops: 4 };
const DISK = { outOfRequests: 1, reads: 20, writes: 300, readSectors: 4000, writtenSectors: 50_000 };

/** Three domains, one of each kind that matters. */
export function topSample(changes: Partial<TopSample> = {}): TopSample {
  return {
    takenAtMs: new Date(2026, 0, 1, 12, 34, 56).getTime(),
    clockMs: 1000,
    version: '4.17.3',
    cpuCount: 2,
    cpuKhz: 62_500,
    memoryKib: 1_310_720,
    freeKib: 393_216,
    domains: [
      domainAt(0, {
        name: 'Domain-0',
        isRunning: true,
        cpuTimeSeconds: 12.9,
        memoryKib: 655_360,
        maxMemoryKib: 0xffff_ffff * 4,
        onlineVcpus: 2,
      }),
      domainAt(1, { name: 'a-domain-with-a-long-name', isBlocked: true, cpuTimeSeconds: 123_456.7 }),
      domainAt(4, { name: undefined, isShutDown: true, shutdownReason: 'crash', isPaused: true }),
    ],
    cpuPercents: new Map([
      [0, 3.14],
      [1, 150],
    ]),
    devices: {
      networks: new Map([[1, [{ ...NET, devid: 0, sentBytes: 2048, receivedBytes: 4_096_000 }]]]),
      disks: new Map([
        [
          1,
          [
            { ...DISK, devid: 51712 },
            { ...DISK, devid: 51728 },
          ],
        ],
      ]),
    },
    vcpuSeconds: new Map([[0, new Map([[0, 8.25], [1, 4.65]])]]), // prettier-ignore
    ...changes,
  };
}
