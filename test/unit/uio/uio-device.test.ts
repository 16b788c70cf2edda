import { uioDevices } from '../../../src/uio/attributes';
import { UioDevice } from '../../../src/uio/uio-device';
import { ivshmemFiles } from '../../support/uio';
import { FakeKernel } from '../../support/fake-kernel';

/** As v1 reads them: position 1 at 8. As v2: id 2 at 0, three ends at 4. */
const REGISTERS = { 0x00: 2, 0x04: 3, 0x08: 1 };

function kernelWith(version: 1 | 2, how: 'pci' | 'maps' = 'pci'): FakeKernel {
  const reads = [Uint8Array.of(7, 0, 0, 0), Uint8Array.of(9, 0, 0, 0)];
  const memory = new Uint8Array(0x100000);
  return new FakeKernel(ivshmemFiles(version, how), { '/dev/uio0': { reads, registers: REGISTERS, memory } });
}

test.each([
  [1, 'pci'],
  [2, 'pci'],
  [1, 'maps'],
  [2, 'maps'],
] as const)('v%d is recognised by its %s', async (version, how) => {
  const device = await UioDevice.open(kernelWith(version, how), '/dev/uio0');
  expect(device.version).toBe(version);
  expect(device.attributes).toMatchObject({ device: 'uio0', name: 'uio_ivshmem', version: '0.0.1' });
});

test('v1: position, two ends, doorbell at 12, interrupts need no arming', async () => {
  const kernel = kernelWith(1);
  const device = await UioDevice.open(kernel, '/dev/uio0');
  expect(await device.position()).toBe(1);
  expect(await device.peers()).toBe(2);
  await device.ring(0);
  await device.ring(3, 5);
  expect(await device.waitForInterrupt()).toBe(7);
  expect(await device.waitForInterrupt()).toBe(9);
  expect(kernel.writes).toEqual([
    { offset: 12, value: 0 },
    { offset: 12, value: 0x30005 },
  ]);
});

test('v2: id, ends, doorbell by peer and vector, every interrupt allowed anew', async () => {
  const kernel = kernelWith(2);
  const device = await UioDevice.open(kernel, '/dev/uio0');
  expect(await device.position()).toBe(2);
  expect(await device.peers()).toBe(3);
  await device.ring(0xffff, 1);
  await device.waitForInterrupt();
  await device.waitForInterrupt();
  expect(kernel.writes).toEqual([
    { offset: 12, value: 0xffff0001 },
    { offset: 8, value: 1 },
    { offset: 8, value: 1 },
    { offset: 8, value: 1 },
  ]);
});

test('interrupts may be armed before anybody waits', async () => {
  const kernel = kernelWith(2);
  const device = await UioDevice.open(kernel, '/dev/uio0');
  await device.armInterrupts();
  expect(kernel.writes).toEqual([{ offset: 8, value: 1 }]);
  await device.waitForInterrupt();
  expect(kernel.writes).toHaveLength(2);
});

test('sections have the sizes that sysfs tells', async () => {
  const v1 = await UioDevice.open(kernelWith(1), '/dev/uio0');
  expect((await v1.mapSection('shared', 'read-write')).bytes.length).toBe(0x100000);
  await expect(v1.mapSection('states', 'read')).rejects.toMatchObject({ code: 'E_UIO_SECTION' });
  const v2 = await UioDevice.open(kernelWith(2), '/dev/uio0');
  expect((await v2.mapSection('states', 'read')).bytes.length).toBe(0x1000);
  expect((await v2.mapSection('output', 'read-write')).bytes.length).toBe(0x2000);
});

test('what is no ivshmem device is not touched', async () => {
  const files = {
    '/sys/class/uio/uio0/name': 'other\n',
    '/sys/class/uio/uio0/device/vendor': '0x8086\n',
    '/sys/class/uio/uio0/device/device': '0x1\n',
  };
  const kernel = new FakeKernel(files, { '/dev/uio0': { registers: REGISTERS }, '/dev/null': {} });
  await expect(UioDevice.open(kernel, '/dev/uio0')).rejects.toMatchObject({
    code: 'E_UIO_UNKNOWN',
    message: '/dev/uio0 (other) is no ivshmem device',
  });
  await expect(UioDevice.open(kernel, '/dev/null')).rejects.toMatchObject({
    code: 'E_UIO_UNKNOWN',
    message: '/dev/null is no UIO device',
    hint: 'UIO devices are /dev/uio0',
  });
  expect(kernel.openFiles).toBe(0);
});

test('failures carry what was tried', async () => {
  const kernel = new FakeKernel(ivshmemFiles(1), { '/dev/uio0': {} });
  await expect(UioDevice.open(kernel, '/dev/uio1')).rejects.toMatchObject({
    operation: 'opening /dev/uio1',
    errno: 'ENOENT',
  });
  await expect(UioDevice.open(kernel, '/dev/uio0')).rejects.toMatchObject({ operation: 'mmap', errno: 'ENODEV' });
  expect(kernel.openFiles).toBe(0);
});

test('a read of the wrong length is an error', async () => {
  const kernel = new FakeKernel(ivshmemFiles(1), { '/dev/uio0': { reads: ['ab'], registers: REGISTERS } });
  const device = await UioDevice.open(kernel, '/dev/uio0');
  await expect(device.waitForInterrupt()).rejects.toMatchObject({ operation: 'read', errno: 'EIO' });
});

test('lists devices', async () => {
  expect(await uioDevices(new FakeKernel(ivshmemFiles(1)))).toEqual(['/dev/uio0']);
  expect(await uioDevices(new FakeKernel())).toEqual([]);
});
