import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import { buildDomain } from '../../../../src/xen/builder/build-domain';
import { keepConfig } from '../../../../src/xen/builder/keep-config';
import { readDomainConfig } from '../../../../src/xen/config';
import { monitorDomain } from '../../../../src/xen/monitor/monitor';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { FakeHypervisor } from '../../../support/fake-hypervisor';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import type { MonitorHost } from '../../../../src/xen/monitor/monitor';
import type { Xenstore } from '../../../../src/xen/xenstore/xenstore';

const POWEROFF = 0;
const REBOOT = 1;
const CRASH = 3;

let daemon: FakeXenstored;
let store: Xenstore;
let folder: string;
let xen: FakeHypervisor;
let log: string[];
let host: MonitorHost;

beforeEach(async () => {
  daemon = await FakeXenstored.start();
  store = await openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath });
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-monitor-'));
  const image = Buffer.alloc(0x1000);
  image.write('ARM\x64', 56, 'latin1');
  writeFileSync(join(folder, 'Image'), image);
  daemon.write('/local/domain/0/name', 'Domain-0');
  xen = new FakeHypervisor();
  log = [];
  host = {
    kernel: new HardwareKernel(),
    hypervisor: xen.asHypervisor(),
    store,
    userdataFolder: folder,
    notice: (line) => log.push(line),
    log: (line) => log.push(line),
  };
});
afterEach(async () => {
  store.close();
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

const config = (more: string) =>
  readDomainConfig(`name = "d"\nkernel = "${folder}/Image"\nmemory = 32\n${more}\n`, 'd.cfg', (line) => log.push(line));

/** A domain that runs, and the one who waits for its end. */
async function started(more: string) {
  const built = await buildDomain(host, config(more));
  return { ...built, done: monitorDomain(host, built.domid) };
}

function end(domid: number, reason: number): void {
  xen.shutDown(domid, reason);
  daemon.releaseDomain(domid);
}

const waitingFor = (domid: number) => `Waiting for domain d (domid ${domid}) to die [pid ${process.pid}]`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('a domain that powers off is destroyed', async () => {
  const { domid, done } = await started('');
  end(domid, POWEROFF);
  await done;
  expect([...xen.domains.keys()]).toEqual([]);
  expect(daemon.list().filter((line) => line.includes(`/${domid}`))).toEqual([]);
  expect(readdirSync(folder)).toEqual(['Image']);
  expect(log).toEqual([
    waitingFor(domid),
    `Domain ${domid} has shut down, reason code 0 0x0`,
    'Action for shutdown reason code 0 is destroy',
    `Domain ${domid} needs to be cleaned up: destroying the domain`,
    'Done. Exiting now',
  ]);
});

test('one that reboots is created again, with the same UUID and addresses, and is waited for', async () => {
  const { domid, config: first, done } = await started('');
  end(domid, REBOOT);
  await until(() => log.includes(waitingFor(domid + 1)));
  expect([...xen.domains.keys()]).toEqual([domid + 1]);
  expect(xen.domains.get(domid + 1)?.pauses).toBe(0);
  expect(daemon.read(`/local/domain/${domid + 1}/vm`)).toBe(`/vm/${first.uuid}`);
  end(domid + 1, POWEROFF);
  await done;
  expect(xen.domains.size).toBe(0);
});

test.each([
  ['on_crash = "preserve"', CRASH, 1],
  ['on_crash = "destroy"', CRASH, 0],
  ['on_poweroff = "preserve"', POWEROFF, 1],
])('%s', async (setting, reason, left) => {
  const { domid, done } = await started(setting);
  end(domid, reason);
  await done;
  expect(xen.domains.size).toBe(left);
});

test('rename-restart keeps the old domain under another name', async () => {
  const { domid, config: first, done } = await started('on_crash = "rename-restart"');
  end(domid, CRASH);
  await until(() => log.includes(waitingFor(domid + 1)));
  expect([...xen.domains.keys()]).toEqual([domid, domid + 1]);
  expect(daemon.read(`/local/domain/${domid}/name`)).toMatch(/^d-\d{8}T\d{6}Z$/);
  expect(daemon.read(`/local/domain/${domid + 1}/name`)).toBe('d');
  expect(daemon.read(`/vm/${first.uuid}/name`)).toBe('d');
  end(domid + 1, POWEROFF);
  await done;
  expect([...xen.domains.keys()]).toEqual([domid]);
  expect(readdirSync(folder).filter((name) => name.startsWith(`userdata-d.${domid}.`))).toHaveLength(1);
});

test('the configuration that is kept at the end counts: config-update', async () => {
  const { domid, config: first, done } = await started('on_poweroff = "destroy"');
  await keepConfig(host, domid, config('on_poweroff = "preserve"'));
  const kept = readFileSync(join(folder, `userdata-d.${domid}.${first.uuid}.libxl-json`), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ c_info: { uuid: first.uuid }, on_poweroff: 'preserve' });
  end(domid, POWEROFF);
  await done;
  expect(xen.domains.size).toBe(1);
});

test('somebody else destroys it: nothing is left to do', async () => {
  const { domid, done } = await started('on_poweroff = "restart"');
  xen.domains.delete(domid);
  daemon.releaseDomain(domid);
  await done;
  expect(log).toEqual([waitingFor(domid), `Domain ${domid} has been destroyed.`]);
});
