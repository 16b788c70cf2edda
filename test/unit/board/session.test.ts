import * as configs from './configs';
import { powerOn } from './session';

const IMAGE = Uint8Array.of(1, 2, 3, 4);

describe('the session of the guide, 2.6', () => {
  test('gic-demo: console, kernel log and state at each step', async () => {
    const { enable, create, load, start, destroy, disable, sysfs, machine, kernelLines, board } = powerOn();
    const console = () => machine.console.split('\n');
    const since = async (action: () => Promise<unknown>) => {
      const [lines, log] = [machine.console.length, kernelLines.length];
      await action();
      return { console: machine.console.slice(lines).split('\n').slice(0, -1), log: kernelLines.slice(log) };
    };
    expect(sysfs('enabled')).toBe('0\n');
    expect(await enable(configs.imx8mq)).toBe(0);
    expect(console()).toEqual([
      '',
      'Initializing Jailhouse hypervisor v0.10 on CPU 0',
      'Code location: 0x0000ffffc0200800',
      'Page pool usage after early setup: mem 39/994, remap 0/131072',
      'Initializing processors:',
      ' CPU 0... OK',
      ' CPU 1... OK',
      ' CPU 2... OK',
      ' CPU 3... OK',
      'Initializing unit: irqchip',
      'Initializing unit: ARM SMMU',
      'No SMMU',
      'Initializing unit: PCI',
      'Adding virtual PCI device 00:00.0 to cell "imx8mq"',
      'iommu_config_commit imx8mq',
      'Page pool usage after late setup: mem 61/994, remap 144/131072',
      'Activating hypervisor',
      '',
    ]);
    expect(kernelLines.at(-1)).toBe('The Jailhouse is opening.');
    expect(sysfs('enabled')).toBe('1\n');
    expect(sysfs('mem_pool_used')).toBe('61\n');

    expect(await since(() => create(configs.imx8mqGicDemo))).toEqual({
      console: [
        'iommu_config_commit gic-demo',
        'Created cell "gic-demo"',
        'Page pool usage after cell creation: mem 73/994, remap 144/131072',
      ],
      log: ['CPU3: shutdown', 'psci: CPU3 killed.', 'Created Jailhouse cell "gic-demo"'],
    });
    expect(sysfs('cells/1/state')).toBe('shut down\n');
    expect(sysfs('cells/1/cpus_assigned_list')).toBe('3\n');
    expect(sysfs('cells/0/cpus_assigned')).toBe('7\n');

    const images = [{ source: IMAGE, targetAddress: 0x10n }];
    expect(await since(() => load({ id: 1 }, images))).toEqual({ console: ['Cell "gic-demo" can be loaded'], log: [] });
    expect(machine.readPhysical(0xc000_0010n, 4)).toEqual(IMAGE);
    expect(await since(() => start({ name: 'gic-demo' }))).toEqual({ console: ['Started cell "gic-demo"'], log: [] });
    expect(board.cells()).toEqual([
      { id: 0, name: 'imx8mq', state: 'running' },
      { id: 1, name: 'gic-demo', state: 'running' },
    ]);

    expect(await since(() => load({ id: 1 }, []))).toEqual({ console: ['Cell "gic-demo" can be loaded'], log: [] });
    expect(await since(() => load({ id: 1 }, []))).toEqual({ console: [], log: [] });
    expect(await since(() => destroy({ id: 1 }))).toEqual({
      console: [
        'Closing cell "gic-demo"',
        'iommu_config_commit gic-demo',
        'Page pool usage after cell destruction: mem 62/994, remap 144/131072',
      ],
      log: [
        'Detected VIPT I-cache on CPU3',
        'GICv3: CPU3: found redistributor 3 region 0:0x00000000388e0000',
        'CPU3: Booted secondary processor [410fd034]',
        'Destroyed Jailhouse cell "gic-demo"',
      ],
    });
    expect(await since(disable)).toEqual({
      console: ['Shutting down hypervisor', ...[0, 1, 2, 3].map((cpu) => ` Releasing CPU ${cpu}`)],
      log: ['The Jailhouse was closed.'],
    });
    expect(machine.hypervisor).toBeUndefined();
    expect(board.readDirectory('/sys/devices/jailhouse/cells')).toEqual([]);
  });

  test('ivshmem-demo: the link is announced, and what the inmate finds is in its page', async () => {
    const { enable, create, start, machine } = powerOn();
    await enable(configs.imx8mq);
    const before = machine.console.length;
    await create(configs.imx8mqIvshmemDemo);
    expect(machine.console.slice(before).split('\n').slice(0, 2)).toEqual([
      'Adding virtual PCI device 00:00.0 to cell "ivshmem-demo"',
      'Shared memory connection established: "ivshmem-demo" <--> "imx8mq"',
    ]);
    expect(machine.cells.get(1)).toMatchObject({
      cpus: [3],
      intids: [141],
      vpciIrqBaseIntid: 141,
      pciDevices: [{ bdf: 0, protocol: 0, regions: [{ physStart: 0xbfd0_0000n }] }],
    });
    await start({ id: 1 });
    const page = machine.starts.get(1)?.commRegion as Uint8Array;
    const view = new DataView(page.buffer, page.byteOffset);
    expect(new TextDecoder().decode(page.subarray(0, 6))).toBe('JHCOMM');
    expect(view.getUint16(6, true)).toBe(1);
    expect(view.getUint8(56)).toBe(3);
    expect(view.getBigUint64(64, true)).toBe(0x3880_0000n);
    expect(view.getBigUint64(80, true)).toBe(0x3888_0000n);
    expect(view.getBigUint64(88, true)).toBe(0xbfb0_0000n);
    expect(view.getUint32(104, true)).toBe(141);
  });

  test('uio: the root end is probed as Linux does, interrupts are counted and wake readers', async () => {
    const { board, enable, machine, kernelLines, text, disable } = powerOn();
    expect(() => board.stat('/dev/uio0')).toThrow(expect.objectContaining({ errno: 'ENOENT' }));
    await enable(configs.imx8mq);
    expect(kernelLines).toContain('pci 0000:00:00.0: [1af4:1110] type 00 class 0xff0000');
    expect(kernelLines).toContain('pci 0000:00:00.0: BAR 0: assigned [mem 0xbfc00000-0xbfc000ff 64bit]');
    expect(kernelLines).toContain('uio_ivshmem 0000:00:00.0: using jailhouse mode');
    expect(machine.rootWrites.at(-1)).toEqual({ address: 0xbfc0_0000n, sizeBytes: 4, value: 0xffff_ffffn });

    expect(text('/sys/class/uio/uio0/name')).toBe('uio_ivshmem\n');
    expect(text('/sys/class/uio/uio0/maps/map0/addr')).toBe('0x00000000bfc00000\n');
    expect(text('/sys/class/uio/uio0/maps/map0/size')).toBe('0x0000000000001000\n');
    expect(text('/sys/class/uio/uio0/maps/map1/addr')).toBe('0x00000000bfd00000\n');

    const uio = board.open('/dev/uio0', { access: 'read-write', nonBlocking: false });
    machine.emit({ type: 'rootInterrupt', intid: 88, cpu: 0, count: 1 });
    expect(await uio.read(4)).toEqual(Uint8Array.of(1, 0, 0, 0));
    const readable = uio.poll();
    machine.emit({ type: 'rootInterrupt', intid: 88, cpu: 0, count: 5 });
    expect(await readable).toBe(0x41);
    expect(await uio.read(4)).toEqual(Uint8Array.of(6, 0, 0, 0));
    uio.setNonBlocking(true);
    await expect(uio.read(4)).rejects.toEqual(expect.objectContaining({ errno: 'EAGAIN' }));
    uio.setNonBlocking(false);
    const interrupted = new AbortController();
    const polling = uio.poll(interrupted.signal);
    interrupted.abort();
    await expect(polling).rejects.toEqual(expect.objectContaining({ errno: 'EINTR' }));
    expect(text('/proc/interrupts').split('\n')).toEqual([
      '           CPU0       CPU1       CPU2       CPU3       ',
      '234:          6          0          0          0      GICv3   88 Edge      uio_ivshmem',
      '',
    ]);
    await expect(uio.read(8)).rejects.toEqual(expect.objectContaining({ errno: 'EINVAL' }));

    uio.mapRegisters(0, 256);
    uio.writeRegister32(12, 1);
    expect(machine.rootWrites.at(-1)).toEqual({ address: 0xbfc0_000cn, sizeBytes: 4, value: 1n });
    expect(uio.mapMemory(4096, 0x20_0000, 'read-write')).toEqual({ path: '/fake/ram', offset: 0xbfd0_0000n });
    expect(() => uio.mapMemory(4096, 0x20_0001, 'read')).toThrow(expect.objectContaining({ errno: 'EINVAL' }));
    expect(() => uio.mapMemory(0, 4096, 'read')).toThrow(expect.objectContaining({ errno: 'ENODEV' }));

    machine.onRootWrite = () => {
      machine.failedCpus.add(0);
      throw new Error('parked');
    };
    expect(() => uio.writeRegister32(8, 1)).toThrow(expect.objectContaining({ errno: 'EIO' }));
    expect(text('/sys/devices/jailhouse/cells/0/cpus_failed_list')).toBe('0\n');
    machine.onRootWrite = undefined;

    const last = uio.read(4);
    const lastPoll = uio.poll();
    await disable();
    expect(await lastPoll).toBe(0x8);
    await expect(last).rejects.toEqual(expect.objectContaining({ errno: 'EIO' }));
    expect(() => board.open('/dev/uio0', { access: 'read', nonBlocking: false })).toThrow(
      expect.objectContaining({ errno: 'ENOENT' }),
    );
  });

  test('a VETH device belongs to ivshmem-net, so there is no uio', async () => {
    const { board, enable } = powerOn();
    await enable(configs.imx8mqVeth);
    expect(board.readDirectory('/sys/class/uio')).toEqual([]);
    expect(board.readDirectory('/sys/bus/pci/devices')).toEqual(['0000:00:00.0']);
  });
});
