import { XEN_DIALECTS } from '../../../src/abi/xen/dialects/releases';
import { destroyDomain, pauseDomain, unpauseDomain } from '../../../src/abi/xen/domctl/domain';
import { HYPERCALL } from '../../../src/abi/xen/hypercall';
import { PHYSINFO } from '../../../src/abi/xen/sysctl/host';
import { getDomainInfoList } from '../../../src/abi/xen/sysctl/domains';
import { connectXen } from '../../../src/dashboard/xen';
import { FakeXenstored } from '../../support/fake-xenstored';
import { fakeXen } from '../xen/fake-xen';
import type { DomainInfo } from '../../../src/abi/xen/domctl/domain';
import type { DomainHand } from '../../../src/dashboard/model/hand';
import type { XenSource } from '../../../src/dashboard/source';
import type { SeenCall } from '../xen/fake-xen';

/** What the dashboard asks of Xen, down to the hypercalls and to xenstore. */
const EINVAL = 22;
const ESRCH = 3;
const BLOCKED = 1 << 4;
/** None of a Xen that this may run on: what is kept of it in files is removed with it. */
const GUEST = 31_999;
const dialect = XEN_DIALECTS.find(({ name }) => name === '4.17') as (typeof XEN_DIALECTS)[number];

let store: FakeXenstored;
let source: XenSource;
let calls: string[];
let ids: number[];
const { XENSTORED_PATH } = process.env;

beforeEach(async () => {
  store = await FakeXenstored.start();
  store.write('/local/domain/0/name', 'Domain-0');
  store.write('/local/domain/31999/name', 'web');
  store.write('/libxl/31999/type', 'pvh');
  process.env['XENSTORED_PATH'] = store.socketPath;
  calls = [];
  ids = [0, GUEST];
  source = await connectXen(fakeXen(answer));
});
afterEach(async () => {
  await source.close();
  await store.stop();
  if (XENSTORED_PATH === undefined) delete process.env['XENSTORED_PATH'];
  else process.env['XENSTORED_PATH'] = XENSTORED_PATH;
});

function answer(call: SeenCall): number {
  if (call.op === HYPERCALL.xen_version && call.words[0] === 0n) return (4 << 16) | 17;
  const struct = call.argument(0);
  if (struct === undefined) return -EINVAL;
  const view = new DataView(struct.buffer.buffer, struct.buffer.byteOffset, struct.buffer.length);
  const command = view.getUint32(0, true);
  if (call.op === HYPERCALL.domctl) {
    const domain = view.getUint16(8, true);
    const named = [pauseDomain, unpauseDomain, destroyDomain].find(({ number }) => number === command);
    if (named === undefined || !ids.includes(domain)) return -ESRCH;
    calls.push(`${named.name} ${domain}`);
    if (named === destroyDomain) ids = ids.filter((id) => id !== domain);
    return 0;
  }
  if (call.op !== HYPERCALL.sysctl) return -EINVAL;
  if (command === PHYSINFO) {
    const numbers = { threadsPerCore: 1, coresPerSocket: 1, cpuCount: 2, maxCpuId: 1, nodeCount: 1, maxNodeId: 0 };
    const pages = { totalPages: 1000n, freePages: 100n, scrubPages: 50n, outstandingPages: 0n, maxFrame: 0n };
    const hardwareCapabilities = new Array<number>(8).fill(0);
    const info = { ...numbers, ...pages, cpuKhz: 62_500, capabilities: 0, archCapabilities: 0, hardwareCapabilities };
    struct.buffer.set(dialect.physInfo.encode(info), 8);
    return 0;
  }
  if (command !== getDomainInfoList.number) return -EINVAL;
  const [first, most] = [view.getUint16(8, true), view.getUint32(12, true)];
  const found = ids.filter((id) => id >= first).slice(0, most);
  found.forEach((id, at) => {
    const bytes = dialect.domainInfo.encode(infoOf(id));
    struct.references?.[0]?.buffer.set(bytes, at * dialect.domainInfo.sizeBytes);
  });
  view.setUint32(24, found.length, true);
  return 0;
}

function infoOf(domain: number): DomainInfo {
  const pages = { totalPages: 32_768n, maxPages: 32_768n, outstandingPages: 0n, sharedPages: 0n, pagedPages: 0n };
  const cpus = { cpuTimeNs: 1_500_000_000n, onlineVcpus: 1, maxVcpuId: 0, cpupool: 0 };
  const handle = new Uint8Array(16).fill(domain % 256);
  const arch = { gicVersion: 2, teeType: 0, spiCount: 0, clockFrequency: 0, domainName: '' };
  return { domain, flags: BLOCKED, ...pages, ...cpus, sharedInfoFrame: 0n, ssidRef: 0, handle, gpaddrBits: 40, arch };
}

const hand = (action: DomainHand['action']): DomainHand => ({
  kind: 'domain',
  action,
  domains: [{ id: GUEST, name: 'web' }],
});

test('a sample: the host, and its domains by their names', async () => {
  expect(await source.sample()).toMatchObject({
    version: '4.17',
    cpuCount: 2,
    memoryKib: 4000,
    freeKib: 600,
    domains: [
      { id: 0, name: 'Domain-0' },
      { id: GUEST, name: 'web', isBlocked: true, memoryKib: 131_072, cpuTimeSeconds: 1.5 },
    ],
  });
});

test('pause and unpause are hypercalls', async () => {
  expect([await source.perform(hand('pause')), await source.perform(hand('unpause'))]).toEqual([[], []]);
  expect(calls).toEqual(['pausedomain 31999', 'unpausedomain 31999']);
});

test('shut down and reboot are asked of the domain, which takes the request', async () => {
  const asked: (string | undefined)[] = [];
  store.onChange = (path, value) => {
    if (path !== '/local/domain/31999/control/shutdown' || !value) return;
    asked.push(value);
    setImmediate(() => store.write(path, ''));
  };
  await source.perform(hand('shutdown'));
  await source.perform(hand('reboot'));
  expect(asked).toEqual(['poweroff', 'reboot']);
});

test('destroy takes the domain and what is written about it', async () => {
  expect(await source.perform(hand('destroy'))).toEqual([]);
  expect(calls).toEqual(['pausedomain 31999', 'destroydomain 31999']);
  expect([store.read('/libxl/31999/type'), store.read('/local/domain/31999/name')]).toEqual([undefined, undefined]);
  await expect(source.perform(hand('destroy'))).rejects.toMatchObject({ code: 'E_XEN_DOMAIN', errno: 'ESRCH' });
});
