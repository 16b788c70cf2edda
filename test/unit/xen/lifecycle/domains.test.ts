import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelError } from '../../../../src/errors';
import { planVif } from '../../../../src/xen/devices/vif';
import { writeDeviceNodes } from '../../../../src/xen/devices/nodes';
import { destroyDomain } from '../../../../src/xen/lifecycle/destroy';
import { domainNames, findDomid, renameDomain } from '../../../../src/xen/lifecycle/names';
import { requestShutdown, sendSysrq } from '../../../../src/xen/lifecycle/request';
import { waitForEnd } from '../../../../src/xen/lifecycle/wait';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { playBackends, writeScript } from '../../../support/xen-backends';
import type { Xenstore } from '../../../../src/xen/xenstore/xenstore';

/** A loaded machine takes its time to start scripts. */
jest.setTimeout(30_000);

let daemon: FakeXenstored;
let store: Xenstore;
beforeEach(async () => {
  daemon = await FakeXenstored.start();
  store = await openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath });
  daemon.write('/local/domain/0/name', 'Domain-0');
  daemon.write('/local/domain/3/name', 'guest');
  daemon.write('/local/domain/3/vm', '/vm/6762b1dd-95a3-4d8c-8c2c-28d5898c3416');
  daemon.write('/vm/6762b1dd-95a3-4d8c-8c2c-28d5898c3416/name', 'guest');
  daemon.write('/libxl/3/type', 'pvh');
});
afterEach(async () => {
  store.close();
  await daemon.stop();
});

describe('names', () => {
  test('a name or an id', async () => {
    expect(await domainNames(store)).toEqual(
      new Map([
        [0, 'Domain-0'],
        [3, 'guest'],
      ]),
    );
    expect(await findDomid(store, 'guest')).toBe(3);
    expect(await findDomid(store, '99')).toBe(99);
    expect(await findDomid(store, 'nosuch')).toBeUndefined();
  });

  test('renaming', async () => {
    await renameDomain(store, 3, 'other');
    expect(daemon.read('/local/domain/3/name')).toBe('other');
    expect(daemon.read('/vm/6762b1dd-95a3-4d8c-8c2c-28d5898c3416/name')).toBe('other');
    await expect(renameDomain(store, 3, 'Domain-0')).rejects.toMatchObject({ errno: 'EEXIST' });
    await expect(renameDomain(store, 3, '')).rejects.toMatchObject({ errno: 'EINVAL' });
    await expect(renameDomain(store, 9, 'x')).rejects.toMatchObject({ errno: 'ESRCH' });
    expect(daemon.list('/local/domain/9')).toEqual([]);
    await renameDomain(store, 3, 'other');
  });

  test('two domains that want one name at the same time: one gets it', async () => {
    daemon.write('/local/domain/4/name', 'fourth');
    const outcomes = await Promise.allSettled([renameDomain(store, 3, 'x'), renameDomain(store, 4, 'x')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([...(await domainNames(store)).values()].filter((name) => name === 'x')).toHaveLength(1);
  });
});

describe('requests', () => {
  const node = '/local/domain/3/control/shutdown';

  test.each(['poweroff', 'reboot'] as const)('%s: done when the guest has taken it', async (request) => {
    daemon.onChange = (path, value) => path === node && value === request && setImmediate(() => daemon.write(node, ''));
    await requestShutdown(store, 3, request);
    expect(daemon.log).toContain(`WRITE ${node} ${request}`);
    expect(daemon.watchCount).toBe(0);
  });

  test('one that nobody takes is withdrawn', async () => {
    await expect(requestShutdown(store, 3, 'poweroff', { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'E_XEN_DOMAIN',
      errno: 'ETIMEDOUT',
      message: 'domain 3 did not take the request to poweroff within 0.02 s',
    });
    expect(daemon.read(node)).toBe('');
  });

  test('for a domain that is not there nothing is written', async () => {
    await expect(requestShutdown(store, 99, 'poweroff')).rejects.toMatchObject({ errno: 'ESRCH' });
    await expect(sendSysrq(store, 99, 'h')).rejects.toMatchObject({ errno: 'ESRCH' });
    expect(daemon.list('/local/domain/99')).toEqual([]);
  });

  test('magic keys', async () => {
    await sendSysrq(store, 3, 'h');
    expect(daemon.read('/local/domain/3/control/sysrq')).toBe('h');
  });
});

test('waiting for an end looks at each release, and lets others pass', async () => {
  const flags = [0x20, 0x20, (1 << 16) | 4];
  const asked: number[] = [];
  const domains = {
    info: async (domid: number) => {
      asked.push(domid);
      return { flags: flags[asked.length - 1] ?? 0 };
    },
  };
  const waiting = waitForEnd(store, domains, 3);
  const until = async (count: number) => {
    while (asked.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  await until(1);
  daemon.releaseDomain(7);
  await until(2);
  daemon.releaseDomain(3);
  expect(await waiting).toBe('reboot');
  expect(asked).toEqual([3, 3, 3]);
});

describe('destroying', () => {
  let folder: string;
  let calls: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cellvisor-destroy-'));
    calls = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const xen = (isThere: boolean) => ({
    info: async () => (isThere ? { flags: 0 } : undefined),
    pause: async () => void calls.push('pause'),
    destroy: async () => void calls.push('destroy'),
  });

  test('pauses, takes the devices out, destroys, and leaves no node, device or file', async () => {
    playBackends(daemon);
    const script = writeScript(folder, 'hotplug', `echo script >> ${folder}/ran`);
    await store.transaction((t) => writeDeviceNodes(t, planVif(3, { deviceId: 0, script })));
    daemon.write('/local/domain/0/backend/9pfs/3/0/state', '6');
    for (const name of ['userdata-d.3.u.libxl-json', 'userdata-d.33.u.libxl-json'])
      writeFileSync(join(folder, name), '');
    expect(await destroyDomain(store, xen(true), 3, { userdataFolder: folder })).toEqual([]);
    expect(calls).toEqual(['pause', 'destroy']);
    expect(daemon.list().filter((line) => !line.startsWith('/local/domain/0'))).toEqual([
      '/local = ""   (n0)',
      '/local/domain = ""   (n0)',
      '/vm = ""   (n0)',
      '/libxl = ""   (n0)',
    ]);
    expect(daemon.list('/local/domain/0')).toEqual([
      '/local/domain/0 = ""   (n0)',
      '/local/domain/0/name = "Domain-0"   (n0)',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['hotplug', 'ran', 'userdata-d.33.u.libxl-json']);
  });

  test('what is left of a domain that Xen does not have is cleared', async () => {
    await destroyDomain(store, xen(false), 3, { userdataFolder: folder });
    expect(calls).toEqual([]);
    expect(daemon.list().some((line) => /\/3|6762b1dd/.test(line))).toBe(false);
  });

  test('a domain that xenstore knows nothing of yet is destroyed all the same', async () => {
    await destroyDomain(store, xen(true), 8, { userdataFolder: folder });
    expect(calls).toEqual(['pause', 'destroy']);
  });

  test('one that goes by itself meanwhile is no error', async () => {
    const gone = async () => Promise.reject(new KernelError('domctl', 'ESRCH'));
    await destroyDomain(store, { ...xen(true), pause: gone, destroy: gone }, 3, { userdataFolder: folder });
    expect(daemon.list('/libxl/3')).toEqual([]);
  });

  test('nothing of it anywhere, and domain 0, are refused', async () => {
    await expect(destroyDomain(store, xen(false), 99)).rejects.toMatchObject({ errno: 'ESRCH' });
    await expect(destroyDomain(store, xen(true), 0)).rejects.toMatchObject({ errno: 'EPERM' });
    expect(calls).toEqual([]);
  });

  test('nodes that a guest may have forged lead nowhere else', async () => {
    daemon.write('/local/domain/3/vm', '/local/domain/0');
    await destroyDomain(store, xen(true), 3, { userdataFolder: folder });
    expect(daemon.read('/local/domain/0/name')).toBe('Domain-0');
  });
});
