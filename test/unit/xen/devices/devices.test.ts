import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDevice, nextDeviceId } from '../../../../src/xen/devices/add';
import { writeConsoleNodes } from '../../../../src/xen/devices/console';
import { checkDiskTarget, planDisk } from '../../../../src/xen/devices/disk';
import { devicesOf, disksOf, findDisk, findVif, removeAllDevices, vifsOf } from '../../../../src/xen/devices/list';
import { writeDeviceNodes } from '../../../../src/xen/devices/nodes';
import { removeDevice } from '../../../../src/xen/devices/remove';
import { planVif } from '../../../../src/xen/devices/vif';
import { openXenstore } from '../../../../src/xen/xenstore/open';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { playBackends, writeScript } from '../../../support/xen-backends';
import type { Xenstore } from '../../../../src/xen/xenstore/xenstore';

const DISK = {
  target: '/root/domu/disk.img',
  virtualDevice: 'xvda',
  format: 'raw',
  isWritable: true,
  isCdrom: false,
} as const;
const VIF = { deviceId: 0, bridge: 'xenbr0', mac: '00:16:3e:00:00:02' };

/** A loaded machine takes its time to start scripts. */
jest.setTimeout(30_000);

let daemon: FakeXenstored;
let store: Xenstore;
let folder: string;
beforeEach(async () => {
  daemon = await FakeXenstored.start();
  store = await openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath });
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-devices-'));
  // What the builder has made of domain 1 before its devices come.
  await store.setPermissions(await made('/local/domain/1'), guestReads(1));
  await store.mkdir('/local/domain/1/device');
  await store.mkdir('/libxl/1/device');
});
afterEach(async () => {
  store.close();
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

async function made(path: string): Promise<string> {
  await store.mkdir(path);
  return path;
}
const guestReads = (domid: number) => ({ owner: 0, others: 'none', domains: [{ domid, access: 'read' }] }) as const;

/** Leaves out what drivers, scripts and xenconsoled write, and what changes with time. */
function settled(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !/\/(feature|multi-queue|max-ring|physical-device|discard-(?!enable))/.test(line))
    .filter(
      (line) => !/\/(node|sectors|info|sector-size|event-channel.*|[rt]x-ring-ref|request-.*|xdp-.*) = /.test(line),
    )
    .filter((line) => !/\/device\/suspend|\/vbd\/1\/51712\/hotplug-status|\/libxl\/1\/(type|dm-version)/.test(line))
    .map((line) => line.replace(/\/(state|hotplug-status|tty) = "[^"]*"/, '/$1 = *'))
    .sort();
}

test('nodes, values and permissions are those that xl 4.17 writes', async () => {
  const golden = readFileSync(join(__dirname, 'fixtures', 'xl-4.17-domunet.ls'), 'utf8')
    .trimEnd()
    .split('\n');
  await store.transaction(async (t) => {
    await writeDeviceNodes(t, planDisk(1, DISK));
    await writeDeviceNodes(t, planVif(1, VIF));
    const rate = { bytesPerInterval: 200_000n, intervalMicroseconds: 20_000 };
    const more = { deviceId: 2, ip: '10.1.2.3', rate, interfaceName: 'foo2', mtu: 1400, mac: '00:16:3e:00:00:0a' };
    await writeDeviceNodes(t, planVif(1, { ...more, bridge: 'xenbr0' }));
    await writeConsoleNodes(t, 1, { frame: 233472n, port: 2 });
  });
  const ours = daemon.list().filter((line) => /^\/(local\/domain\/0\/backend|local\/domain\/1\/|libxl)/.test(line));
  expect(settled(ours)).toEqual(settled(golden));
});

describe('adding', () => {
  test('waits for the backend, then runs the script with the device in its environment', async () => {
    playBackends(daemon);
    const script = writeScript(
      folder,
      'vif-test',
      `echo "$@ script=$script type=$XENBUS_TYPE path=$XENBUS_PATH base=$XENBUS_BASE_PATH vif=$vif netdev=$netdev $(cat)" > ${folder}/seen`,
    );
    await addDevice(store, planVif(1, { ...VIF, script }));
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(
      `online type_if=vif script=${script} type=vif path=backend/vif/1/0 base=backend vif=vif1.0 netdev=vif1.0 \n`,
    );
    expect(daemon.read('/local/domain/0/backend/vif/1/0/online')).toBe('1');
    expect(daemon.watchCount).toBe(0);
  });

  test('the next free number is chosen within the transaction: two at the same time get two', async () => {
    playBackends(daemon);
    const script = writeScript(folder, 'vif-test', 'exit 0');
    const add = () =>
      addDevice(store, async (nodes) => planVif(1, { ...VIF, script, deviceId: await nextDeviceId(nodes, 1, 'vif') }));
    const added = await Promise.all([add(), add(), add()]);
    expect(added.map(({ devid }) => devid).sort()).toEqual([0, 1, 2]);
  });

  describe('that fails says why, and leaves nothing', () => {
    let before: string[];
    beforeEach(() => {
      before = daemon.list();
    });
    afterEach(() => {
      const left = daemon.list().filter((line) => /vif|vbd/.test(line));
      expect(left).toEqual([]);
      expect(before.length).toBeGreaterThan(0);
      expect(daemon.watchCount).toBe(0);
    });

    test('no backend', async () => {
      const adding = addDevice(store, planVif(1, VIF), { timeoutsMs: { backend: 20, close: 20 } });
      await expect(adding).rejects.toMatchObject({
        code: 'E_XEN_DEVICE',
        message: 'vif 0 of domain 1: its backend was not ready after 0.02 s: state 1 (Initialising)',
        hint: 'is the driver xen-netback loaded?',
      });
    });

    test('a backend that closes at once', async () => {
      playBackends(daemon, { 1: '6', 5: '6' });
      await expect(addDevice(store, planDisk(1, DISK))).rejects.toMatchObject({
        message: 'vbd 51712 of domain 1: its backend gave up: state 6 (Closed)',
        hint: "the disk's target is /root/domu/disk.img",
      });
    });

    test('a script that fails: its words, on one line', async () => {
      playBackends(daemon);
      const script = writeScript(folder, 'vif-test', 'echo one; echo two >&2; exit 3');
      await expect(addDevice(store, planVif(1, { ...VIF, script }))).rejects.toMatchObject({
        message: expect.stringMatching(/^vif 0 of domain 1: .*vif-test online ended with 3: (one; two|two; one)$/),
        hint: "the interface's bridge is xenbr0: does it exist?",
      });
    });

    test('a script that says so in xenstore only', async () => {
      playBackends(daemon);
      const script = writeScript(folder, 'vif-test', 'exit 0');
      const { onChange } = daemon;
      daemon.onChange = (path, value) => {
        onChange?.(path, value);
        if (path.endsWith('/state') && value === '2') {
          daemon.write('/local/domain/0/backend/vif/1/0/hotplug-error', 'no such bridge');
          daemon.write('/local/domain/0/backend/vif/1/0/hotplug-status', 'error');
        }
      };
      await expect(addDevice(store, planVif(1, { ...VIF, script }))).rejects.toMatchObject({
        message: `vif 0 of domain 1: ${script} online ended with 0: no such bridge`,
      });
    });

    test('a script that hangs is killed, and what it has started with it', async () => {
      playBackends(daemon);
      const script = writeScript(
        folder,
        'vif-test',
        `[ $1 = offline ] && exit 0\n(trap '' TERM; sleep 1000; touch ${folder}/late) & echo waiting; wait`,
      );
      const adding = addDevice(store, planVif(1, { ...VIF, script }), { timeoutsMs: { script: 2000 } });
      await expect(adding).rejects.toMatchObject({
        message: `vif 0 of domain 1: ${script} online did not end within 2 s: waiting`,
      });
      expect(existsSync(join(folder, 'late'))).toBe(false);
    });

    test('a script that is not there', async () => {
      playBackends(daemon);
      const script = join(folder, 'missing');
      await expect(addDevice(store, planVif(1, { ...VIF, script }))).rejects.toMatchObject({
        message: `vif 0 of domain 1: ${script} cannot be run: spawn ${script} ENOENT`,
      });
    });

    test('cancelled while it waits', async () => {
      const controller = new AbortController();
      const adding = addDevice(store, planVif(1, VIF), { signal: controller.signal, timeoutsMs: { close: 20 } });
      daemon.onChange = (path) => path.endsWith('/vif/0/state') && controller.abort();
      await expect(adding).rejects.toMatchObject({ errno: 'EINTR' });
    });
  });

  test('a device that the domain has already is left as it is', async () => {
    playBackends(daemon);
    const script = writeScript(folder, 'block-test', 'exit 0');
    await addDevice(store, planDisk(1, { ...DISK, script }));
    const before = daemon.list();
    await expect(addDevice(store, planDisk(1, { ...DISK, script }))).rejects.toMatchObject({
      message: 'vbd 51712 of domain 1: the domain has this device already',
      errno: 'EEXIST',
    });
    expect(daemon.list()).toEqual(before);
  });

  test.each([
    ['a name', { virtualDevice: 'zzz' }, 'disk zzz: this is no name of a disk'],
    ['a format', { format: 'qcow2' as const }, 'disk xvda: format qcow2 needs a device model'],
    ['a backend', { backendType: 'qdisk' as const }, 'disk xvda: backendtype qdisk needs a device model'],
  ])('%s of a disk that cannot be', (_, change, message) =>
    expect(() => planDisk(1, { ...DISK, ...change })).toThrow(message),
  );

  test('a target that is not there is named before anything is made', async () => {
    const kernel = new FakeKernel({ '/images/a.img': 'x' });
    await checkDiskTarget(kernel, 1, { ...DISK, target: '/images/a.img' });
    await expect(checkDiskTarget(kernel, 1, { ...DISK, target: '/images/b.img' })).rejects.toMatchObject({
      message: 'vbd 51712 of domain 1: disk xvda: target /images/b.img: No such file or directory',
    });
    await expect(checkDiskTarget(kernel, 1, { ...DISK, target: '/images' })).rejects.toThrow('is a folder');
  });
});

describe('removing', () => {
  let script: string;
  beforeEach(async () => {
    playBackends(daemon);
    script = writeScript(folder, 'hotplug', `echo "$1 $XENBUS_PATH" >> ${folder}/ran`);
    await addDevice(store, planVif(1, { ...VIF, script }));
    await addDevice(store, planDisk(1, { ...DISK, script }));
    daemon.log.length = 0;
  });
  const scriptRuns = () => readFileSync(join(folder, 'ran'), 'utf8').trimEnd().split('\n').slice(2);

  test('closes, runs the script, removes the nodes and empty folders above them', async () => {
    const [vif] = await devicesOf(store, 1, ['vif']);
    if (vif === undefined) throw new Error('no vif');
    expect(await removeDevice(store, vif)).toEqual([]);
    expect(daemon.log.slice(0, 2)).toEqual([
      'WRITE /local/domain/0/backend/vif/1/0/online 0',
      'WRITE /local/domain/0/backend/vif/1/0/state 5',
    ]);
    expect(scriptRuns()).toEqual(['offline backend/vif/1/0']);
    expect(daemon.list().filter((line) => line.includes('vif'))).toEqual([]);
    expect(daemon.list().some((line) => line.includes('/vbd/1/51712'))).toBe(true);
  });

  test('a guest that does not let go is asked, then passed over: a line tells', async () => {
    playBackends(daemon, {});
    const [disk] = await devicesOf(store, 1, ['vbd']);
    if (disk === undefined) throw new Error('no disk');
    expect(await removeDevice(store, disk, { timeoutsMs: { close: 50 } })).toEqual([
      'vbd 51712 of domain 1: the guest did not let go within 0.05 s: state 5 (Closing)',
      'vbd 51712 of domain 1: its backend did not let go within 0.05 s: state 5 (Closing)',
    ]);
    expect(scriptRuns()).toEqual(['remove backend/vbd/1/51712']);
    expect(daemon.list().filter((line) => line.includes('vbd'))).toEqual([]);
  });

  test('a script that fails is told, and does not keep the nodes', async () => {
    writeScript(folder, 'hotplug', 'echo oh no; exit 1');
    const [vif] = await devicesOf(store, 1, ['vif']);
    if (vif === undefined) throw new Error('no vif');
    expect(await removeDevice(store, vif)).toEqual([`vif 0 of domain 1: ${script} offline ended with 1: oh no`]);
    expect(daemon.list().filter((line) => line.includes('vif'))).toEqual([]);
  });

  test('all of a domain, with its console', async () => {
    await store.transaction((t) => writeConsoleNodes(t, 1, { frame: 233472n, port: 2 }));
    expect(await removeAllDevices(store, 1)).toEqual([]);
    expect(scriptRuns().sort()).toEqual(['offline backend/vif/1/0', 'remove backend/vbd/1/51712']);
    expect(daemon.list().filter((line) => /vif|vbd|console|libxl/.test(line))).toEqual([]);
  });
});

describe('listing', () => {
  beforeEach(async () => {
    await store.transaction((t) => writeDeviceNodes(t, planVif(1, { ...VIF, deviceId: 3 })));
    await store.transaction((t) => writeDeviceNodes(t, planDisk(1, DISK)));
  });

  test('interfaces and disks, with what their two sides have agreed on', async () => {
    daemon.write('/local/domain/1/device/vif/3/tx-ring-ref', '522');
    daemon.write('/local/domain/1/device/vbd/51712/ring-ref', '8');
    expect(await vifsOf(store, 1)).toEqual([
      {
        devid: 3,
        backendDomid: 0,
        mac: '00:16:3e:00:00:02',
        handle: 3,
        state: 1,
        eventChannel: -1,
        txRing: 522,
        rxRing: -1,
        backendPath: '/local/domain/0/backend/vif/1/3',
      },
    ]);
    expect(await disksOf(store, 1)).toMatchObject([{ devid: 51712, domid: 1, ring: 8, eventChannel: -1 }]);
    expect(await vifsOf(store, 99)).toEqual([]);
  });

  test('what a domain writes into its own nodes is a number or -1', async () => {
    daemon.write('/local/domain/1/device/vif/3/state', 'NaN; rm -rf /');
    expect(await vifsOf(store, 1)).toMatchObject([{ state: -1 }]);
  });

  test('finding one', async () => {
    expect(await findVif(store, 1, '3')).toMatchObject({ devid: 3 });
    expect(await findVif(store, 1, '00:16:3E:00:00:02')).toMatchObject({ devid: 3 });
    expect(await findVif(store, 1, 'foo')).toBeUndefined();
    expect(await findDisk(store, 1, 'xvda')).toMatchObject({ devid: 51712 });
    expect(await findDisk(store, 1, '51712')).toMatchObject({ devid: 51712 });
    expect(await findDisk(store, 1, 'xvdb')).toBeUndefined();
  });
});
