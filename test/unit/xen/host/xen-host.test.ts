import { HYPERCALL } from '../../../../src/abi/xen/hypercall';
import { domainInfo416, archConfig413, DOMINF } from '../../../../src/abi/xen/domctl/domain';
import { XenHost } from '../../../../src/xen/host/xen-host';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { fakeXen } from '../fake-xen';
import type { DomainEvent } from '../../../../src/xen/host/events';
import type { DomainInfo } from '../../../../src/abi/xen/domctl/domain';
import type { SeenCall } from '../fake-xen';

const layout = domainInfo416(archConfig413);
const [EINVAL, ENOENT] = [22, 2];
const GET_DOMAIN_INFO_LIST = 6;

/** Domains of the fake Xen; those that a test changes are seen by the next hypercall. */
let domains: Map<number, Partial<DomainInfo>>;
let daemon: FakeXenstored;
let host: XenHost;
/** How often the domains were listed. */
let listings = 0;

beforeEach(async () => {
  daemon = await FakeXenstored.start();
  process.env['XENSTORED_PATH'] = daemon.socketPath;
  domains = new Map([[0, { flags: DOMINF.running, totalPages: 163840n, maxPages: 163840n }]]);
  daemon.write('/local/domain/0/name', 'Domain-0');
  host = await XenHost.open(fakeXen(answer));
});

afterEach(async () => {
  delete process.env['XENSTORED_PATH'];
  await host.close();
  await daemon.stop();
});

function answer(call: SeenCall): number {
  if (call.op === HYPERCALL.xen_version && call.words[0] === 0n) return (4 << 16) | 17;
  const struct = call.argument(0);
  if (call.op !== HYPERCALL.sysctl || struct === undefined) return -EINVAL;
  const words = new DataView(struct.buffer.buffer, struct.buffer.byteOffset, struct.buffer.length);
  if (words.getUint32(0, true) !== GET_DOMAIN_INFO_LIST) return -EINVAL;
  const [first, most] = [words.getUint16(8, true), words.getUint32(12, true)];
  const room = struct.references?.[0]?.buffer;
  if (room === undefined) return -EINVAL;
  listings += 1;
  const listed = [...domains].filter(([id]) => id >= first).slice(0, most);
  for (const [at, [id, info]] of listed.entries()) room.set(record(id, info), at * layout.sizeBytes);
  words.setUint32(24, listed.length, true);
  return 0;
}

function record(domain: number, info: Partial<DomainInfo>): Uint8Array {
  const nothing = { totalPages: 0n, maxPages: 0n, outstandingPages: 0n, sharedPages: 0n, pagedPages: 0n };
  const arch = { gicVersion: 2, teeType: 0, spiCount: 0, clockFrequency: 0 };
  const handle = new Uint8Array(16).fill(domain);
  return layout.encode({
    ...nothing,
    ...{ domain, flags: 0, sharedInfoFrame: 0n, cpuTimeNs: 0n, onlineVcpus: 1, maxVcpuId: 0, ssidRef: 0, handle },
    ...{ cpupool: 0, gpaddrBits: 40, arch },
    ...info,
  });
}

/** A domain, as a toolstack makes one. */
function add(id: number, name: string, info: Partial<DomainInfo> = {}): void {
  domains.set(id, info);
  daemon.write(`/local/domain/${id}/name`, name);
}

describe('domains', () => {
  test('what Xen says, with the names of xenstore', async () => {
    add(3, 'linux', {
      flags: DOMINF.blocked | DOMINF.paused,
      totalPages: 32768n,
      pagedPages: 256n,
      maxPages: 33024n,
      outstandingPages: 2n,
      cpuTimeNs: 1_500_000_000n,
      maxVcpuId: 3,
      onlineVcpus: 2,
      cpupool: 1,
    });
    const [dom0, linux] = await host.domains();
    expect(dom0).toMatchObject({ id: 0, name: 'Domain-0', isRunning: true, isPaused: false, memoryKib: 655360 });
    expect(dom0?.uuid).toBe('00000000-0000-0000-0000-000000000000');
    expect(linux).toEqual({
      id: 3,
      name: 'linux',
      uuid: '03030303-0303-0303-0303-030303030303',
      ...{ isRunning: false, isBlocked: true, isPaused: true, isShutDown: false, isDying: false, isDebugged: false },
      shutdownReason: undefined,
      ssidRef: 0,
      ...{ memoryKib: (32768 - 256) * 4, maxMemoryKib: 33024 * 4, outstandingKib: 8, cpuTimeSeconds: 1.5 },
      ...{ onlineVcpus: 2, vcpuCount: 4, cpupool: 1 },
    });
  });

  test('more than one call lists', async () => {
    for (let id = 1; id <= 130; id++) add(id, `guest-${id}`);
    const all = await host.domains();
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 131 }, (_, id) => id));
    expect(all.at(-1)?.name).toBe('guest-130');
  });

  test('one by id, and one by name', async () => {
    add(7, 'linux');
    expect(await host.domain(7)).toMatchObject({ id: 7, name: 'linux' });
    // Xen answers for the next domain there is.
    expect(await host.domain(5)).toBeUndefined();
    expect(await host.domainByName('linux')).toMatchObject({ id: 7 });
    expect(await host.domainByName('windows')).toBeUndefined();
  });

  test('one without a name, and without a vCPU', async () => {
    domains.set(9, { maxVcpuId: 0xffff_ffff, onlineVcpus: 0 });
    expect(await host.domain(9)).toMatchObject({ name: undefined, vcpuCount: 0 });
  });

  test.each([
    [0, 'poweroff'],
    [1, 'reboot'],
    [3, 'crash'],
    [77, 77],
    [0xff, undefined],
  ])('code %i of a shutdown is %s', async (code, reason) => {
    domains.set(4, { flags: DOMINF.shutdown | (code << 16) });
    expect(await host.domain(4)).toMatchObject({ isShutDown: true, shutdownReason: reason });
  });
});

describe('events', () => {
  /** The next so many events; ends the stream after them. */
  async function take(count: number, change: () => void): Promise<DomainEvent[]> {
    const ending = new AbortController();
    const seen: DomainEvent[] = [];
    const listedBefore = listings;
    const reading = (async () => {
      for await (const event of host.events({ signal: ending.signal })) {
        if (seen.push(event) === count) ending.abort();
      }
    })();
    // Changes are told from the first list on.
    await until(() => daemon.watchCount === 2 && listings > listedBefore);
    change();
    await reading;
    return seen;
  }

  test('a domain is made, ends, and goes', async () => {
    const born = await take(1, () => {
      add(2, 'linux');
      daemon.fire('@introduceDomain');
    });
    expect(born).toMatchObject([{ kind: 'created', domain: { id: 2, name: 'linux' } }]);
    const ended = await take(1, () => {
      domains.set(2, { flags: DOMINF.shutdown });
      daemon.fire('@releaseDomain');
    });
    expect(ended).toMatchObject([{ kind: 'shutdown', domain: { id: 2, shutdownReason: 'poweroff' } }]);
    const gone = await take(1, () => {
      domains.delete(2);
      daemon.fire('@releaseDomain');
    });
    expect(gone).toMatchObject([{ kind: 'destroyed', domain: { id: 2, name: 'linux' } }]);
  });

  test('an id that was given anew is another domain', async () => {
    add(2, 'linux');
    const events = await take(2, () => {
      domains.set(2, { handle: new Uint8Array(16).fill(0xee) });
      daemon.fire('@releaseDomain');
    });
    expect(events.map(({ kind }) => kind)).toEqual(['destroyed', 'created']);
  });

  test('its end leaves no watch', async () => {
    await take(1, () => {
      add(2, 'linux');
      daemon.fire('@introduceDomain');
    });
    await until(() => daemon.watchCount === 0);
  });
});

test('pools have their names from xenstore', async () => {
  daemon.write('/local/pool/0/name', 'Pool-0');
  expect(await host.cpupoolName(0)).toBe('Pool-0');
  expect(await host.cpupoolName(1)).toBeUndefined();
});

test('without xenstored, the privcmd that was opened is closed again', async () => {
  process.env['XENSTORED_PATH'] = `${daemon.folder}/nobody`;
  let closed = 0;
  const kernel = fakeXen(answer);
  const counted = {
    ...kernel,
    open: async (...args: Parameters<typeof kernel.open>) => {
      const file = await kernel.open(...args);
      return { ...file, close: async () => void (closed += 1) };
    },
  };
  await expect(XenHost.open(counted)).rejects.toMatchObject({ code: 'E_XENSTORE', errnoNumber: ENOENT });
  expect(closed).toBe(1);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
