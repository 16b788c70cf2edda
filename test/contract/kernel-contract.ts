import {
  encodeCellCreate,
  encodeCellId,
  encodeEnable,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
} from '../../src/abi/jailhouse';
import { cellFile, systemFile } from '../support/configs';
import type { Kernel, KernelFile } from '../../src/kernel/kernel';

const DEVICE = '/dev/jailhouse';
const ATTRIBUTE = '/sys/devices/jailhouse/enabled';

/**
 * What every backend must do alike, seen through the seam: the same test runs against an emulated board and against a real
 * one. Jailhouse's driver must be loaded and the hypervisor off, before and afterwards.
 */
export function kernelContract(backend: string, openKernel: () => Promise<Kernel>): void {
  describe(`kernel contract: ${backend}`, () => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await openKernel();
    });
    afterAll(() => kernel?.close());

    const open = (nonBlocking = true) => kernel.open(DEVICE, { access: 'read-write', nonBlocking });
    async function withDevice<T>(call: (file: KernelFile) => Promise<T>, nonBlocking?: boolean): Promise<T> {
      const file = await open(nonBlocking);
      try {
        return await call(file);
      } finally {
        await file.close();
      }
    }

    test('the hypervisor is off', async () => expect(text(await kernel.readFile(ATTRIBUTE))).toBe('0\n'));

    describe('files', () => {
      test('a missing one', async () => {
        await expect(kernel.readFile('/sys/devices/jailhouse/nothing')).rejects.toMatchObject({ errno: 'ENOENT' });
        await expect(kernel.readDirectory('/sys/devices/nothing')).rejects.toMatchObject({ errno: 'ENOENT' });
        await expect(kernel.stat('/dev/nothing')).rejects.toMatchObject({ errno: 'ENOENT' });
        await expect(kernel.open('/dev/nothing', { access: 'read' })).rejects.toMatchObject({ errno: 'ENOENT' });
      });

      test('folders and files are not each other', async () => {
        await expect(kernel.readFile('/sys/devices/jailhouse')).rejects.toMatchObject({ errno: 'EISDIR' });
        await expect(kernel.readDirectory(ATTRIBUTE)).rejects.toMatchObject({ errno: 'ENOTDIR' });
        await expect(kernel.open('/sys/devices/jailhouse', { access: 'read-write' })).rejects.toMatchObject({
          errno: 'EISDIR',
        });
      });

      test('many at once: each has its content or its error, in order', async () => {
        const [enabled, missing, folder, pool] = await kernel.readFiles([
          ATTRIBUTE,
          '/sys/devices/jailhouse/nothing',
          '/sys/devices/jailhouse',
          '/sys/devices/jailhouse/mem_pool_size',
        ]);
        expect(text(enabled as Uint8Array)).toBe('0\n');
        expect(missing).toMatchObject({
          name: 'KernelError',
          errno: 'ENOENT',
          operation: 'opening /sys/devices/jailhouse/nothing',
        });
        expect(folder).toMatchObject({ name: 'KernelError', errno: 'EISDIR' });
        expect(text(pool as Uint8Array)).toBe('0\n');
        expect(await kernel.readFiles([])).toEqual([]);
      });

      test('kinds and sizes', async () => {
        expect(await kernel.stat(DEVICE)).toMatchObject({ kind: 'device' });
        expect(await kernel.stat('/sys/devices/jailhouse')).toMatchObject({ kind: 'directory' });
        expect(await kernel.stat(ATTRIBUTE)).toEqual({ kind: 'file', sizeBytes: 4096 });
      });

      test("the driver's attributes", async () => {
        const names = await kernel.readDirectory('/sys/devices/jailhouse');
        expect(names).toEqual(
          expect.arrayContaining([
            'cells',
            'console',
            'enabled',
            'mem_pool_size',
            'mem_pool_used',
            'remap_pool_size',
            'remap_pool_used',
          ]),
        );
        expect(names).not.toContain('.');
        expect(await kernel.readDirectory('/sys/devices/jailhouse/cells')).toEqual([]);
        expect(text(await kernel.readFile('/sys/devices/jailhouse/mem_pool_size'))).toBe('0\n');
      });

      test('an attribute that nobody may write is not opened for it', async () =>
        expect(kernel.open(ATTRIBUTE, { access: 'read-write' })).rejects.toMatchObject({ errno: 'EACCES' }));

      test('reading an open attribute ends', async () => {
        const file = await kernel.open(ATTRIBUTE, { access: 'read' });
        expect(text(await file.read(100))).toBe('0\n');
        expect(await file.read(100)).toHaveLength(0);
        await file.close();
      });
    });

    describe('requests', () => {
      test('unknown ones', () =>
        withDevice((file) =>
          expect(file.ioctl(0x4004_0000)).rejects.toMatchObject({ errno: 'EINVAL', errnoNumber: 22 }),
        ));

      test.each([
        ['disable', JAILHOUSE_DISABLE, undefined],
        ['enable with the config of a cell', JAILHOUSE_ENABLE, encodeEnable(cellFile())],
        ['create', JAILHOUSE_CELL_CREATE, encodeCellCreate(cellFile())],
        ['create with a system config', JAILHOUSE_CELL_CREATE, encodeCellCreate(systemFile())],
        ['start', JAILHOUSE_CELL_START, encodeCellId({ id: 1 })],
      ])('%s', async (_, request, argument) =>
        withDevice((file) => expect(file.ioctl(request, argument)).rejects.toMatchObject({ errno: 'EINVAL' })),
      );

      test('a request without the argument that it needs', () =>
        withDevice((file) => expect(file.ioctl(JAILHOUSE_CELL_START)).rejects.toMatchObject({ errno: 'EFAULT' })));
    });

    describe('console', () => {
      test('not blocking: what there is, or EAGAIN', () =>
        withDevice(async (file) => {
          const outcome = await file.read(128).catch((error: unknown) => error);
          expect(outcome instanceof Uint8Array || (outcome as { errno?: string }).errno === 'EAGAIN').toBe(true);
        }));

      test('a read that waits ends with EINTR when its signal aborts', () =>
        withDevice(async (file) => {
          const abort = new AbortController();
          const reading = drain(file, abort.signal);
          setImmediate(() => abort.abort());
          await expect(reading).rejects.toMatchObject({ errno: 'EINTR' });
        }, false));

      test('a read whose signal has aborted before does not wait', () =>
        withDevice(
          (file) => expect(file.read(1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ errno: 'EINTR' }),
          false,
        ));
    });

    describe('descriptions', () => {
      test('the device cannot be mapped', () =>
        withDevice(async (file) => {
          await expect(file.mapMemory(0, 4096, 'read')).rejects.toMatchObject({ errno: 'ENODEV' });
          await expect(file.mapRegisters(0, 4096)).rejects.toMatchObject({ errno: 'ENODEV' });
        }));

      test('a closed one is of no use; closing it again does no harm', async () => {
        const file = await open();
        await file.close();
        await file.close();
        await expect(file.ioctl(JAILHOUSE_DISABLE)).rejects.toMatchObject({ errno: 'EBADF' });
        await expect(file.read(1)).rejects.toMatchObject({ errno: 'EBADF' });
      });

      test('closing one leaves another alone', async () => {
        const [first, second] = await Promise.all([open(), open()]);
        await first.close();
        await expect(second.ioctl(JAILHOUSE_DISABLE)).rejects.toMatchObject({ errno: 'EINVAL' });
        await second.close();
      });
    });
  });
}

/** Reads until nothing is left, and then waits. */
async function drain(file: KernelFile, signal: AbortSignal): Promise<never> {
  for (;;) {
    await file.read(2048, { signal });
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
