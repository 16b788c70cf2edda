import { cpuSetOf, encodeConfig, JAILHOUSE_DISABLE, JAILHOUSE_ENABLE } from '../../../src/abi/jailhouse';
import { imx8mq, imx8mqGicDemo } from './configs';
import { errno, powerOn } from './session';
import type { SystemConfig } from '../../../src/abi/jailhouse';

const rootWith = (changes: Partial<SystemConfig['rootCell']>): SystemConfig => ({
  ...imx8mq,
  rootCell: { ...imx8mq.rootCell, ...changes },
});
const armWith = (changes: Partial<NonNullable<SystemConfig['arm']>>): SystemConfig => ({
  ...imx8mq,
  arm: { ...(imx8mq.arm as NonNullable<SystemConfig['arm']>), ...changes },
});
const bytes = encodeConfig(imx8mq, 'nxp-10');
const patched = (offset: number, ...values: number[]) => {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
};
const memoryAt = (physStart: bigint, size = 0x40_0000n): SystemConfig => ({
  ...imx8mq,
  hypervisorMemory: { ...imx8mq.hypervisorMemory, physStart, size },
});

describe('ENABLE refuses what the driver refuses (jailhouse-abi reference 1.3)', () => {
  test.each([
    ['no argument', undefined, 'EFAULT', []],
    ['a header that is cut short', bytes.slice(0, 537), 'EFAULT', []],
    ['another signature', patched(0, 0x4a, 0x48, 0x58), 'EINVAL', ['jailhouse: Not a system configuration']],
    ['another revision', patched(6, 11), 'EINVAL', ['jailhouse: Configuration revision mismatch']],
    ['a CPU set behind the end', bytes.slice(0, 540), 'EFAULT', []],
    ['an empty CPU set', encodeConfig(rootWith({ cpuSet: cpuSetOf([]) }), 'nxp-10'), 'EINVAL', []],
    ['arrays that are cut short', bytes.slice(0, 889), 'EFAULT', []],
    ['less memory than the image', encodeConfig(memoryAt(0xfdc0_0000n, 0x1_8000n), 'nxp-10'), 'EINVAL', []],
    [
      'less memory than image and per-CPU areas',
      encodeConfig(memoryAt(0xfdc0_0000n, 0x2_e000n), 'nxp-10'),
      'EINVAL',
      [],
    ],
    [
      'memory that Linux uses',
      encodeConfig(memoryAt(0x5000_0000n), 'nxp-10'),
      'EINVAL',
      [
        'jailhouse: request_mem_region failed for hypervisor memory.',
        'jailhouse: Did you reserve the memory with "memmap=" or "mem="?',
      ],
    ],
    [
      'memory that is none',
      encodeConfig(memoryAt(0x1000_0000n), 'nxp-10'),
      'EINVAL',
      ['jailhouse: Unable to map RAM reserved for hypervisor at 10000000'],
    ],
  ])('%s', async (_what, config, expected, log) => {
    const { ioctl, kernelLines, sysfs, machine, text } = powerOn();
    const argument = config && { bytes: config, references: [] };
    await expect(ioctl(JAILHOUSE_ENABLE, argument)).rejects.toEqual(errno(expected));
    expect(kernelLines).toEqual(log);
    expect(sysfs('enabled')).toBe('0\n');
    expect(machine.calls).toEqual([]);
    expect(text('/proc/iomem')).not.toContain('Jailhouse');
  });

  test('a missing image', async () => {
    const { enable, kernelLines } = powerOn({ hasFirmware: false });
    await expect(enable(imx8mq)).rejects.toEqual(errno('ENOENT'));
    expect(kernelLines).toEqual(['jailhouse: Missing hypervisor image jailhouse.bin']);
  });

  test('a second time', async () => {
    const { enable } = powerOn();
    await enable(imx8mq);
    await expect(enable(imx8mq)).rejects.toEqual(errno('EBUSY'));
  });
});

describe('what the hypervisor refuses is told on its console, which stays readable (reference 5.4)', () => {
  test.each([
    ['more CPUs than there are', rootWith({ cpuSet: cpuSetOf([0, 1, 2, 3, 4]) }), 'EINVAL', ' CPU 3... OK'],
    ['fewer CPUs than enter', rootWith({ cpuSet: cpuSetOf([0, 1, 2]) }), 'EINVAL', ' CPU 3... FAILED'],
    ['a GIC of version 4', armWith({ gicVersion: 4 }), 'EINVAL', 'Initializing unit: irqchip'],
    ['a distributor elsewhere', armWith({ gicdBase: 0x3890_0000n }), 'ENODEV', 'Initializing unit: irqchip'],
    ['redistributors elsewhere', armWith({ gicrBase: 0x3889_0000n }), 'ENODEV', 'GIC: No redist found for CPU0'],
    [
      'an irqchip with a bad pin_base',
      rootWith({ irqchips: [{ address: 0x3880_0000n, id: 0, pinBase: 33, pinBitmap: [1, 0, 0, 0] }] }),
      'EINVAL',
      'Initializing unit: irqchip',
    ],
    [
      'an ivshmem device without memory',
      rootWith({ memoryRegions: imx8mq.rootCell.memoryRegions.slice(0, 2) }),
      'EINVAL',
      'Adding virtual PCI device 00:00.0 to cell "imx8mq"',
    ],
    [
      'memory for no more than itself',
      memoryAt(0xfdc0_0000n, 0x3_1000n),
      'ENOMEM',
      'Code location: 0x0000ffffc0200800',
    ],
  ])('%s', async (_what, config, expected, lastLine) => {
    const { board, ioctl, machine, sysfs, text } = powerOn();
    const argument = { bytes: encodeConfig(config, 'nxp-10'), references: [] };
    await expect(ioctl(JAILHOUSE_ENABLE, argument)).rejects.toEqual(errno(expected));
    expect(machine.calls).toEqual(['enable', 'disable']);
    expect(sysfs('enabled')).toBe('0\n');
    expect(board.readDirectory('/sys/devices/jailhouse/cells')).toEqual([]);
    expect(text('/proc/iomem')).not.toContain('Jailhouse');
    const reader = board.open('/dev/jailhouse', { access: 'read', nonBlocking: true });
    const log = new TextDecoder().decode(await reader.read(4096));
    expect(log.trimEnd().split('\n').at(-1)).toBe(lastLine);
  });

  test('the board can be enabled after a failure', async () => {
    const { ioctl, enable, sysfs } = powerOn();
    const argument = { bytes: encodeConfig(armWith({ gicVersion: 4 }), 'nxp-10'), references: [] };
    await expect(ioctl(JAILHOUSE_ENABLE, argument)).rejects.toEqual(errno('EINVAL'));
    await enable(imx8mq);
    expect(sysfs('enabled')).toBe('1\n');
  });

  test('a CPU that is parked while Linux looks for its devices: EIO, and nothing stays', async () => {
    const { board, enable, sysfs, machine, text } = powerOn();
    const memory = text('/proc/iomem');
    machine.onRootWrite = (address) => {
      if (address !== 0xbfc0_0000n) return; // the device's interrupt control
      machine.failedCpus.add(0);
      throw new Error('parked');
    };
    await expect(enable(imx8mq)).rejects.toEqual(errno('EIO'));
    expect(sysfs('enabled')).toBe('0\n');
    expect(board.cells()).toEqual([]);
    expect(board.readDirectory('/sys/class/uio')).toEqual([]);
    expect(text('/proc/iomem')).toBe(memory);
    expect(text('/proc/interrupts').trimEnd().split('\n')).toHaveLength(1);

    machine.onRootWrite = undefined;
    machine.failedCpus.clear();
    await enable(imx8mq);
    expect(board.readDirectory('/sys/class/uio')).toEqual(['uio0']);
  });
});

describe('DISABLE', () => {
  test('is refused when there is nothing to disable', async () => {
    const { ioctl } = powerOn();
    await expect(ioctl(JAILHOUSE_DISABLE)).rejects.toEqual(errno('EINVAL'));
  });

  test('destroys the cells first and keeps the hypervisor memory and image until the next ENABLE', async () => {
    const { enable, create, disable, kernelLines, text, board, machine } = powerOn();
    await enable(imx8mq);
    await create(imx8mqGicDemo);
    await disable();
    expect(kernelLines).toContain('Destroyed Jailhouse cell "gic-demo"');
    expect(text('/sys/devices/system/cpu/online')).toBe('0-3\n');
    expect(text('/proc/iomem')).toContain('fdc00000-fdffffff : Jailhouse hypervisor\n');
    const core = board.readFile('/sys/devices/jailhouse/core');
    expect(core.length).toBe(0x1e000);
    expect(new TextDecoder().decode(core.subarray(0, 8))).toBe('JAILHOUS');
    expect(machine.calls.slice(-2)).toEqual(['destroy 1', 'disable']);
    await enable(imx8mq);
    expect(text('/proc/iomem').match(/Jailhouse/g)).toHaveLength(1);
  });
});

test('any other request is EINVAL', async () => {
  const { ioctl } = powerOn();
  await expect(ioctl(0x4004_0000)).rejects.toEqual(errno('EINVAL'));
  await expect(ioctl(6)).rejects.toEqual(errno('EINVAL'));
});
