import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../../src/fdt';
import { buildDomain } from '../../../../src/xen/builder/build-domain';
import { readDomainConfig } from '../../../../src/xen/config';
import { destroyDomain } from '../../../../src/xen/lifecycle/destroy';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { FakeHypervisor } from '../../../support/fake-hypervisor';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { playBackends, writeScript } from '../../../support/xen-backends';
import type { BuildHost } from '../../../../src/xen/builder/host';
import type { Xenstore } from '../../../../src/xen/xenstore/xenstore';

let daemon: FakeXenstored;
let store: Xenstore;
let folder: string;
let xen: FakeHypervisor;
let notices: string[];
let host: BuildHost;

const UUID = '11111111-2222-4333-8444-555555555555';
const kernelImage = Buffer.alloc(0x5123, 0x77);
kernelImage.fill(0, 0, 64);
kernelImage.write('ARM\x64', 56, 'latin1');
const ramdisk = Buffer.alloc(0x2345, 0x33);

beforeEach(async () => {
  daemon = await FakeXenstored.start();
  store = await openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath });
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-builder-'));
  writeFileSync(join(folder, 'Image'), kernelImage);
  writeFileSync(join(folder, 'initrd'), ramdisk);
  writeFileSync(join(folder, 'disk.img'), '');
  daemon.write('/local/pool/0/name', 'Pool-0');
  daemon.write('/local/domain/0/name', 'Domain-0');
  xen = new FakeHypervisor();
  notices = [];
  host = {
    kernel: {
      readFile: async (path) => {
        const { HardwareKernel } = await import('../../../../src/kernel/hardware/kernel');
        return new HardwareKernel().readFile(path);
      },
      stat: async (path) => {
        const { HardwareKernel } = await import('../../../../src/kernel/hardware/kernel');
        return new HardwareKernel().stat(path);
      },
    },
    hypervisor: xen.asHypervisor(),
    store,
    userdataFolder: join(folder),
    notice: (line) => notices.push(line),
  };
});
afterEach(async () => {
  store.close();
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

const config = (more = '', name = 'd') =>
  readDomainConfig(
    `name = "${name}"\nuuid = "${UUID}"\nkernel = "${folder}/Image"\nramdisk = "${folder}/initrd"\nextra = "console=hvc0"\nmemory = 32\n${more}\n`,
    'd.cfg',
    (line) => notices.push(line),
  );

const devices = () =>
  [
    `disk = ["format=raw,vdev=xvda,access=rw,script=${writeScript(folder, 'ok-disk', 'exit 0')},target=${folder}/disk.img"]`,
    `vif = ["bridge=b,mac=00:16:3e:00:00:01,script=${writeScript(folder, 'ok-vif', 'exit 0')}"]`,
    'vuart = "sbsa_uart"\ncpu_weight = 512\ncpus = "1"\nirqs = [40]\niomem = ["5a000,1"]',
  ].join('\n');

test('kernel, ramdisk and device tree are where the first vCPU looks for them', async () => {
  const { domid } = await buildDomain(host, config());
  const domain = xen.domains.get(domid);
  if (!domain?.context) throw new Error('no domain');
  const { pc, x, cpsr } = domain.context;
  expect([pc, cpsr]).toEqual([0x4000_0000n, 0x1c5n]);
  expect(Buffer.compare(domain.read(pc, kernelImage.length), kernelImage)).toBe(0);
  const [treeBase = 0n] = x;
  const size = Buffer.from(domain.read(treeBase, 8)).readUInt32BE(4);
  const tree = parse(domain.read(treeBase, size));
  const chosen = tree.get('/chosen');
  expect(chosen.string('bootargs')).toBe('console=hvc0');
  const start = chosen.u64('linux,initrd-start') as bigint;
  const end = chosen.u64('linux,initrd-end') as bigint;
  expect(end - start).toBe(BigInt(ramdisk.length));
  expect(Buffer.compare(domain.read(start, ramdisk.length), ramdisk)).toBe(0);
  expect(tree.get('/memory').u64s('reg')).toEqual([0x4000_0000n, 0x200_0000n]);
  // What was copied is out of the caches, the magic pages too, and nothing stays mapped.
  for (const address of [pc, treeBase, start, 0x3900_0000n]) expect(domain.flushed.has(address >> 12n)).toBe(true);
  expect(domain.mapped).toBe(0);
});

test('the guest finds console and xenstore', async () => {
  const { domid } = await buildDomain(host, config());
  const domain = xen.domains.get(domid);
  expect(domain?.params).toEqual({
    callbackIrq: 0x0200_0000_0000_021fn,
    consoleFrame: 0x39000n,
    storeFrame: 0x39001n,
    monitorRingFrame: 0x39002n,
    consolePort: 2n,
    storePort: 1n,
  });
  expect([...(domain?.grants ?? [])]).toEqual([
    [0, { flags: 1, domain: 0, frame: 0x39000 }],
    [1, { flags: 1, domain: 0, frame: 0x39001 }],
  ]);
  expect(daemon.log).toContain(`INTRODUCE ${domid} 233473 1`);
  expect(daemon.read(`/local/domain/${domid}/console/port`)).toBe('2');
  // It is complete, and does not run yet.
  expect(domain?.pauses).toBe(1);
});

test('what is kept about it can be read back', async () => {
  const { domid, config: built } = await buildDomain(host, config('vif = []'));
  const text = readFileSync(join(folder, `userdata-d.${domid}.${UUID}.libxl-json`), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ c_info: { name: 'd', uuid: UUID } });
  expect(built.name).toBe('d');
});

/** Everything that a domain leaves in the world. */
const traces = () => ({
  domains: [...xen.domains.keys()],
  nodes: daemon.list(),
  userdata: readdirSync(folder).filter((name) => name.startsWith('userdata')),
});

test('whatever hypercall fails, nothing stays behind', async () => {
  playBackends(daemon);
  const wanted = config(devices());
  await buildDomain(host, wanted);
  const callCount = xen.calls.length;
  expect(callCount).toBeGreaterThan(30);
  xen.domains.clear();
  await store.rm('/local/domain/1');
  await store.rm('/local/domain/0/backend');
  await store.rm('/libxl');
  await store.rm('/vm');
  for (const name of readdirSync(folder)) if (name.startsWith('userdata')) rmSync(join(folder, name));
  await store.mkdir('/libxl');
  await store.mkdir('/vm');
  const before = traces();
  for (let failAt = 0; failAt < callCount; failAt++) {
    xen.calls.length = 0;
    xen.failAt = failAt;
    await expect(buildDomain(host, wanted)).rejects.toThrow(/Cannot allocate memory/);
    expect({ failAt, ...traces() }).toEqual({ failAt, ...before });
  }
  xen.failAt = -1;
  await buildDomain(host, wanted);
  expect(notices).toEqual([]);
}, 60_000);

test('killed at any hypercall: destroying the domain clears what is left', async () => {
  playBackends(daemon);
  await store.mkdir('/libxl');
  await store.mkdir('/vm');
  const before = traces();
  const wanted = config(devices());
  xen.hangAt = 0;
  for (let isBuilt = false; !isBuilt; xen.hangAt++) {
    xen.calls.length = 0;
    const killed = new Promise<'killed'>((resolve) => (xen.onHang = () => resolve('killed')));
    const { hangAt } = xen;
    isBuilt = (await Promise.race([buildDomain(host, wanted), killed])) !== 'killed';
    const [left] = xen.domains.keys();
    xen.hangAt = Infinity;
    if (left !== undefined) {
      await destroyDomain(store, host.hypervisor.domains, left, { userdataFolder: folder });
    }
    expect({ hangAt, ...traces() }).toEqual({ hangAt, ...before });
    xen.hangAt = hangAt;
  }
  expect(xen.hangAt).toBeGreaterThan(30);
}, 60_000);

test('a script that fails takes everything back, and is named', async () => {
  playBackends(daemon);
  await store.mkdir('/libxl');
  await store.mkdir('/vm');
  const before = traces();
  const bad = writeScript(folder, 'bad-vif', 'echo "Could not find bridge device b" >&2; exit 1');
  const wanted = config(`${devices()}\nvif = ["bridge=b,script=${bad}"]`);
  await expect(buildDomain(host, wanted)).rejects.toThrow(/Could not find bridge device b/);
  expect(traces()).toEqual(before);
});

test('of two at once with one name, one is built', async () => {
  const one = config();
  const results = await Promise.allSettled([
    buildDomain(host, one),
    buildDomain(host, { ...one, uuid: UUID.replace('1', '2') }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const rejected = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  expect(rejected.reason).toMatchObject({ code: 'E_XEN_NAME', message: 'Domain with name "d" already exists.' });
  expect(xen.domains.size).toBe(1);
  expect(daemon.list().filter((line) => /^\/local\/domain\/\d+\/name = "d"/.test(line))).toHaveLength(1);
});

test.each([
  ['a kernel that is none', 'kernel = "FOLDER/initrd"', /^kernel: .*\/initrd: not a kernel: /],
  ['a missing kernel', 'kernel = "/nope"', /^kernel: \/nope: No such file or directory$/],
  ['a missing ramdisk', 'ramdisk = "/nope"', /^ramdisk: \/nope: No such file or directory$/],
  ['a device tree that is none', 'device_tree = "FOLDER/initrd"', /^device_tree: .*\/initrd: .*at byte 0/],
  ['a missing disk', 'disk = ["/nope,raw,xvda,rw"]', /disk xvda: target \/nope: No such file/],
  ['more memory than there is', 'memory = 4096', /^memory: the domain needs .* MiB, and the host has 1024 MiB free$/],
  ['memory too small for the kernel', 'memory = 0', /^memory: the domain has none$/],
  ['less at most than at the start', 'maxmem = 16', /^maxmem: 16 MiB is less than memory, 32 MiB$/],
  ['an unknown pool', 'pool = "p"', /^pool: there is no CPU pool p$/],
  ['a device without an IOMMU', 'dtdev = ["/soc/x"]', /^dtdev: passthrough not supported on this platform$/],
  ['an HVM guest', 'type = "hvm"', /^type: Arm has no hvm guests$/],
  ["NXP's clock", 'vrtc = "pl031"', /^vrtc: Xen 4.17 emulates no clock$/],
  ["NXP's boolean", 'tee = 1', /^Unknown tee "1" specified$/],
])('%s is told before anything is made', async (_, line, message) => {
  const before = traces();
  await expect(buildDomain(host, config(line.replace('FOLDER', folder)))).rejects.toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) }),
  );
  expect(traces()).toEqual(before);
  expect(xen.calls).not.toContain('domains.create');
  expect(existsSync(join(folder, 'Image'))).toBe(true);
});
