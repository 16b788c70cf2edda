import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_KEYS } from '../../../../src/xen/config';
import { nearestKey } from '../../../../src/xen/config/keys';
import { formatKeyPage } from '../../../../src/xen/config/keys/page';
import { read, readError } from './reading';

const path = join(__dirname, '../../../../docs/xl-cfg.md');

test('docs/xl-cfg.md is made of the table', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, formatKeyPage());
  expect(readFileSync(path, 'utf8')).toBe(formatKeyPage());
});

test('no key is there twice', () => {
  const names = CONFIG_KEYS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['memroy', 'memory'],
  ['vcpu', 'vcpus'],
  ['kernal', 'kernel'],
  ['on_power_off', 'on_poweroff'],
  ['zzzzzz', undefined],
])('%s is most like %s', (name, nearest) => {
  expect(nearestKey(name)).toBe(nearest);
});

test('an unknown key is warned about, with its line and the nearest key', () => {
  expect(read('name = "d"\nkernel = "k"\nmemroy = 64\n').warnings).toEqual([
    "d.cfg:3: warning: unknown parameter `memroy'; is `memory' meant?",
  ]);
});

test.each(CONFIG_KEYS.filter(({ scope }) => scope === 'other'))(
  '$name is said to be ignored',
  ({ name, kind, summary }) => {
    const value =
      { list: '["a"]', 'nested list': '[["a"]]', 'string or list': '"a"', string: '"a"' }[kind as string] ?? '1';
    const text = `name = "d"\nkernel = "k"\n${name} = ${value}\n`;
    expect(read(text).warnings).toEqual([`d.cfg:3: warning: parameter \`${name}' is ignored: ${summary}`]);
  },
);

/** A value that each acting key takes, and one that it does not. */
const VALUES: Readonly<Record<string, readonly [good: string, expected: unknown]>> = {
  uuid: ['"AABBCCDD-1122-3344-5566-77889900aabb"', { uuid: 'aabbccdd-1122-3344-5566-77889900aabb' }],
  type: ['"pv"', { type: 'pv' }],
  builder: ['"generic"', { type: 'pv' }],
  ramdisk: ['"r"', { ramdisk: 'r' }],
  device_tree: ['"t"', { deviceTree: 't' }],
  cmdline: ['"c"', { commandLine: 'c' }],
  root: ['"/dev/xvda"', { commandLine: 'root=/dev/xvda' }],
  extra: ['"quiet"', { commandLine: 'quiet' }],
  memory: ['0x80', { memoryKiB: 131072, maxMemoryKiB: 131072 }],
  maxmem: ['0100', { maxMemoryKiB: 65536 }],
  vcpus: ['2', { vcpus: 2, maxVcpus: 2 }],
  maxvcpus: ['"3"', { maxVcpus: 3 }],
  cpus: ['"all"', { hardAffinity: { kind: 'same', mask: { kind: 'all' } } }],
  cpus_soft: ['["all"]', { softAffinity: { kind: 'each', masks: [{ kind: 'all' }] } }],
  cpu_weight: ['512', { cpuWeight: 512 }],
  cap: ['50', { cpuCap: 50 }],
  pool: ['"p"', { pool: 'p' }],
  disk: [
    '["/a,raw,xvda,r"]',
    { disks: [expect.objectContaining({ target: '/a', virtualDevice: 'xvda', isWritable: false })] },
  ],
  vif: ['["bridge=b"]', { vifs: [{ deviceId: 0, bridge: 'b' }] }],
  dtdev: ['["/soc/x"]', { assignedDevices: ['/soc/x'] }],
  iomem: ['["0x5a060,1"]', { ioMemory: [{ firstFrame: 0x5a060n, frameCount: 1n, firstGuestFrame: undefined }] }],
  irqs: ['[40, "0x29"]', { interrupts: [40, 41] }],
  passthrough: ['"sync_pt"', { passthrough: 'sync_pt' }],
  gic_version: ['"v3"', { gicVersion: 'v3' }],
  vuart: ['"sbsa_uart"', { hasVuart: true }],
  seclabel: ['"l"', { securityLabel: 'l' }],
  init_seclabel: ['"l"', { initSecurityLabel: 'l' }],
  driver_domain: ['1', { driverDomain: true }],
  nomigrate: ['0', { noMigration: false }],
  max_event_channels: ['2047', { maxEventChannels: 2047 }],
  max_grant_frames: ['10', { maxGrantFrames: 10 }],
  max_maptrack_frames: ['11', { maxMaptrackFrames: 11 }],
  max_grant_version: ['1', { maxGrantVersion: 1 }],
  vpmu: ['1', { vpmu: true }],
  tee: ['"optee"', { tee: 'optee' }],
  vrtc: ['"pl031"', { hasVrtc: true }],
  vi2c: [
    '["backend=0,be-adapter=5a800000.i2c,slaves=0x51;0x52"]',
    { vi2cs: [{ backendDomain: '0', adapter: '5a800000.i2c', addresses: [0x51, 0x52] }] },
  ],
  on_poweroff: ['"preserve"', { onEnd: expect.objectContaining({ poweroff: 'preserve' }) }],
  on_reboot: ['"soft-reset"', { onEnd: expect.objectContaining({ reboot: 'soft-reset' }) }],
  on_watchdog: ['"restart"', { onEnd: expect.objectContaining({ watchdog: 'restart' }) }],
  on_crash: ['"coredump-restart"', { onEnd: expect.objectContaining({ crash: 'coredump-restart' }) }],
  on_soft_reset: ['"destroy"', { onEnd: expect.objectContaining({ softReset: 'destroy' }) }],
};

const acting = CONFIG_KEYS.filter(({ name, scope }) => scope !== 'other' && name !== 'name' && name !== 'kernel');

test.each(acting)('$name acts', ({ name }) => {
  const [value, expected] = VALUES[name] ?? [];
  const { config, warnings } = read(`name = "d"\nkernel = "k"\n${name} = ${value}\n`);
  expect(warnings).toEqual([]);
  expect(config).toMatchObject(expected as object);
});

test.each(acting.filter(({ kind }) => kind !== 'string or list'))('$name is not what it is not', ({ name, kind }) => {
  const wrong = kind === 'list' ? '"x"' : '["x"]';
  const problem = kind === 'list' ? 'is a single value but should be a list' : 'is a list but should be a single value';
  expect(read(`name = "d"\nkernel = "k"\n${name} = ${wrong}\n`).warnings).toContain(
    `d.cfg:3: warning: parameter \`${name}' ${problem}`,
  );
});

test('a missing name or kernel is named', () => {
  expect(readError('kernel = "k"\n')).toMatchObject({ code: 'E_XLCFG_MISSING', key: 'name' });
  expect(readError('name = "d"\n')).toMatchObject({ code: 'E_XLCFG_MISSING', key: 'kernel' });
});
