import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineBench } from '../../../support/native-machine';
import { cellRam, FLAGS, GICD, GICR, MMCONFIG, SHARED, UART, withBench } from '../../../support/native-machine';
import type { MachineCell } from '../../../../src/native/machine';

const folder = join(__dirname, '../../../../inmates/prebuilt');
const inmate = (name: string): Uint8Array => readFileSync(join(folder, `${name}.bin`));

/** The GA release's communication region (jailhouse-abi reference 4.5) of a cell with the i.MX UART as its console. */
function commRegion(): Uint8Array {
  const bytes = Buffer.alloc(112);
  bytes.write('JHCOMM', 0, 'latin1');
  bytes.writeUInt16LE(1, 6);
  bytes.writeBigUInt64LE(UART, 24);
  bytes.writeUInt16LE(8, 36);
  bytes.writeUInt16LE(3, 38);
  bytes.writeUInt8(3, 56);
  bytes.writeBigUInt64LE(GICD, 64);
  bytes.writeBigUInt64LE(GICR, 80);
  bytes.writeBigUInt64LE(MMCONFIG, 88);
  bytes.writeBigUInt64LE(0x100000n, 96);
  bytes.writeUInt32LE(108, 104);
  return bytes;
}

function startInmate(
  bench: MachineBench,
  name: string,
  commandLine = '',
  cell: Partial<MachineCell> & { more?: MachineCell['regions'][number][] } = {},
  cpus = [3],
): void {
  bench.createCell(1, cpus, cell);
  bench.machine.writePhysical(cellRam(1), inmate(name));
  if (commandLine !== '') bench.machine.writePhysical(cellRam(1) + 0x1000n, Buffer.from(`${commandLine}\0`));
  bench.machine.startCell(1, { entry: 0n, commRegion: commRegion() });
}

const lines = (bench: MachineBench): string[] => bench.uart().replaceAll('\r', '').split('\n');

test('gic-demo: ten interrupts a second, and nothing else traps', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    startInmate(bench, 'gic-demo');
    bench.machine.setVirtualLimit(1_000_000_000n);
    await bench.machine.virtualRest();
    expect(lines(bench).slice(0, 2)).toEqual(['Initializing the GIC...', 'Initializing the timer...']);
    expect(lines(bench)[2]).toMatch(/^Timer fired, jitter: +\d+ ns, min: +\d+ ns, max: +\d+ ns$/);
    const [total, mmio] = bench.machine.cpuCounters(3);
    const irqs = bench.counter(3, 'virt_irq');
    bench.machine.setVirtualLimit(2_000_000_000n);
    await bench.machine.virtualRest();
    expect(bench.counter(3, 'virt_irq')).toBe(irqs + 10);
    expect(bench.machine.cpuCounters(3).slice(0, 2)).toEqual([(total ?? 0) + 10, mmio]);
  });
});

test('gic-demo on the real clock is never early', async () => {
  await withBench({}, async (bench) => {
    const started = bench.machine.nowNs();
    startInmate(bench, 'gic-demo');
    await bench.until(() => lines(bench).filter((line) => line.startsWith('Timer fired')).length >= 3);
    expect(bench.machine.nowNs() - started).toBeGreaterThanOrEqual(300_000_000n);
  });
});

test('uart-demo counts', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    startInmate(bench, 'uart-demo');
    bench.machine.setVirtualLimit(1_100_000_000n);
    await bench.machine.virtualRest();
    expect(lines(bench).slice(0, 3)).toEqual(['Hello 1 from cell!', 'Hello 2 from cell!', 'Hello 3 from cell!']);
  });
});

test('ivshmem-demo answers each doorbell of root', async () => {
  const region = {
    physStart: SHARED,
    virtStart: SHARED,
    sizeBytes: 0x200000n,
    flags: FLAGS.read | FLAGS.write | FLAGS.rootShared,
  };
  const device = {
    bdf: 0,
    barMask: [0xffffff00, 0xffffffff, 0, 0, 0, 0],
    msixVectors: 0,
    protocol: 0,
    regions: [region],
    deviceId: 0,
    peers: 2,
  };
  await withBench({ rootCell: { pciDevices: [device], vpciIrqBaseIntid: 106 } }, async (bench) => {
    const bar0 = 0xbbc00000n;
    bench.machine.rootWrite(0, MMCONFIG + 0x10n, 4, bar0);
    bench.machine.rootWrite(0, MMCONFIG + 4n, 2, 6n);
    bench.machine.rootWrite(0, bar0, 4, 0xffffffffn);
    startInmate(bench, 'ivshmem-demo', '', {
      more: [region],
      intids: [108],
      vpciIrqBaseIntid: 108,
      pciDevices: [device],
    });
    const waiting = (): number => lines(bench).filter((line) => line === 'IVSHMEM: waiting for interrupt.').length;
    const heard = (): number =>
      bench.events.reduce((sum, event) => sum + (event.type === 'rootInterrupt' ? event.count : 0), 0);
    await bench.until(() => waiting() === 1);
    for (let round = 1; round <= 3; round++) {
      bench.machine.rootWrite(0, bar0 + 0xcn, 4, 1n);
      await bench.until(() => waiting() === round + 1 && heard() === round + 1);
      expect(bench.uart()).toContain(`IVSHMEM: handle_irq(irqn:108) - interrupt #${round - 1}`);
    }
    expect(bench.counter(3, 'virt_irq')).toBe(3);
  });
});

test('fault-demo is parked with a report', async () => {
  await withBench({}, async (bench) => {
    startInmate(bench, 'fault-demo');
    await bench.failed(3);
    expect(bench.console()).toMatch(
      /^Unhandled data write at 0x12345678\(4\)\n\nFATAL: unhandled trap \(exception class 0x24\)\n/,
    );
    expect(bench.console()).toMatch(/\n\nParking CPU 3 \(Cell: "cell-1"\)\n$/);
  });
});

test('smp-demo passes an interrupt round all CPUs of its cell', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    startInmate(bench, 'smp-demo', 'period-ms=10', {}, [1, 2, 3]);
    bench.machine.setVirtualLimit(500_000_000n);
    await bench.machine.virtualRest();
    for (const cpu of [1, 2, 3]) expect(bench.counter(cpu, 'virt_sgi')).toBeGreaterThan(0);
  });
});
