import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { V1_REG_LSTATE, V1_REG_RSTATE } from '../../src/abi/jailhouse';
import { Jailhouse } from '../../src/jailhouse/jailhouse';
import { uioDevices } from '../../src/uio/attributes';
import { UioDevice } from '../../src/uio/uio-device';
import type { Kernel } from '../../src/kernel/kernel';

const PAGE_BYTES = 4096;
/** Where the demo counts how often it has rung. */
const COUNTER_OFFSET = 19;

export interface IvshmemFiles {
  readonly system: Uint8Array;
  readonly cell: Uint8Array;
  readonly inmate: Uint8Array;
}

/** The guide's ivshmem demo for a board, as `npm run build` makes it. */
export function ivshmemFiles(board: 'imx8mm' | 'imx8mq'): IvshmemFiles {
  const read = (path: string) => readFileSync(join(__dirname, '../..', path));
  return {
    system: read(`cells/${board}.cell`),
    cell: read(`cells/${board}-ivshmem-demo.cell`),
    inmate: read('inmates/ivshmem-demo.bin'),
  };
}

/** UIO and shared memory with a peer that really runs: the guide's ivshmem demo, on ivshmem v1. The hypervisor must be off. */
export function ivshmemContract(backend: string, openKernel: () => Promise<Kernel>, files: () => IvshmemFiles): void {
  describe(`ivshmem contract: ${backend}`, () => {
    let kernel: Kernel;
    let jailhouse: Jailhouse;
    beforeAll(async () => {
      kernel = await openKernel();
      jailhouse = new Jailhouse(kernel);
      await jailhouse.enable(files().system);
    });
    afterAll(async () => {
      await jailhouse.disable();
      expect(await uioDevices(kernel)).toEqual([]);
      await kernel.close();
    });

    test('files that are read again are asked for anew', async () => {
      // Each look at a counter is a hypercall, which counts.
      const paths = ['/sys/devices/jailhouse/cells/0/statistics/vmexits_hypercall'];
      const looks = [await kernel.readFiles(paths), await kernel.readFiles(paths), await kernel.readFiles(paths)];
      const [first, second, third] = looks.map(([content]) => Number(Buffer.from(content as Uint8Array).toString()));
      expect(second).toBeGreaterThan(first as number);
      expect(third).toBeGreaterThan(second as number);
    });

    describe('without a peer', () => {
      test('the device says what it is', async () => {
        expect(await uioDevices(kernel)).toEqual(['/dev/uio0']);
        const device = await UioDevice.open(kernel, '/dev/uio0');
        expect(device.attributes).toMatchObject({
          name: 'uio_ivshmem',
          version: '0.0.1',
          ivshmem: 1,
          maps: [
            { name: 'registers', sizeBytes: PAGE_BYTES },
            { name: 'shmem', sizeBytes: expect.any(Number) },
          ],
        });
        expect(await device.position()).toBe(0);
        await device.close();
      });

      test('reads', async () => {
        const file = await kernel.open('/dev/uio0', { access: 'read-write', nonBlocking: true });
        await expect(file.read(4)).rejects.toMatchObject({ errno: 'EAGAIN' });
        await expect(file.read(5)).rejects.toMatchObject({ errno: 'EINVAL' });
        await file.close();
      });

      test('a read that waits ends with EINTR when its signal aborts', async () => {
        const device = await UioDevice.open(kernel, '/dev/uio0');
        const abort = new AbortController();
        const waiting = device.waitForInterrupt({ signal: abort.signal });
        setImmediate(() => abort.abort());
        await expect(waiting).rejects.toMatchObject({ errno: 'EINTR' });
        await device.close();
      });

      test('registers', async () => {
        const file = await kernel.open('/dev/uio0', { access: 'read-write' });
        const registers = await file.mapRegisters(0, 256);
        await registers.write32(V1_REG_LSTATE, 0xffff_fffe);
        expect(await registers.read32(V1_REG_LSTATE)).toBe(0xffff_fffe);
        expect(await registers.read32(V1_REG_RSTATE)).toBe(0);
        await registers.write32(V1_REG_LSTATE, 0);
        registers.unmap();
        await file.close();
      });

      test('ranges that no map has', async () => {
        const file = await kernel.open('/dev/uio0', { access: 'read-write' });
        await expect(file.mapRegisters(0, 2 * PAGE_BYTES)).rejects.toMatchObject({ errno: 'EINVAL' });
        await expect(file.mapMemory(7 * PAGE_BYTES, PAGE_BYTES, 'read')).rejects.toMatchObject({ errno: 'EINVAL' });
        await file.close();
      });

      test('shared memory is the same pages for all who map it', async () => {
        const other = await openKernel();
        const devices = await Promise.all([kernel, other].map((one) => UioDevice.open(one, '/dev/uio0')));
        const [ours, theirs] = await Promise.all(devices.map((device) => device.mapSection('shared', 'read-write')));
        const size = devices[0]?.attributes.maps[1]?.sizeBytes ?? 0;
        expect([ours?.bytes.length, theirs?.bytes.length]).toEqual([size, size]);
        ours?.bytes.set([1, 2, 3], size - 3);
        expect([...(theirs?.bytes.subarray(size - 4) ?? [])]).toEqual([0, 1, 2, 3]);
        theirs?.bytes.fill(0, size - 3);
        expect(ours?.bytes[size - 1]).toBe(0);
        ours?.unmap();
        expect(ours?.bytes.length).toBe(0);
        theirs?.unmap();
        await Promise.all(devices.map((device) => device.close()));
        await other.close();
      });
    });

    describe('with the demo at the other end', () => {
      let device: UioDevice;
      beforeAll(async () => {
        const { cell, inmate } = files();
        device = await UioDevice.open(kernel, '/dev/uio0');
        await jailhouse.createCell(cell);
        await jailhouse.loadCell({ name: 'ivshmem-demo' }, [{ source: inmate, targetAddress: 0n }]);
        await jailhouse.startCell({ name: 'ivshmem-demo' });
      });
      afterAll(async () => {
        await device.close();
        await jailhouse.destroyCell({ name: 'ivshmem-demo' });
      });

      test('doorbells go to and fro, and the memory counts them', async () => {
        const memory = await device.mapSection('shared', 'read');
        const first = await device.waitForInterrupt();
        const counted = memory.bytes[COUNTER_OFFSET] as number;
        for (let round = 1; round <= 5; round++) {
          await device.ring(0);
          expect(await device.waitForInterrupt()).toBe(first + round);
          expect(memory.bytes[COUNTER_OFFSET]).toBe((counted + round) & 0xff);
        }
        memory.unmap();
      });

      test('interrupts before open are not reported', async () => {
        const late = await kernel.open('/dev/uio0', { access: 'read-write', nonBlocking: true });
        await expect(late.read(4)).rejects.toMatchObject({ errno: 'EAGAIN' });
        await late.close();
      });
    });
  });
}
