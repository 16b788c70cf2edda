import { b, eret, ldrW, ldrX, mov64, strX, wfi } from '../../../support/a64';
import { increment, interruptLoop, interruptsOn, IRQ_VECTOR, poke32, stop, store } from '../../../support/inmate-code';
import type { MachineBench } from '../../../support/native-machine';
import { FLAGS, GICD, MMCONFIG, SHARED, withBench } from '../../../support/native-machine';
import type { MachinePciDevice, MachineRegion } from '../../../../src/native/machine';

const SHARED_SIZE = 0x200000n;
const BAR0 = 0xbbc00000n;
const BAR4 = 0xbbc01000n;
/** The demo cell of i.MX 8M Mini: vpci_irq_base 76, so INTID 108. */
const CELL_INTID = 108;
const ROOT_INTID = 106;
const CELL_CPU = 3;

const region: MachineRegion = {
  physStart: SHARED,
  virtStart: SHARED,
  sizeBytes: SHARED_SIZE,
  flags: FLAGS.read | FLAGS.write | FLAGS.rootShared,
};
const intx: MachinePciDevice = {
  bdf: 0,
  barMask: [0xffffff00, 0xffffffff, 0, 0, 0, 0],
  msixVectors: 0,
  protocol: 0,
  regions: [region],
  deviceId: 0,
  peers: 2,
};
const msix: MachinePciDevice = {
  ...intx,
  msixVectors: 1,
  barMask: [0xffffff00, 0xffffffff, 0, 0, 0xffffffe0, 0xffffffff],
};

const rootOptions = (device = intx) => ({ rootCell: { pciDevices: [device], vpciIrqBaseIntid: ROOT_INTID } });

function createPeer(bench: MachineBench, device = intx): void {
  bench.createCell(1, [CELL_CPU], {
    more: [region],
    intids: [CELL_INTID],
    vpciIrqBaseIntid: CELL_INTID,
    pciDevices: [device],
  });
}

const configRead = (bench: MachineBench, reg: number, sizeBytes: 1 | 2 | 4 = 4): bigint =>
  bench.machine.rootRead(0, MMCONFIG + BigInt(reg), sizeBytes);
const configWrite = (bench: MachineBench, reg: number, value: number, sizeBytes: 1 | 2 | 4 = 4): void => {
  bench.machine.rootWrite(0, MMCONFIG + BigInt(reg), sizeBytes, BigInt(value));
};
/** Root's driver: BAR0 assigned, memory and bus master on. */
function openRootBar(bench: MachineBench): void {
  configWrite(bench, 0x10, Number(BAR0));
  configWrite(bench, 0x14, 0);
  configWrite(bench, 0x04, 6, 2);
}
const openBar: number[] = [
  ...poke32(MMCONFIG + 0x14n, 0),
  ...poke32(MMCONFIG + 0x10n, Number(BAR0)),
  ...poke32(MMCONFIG + 0x04n, 6),
];
const register = (offset: number): bigint => BAR0 + BigInt(offset);
const rootInterrupts = (bench: MachineBench): number =>
  bench.events.reduce(
    (sum, event) => sum + (event.type === 'rootInterrupt' && event.intid === ROOT_INTID ? event.count : 0),
    0,
  );

describe('config space', () => {
  test('is that of the device, by INTx', async () => {
    await withBench(rootOptions(), (bench) => {
      const expected: [number, bigint][] = [
        [0x00, 0x11101af4n],
        [0x04, 0x00100000n],
        [0x08, 0xff000000n],
        [0x0c, 0n],
        [0x10, 0x4n],
        [0x14, 0n],
        [0x18, 0n],
        [0x20, 0n],
        [0x2c, 0x11101af4n],
        [0x30, 0n],
        [0x34, 0n],
        [0x3c, 0x100n],
        [0x40, SHARED],
        [0x44, 0n],
        [0x48, SHARED_SIZE],
        [0x4c, 0n],
        [0x50, 0n],
        [0x5c, 0xffffffffn],
        [0xffc, 0xffffffffn],
      ];
      expect(expected.map(([reg]) => [reg, configRead(bench, reg)])).toEqual(expected);
      expect(configRead(bench, 0x02, 2)).toBe(0x1110n);
      expect(configRead(bench, 0x0b, 1)).toBe(0xffn);
      expect(bench.machine.rootRead(0, MMCONFIG + 0x1000n, 4)).toBe(0xffffffffn);
      expect(bench.counter(0, 'mmio')).toBe(expected.length + 3);
    });
  });

  test('VETH class, and MSI-X', async () => {
    await withBench(rootOptions({ ...msix, protocol: 0x0100 }), (bench) => {
      expect(configRead(bench, 0x08)).toBe(0xff010000n);
      expect([0x20, 0x34, 0x3c, 0x50, 0x54, 0x58].map((reg) => configRead(bench, reg))).toEqual([
        4n,
        0x50n,
        0n,
        0x11n,
        4n,
        0x14n,
      ]);
    });
  });

  test('BARs keep what the mask allows, command keeps two bits, status none', async () => {
    await withBench(rootOptions(), (bench) => {
      configWrite(bench, 0x10, 0xffffffff);
      configWrite(bench, 0x14, 0xffffffff);
      configWrite(bench, 0x18, 0xffffffff);
      expect([0x10, 0x14, 0x18].map((reg) => configRead(bench, reg))).toEqual([0xffffff04n, 0xffffffffn, 0n]);
      configWrite(bench, 0x11, 0x12, 1);
      expect(configRead(bench, 0x10)).toBe(0xffff1204n);
      configWrite(bench, 0x04, 0xffffffff);
      expect(configRead(bench, 0x04)).toBe(0x00100006n);
      configWrite(bench, 0x0c, 0xff);
      configWrite(bench, 0x30, 0xff);
      configWrite(bench, 0x3c, 5, 1);
      configWrite(bench, 0x44, 0xff);
      expect([0x0c, 0x30, 0x3c, 0x44].map((reg) => configRead(bench, reg))).toEqual([0n, 0n, 0x100n, 0n]);
    });
  });
});

describe('link', () => {
  test('positions and state words', async () => {
    await withBench(rootOptions(), (bench) => {
      openRootBar(bench);
      const rootRegister = (offset: number): bigint => bench.machine.rootRead(0, register(offset), 4);
      expect([0, 8, 0xc, 0x10, 0x14].map(rootRegister)).toEqual([0n, 0n, 0n, 0n, 0n]);
      bench.machine.rootWrite(0, register(0x10), 4, 0x55n);
      expect(rootRegister(0x10)).toBe(0x55n);
      configWrite(bench, 0x04, 0, 2);
      expect(() => rootRegister(0)).toThrow('nothing answers');
    });
  });

  test('doorbells both ways by INTx, when enabled', async () => {
    await withBench(rootOptions(), async (bench) => {
      openRootBar(bench);
      createPeer(bench);
      bench.load(1, [
        openBar,
        mov64(1, register(8)),
        ldrW(2, 1),
        store(2, 0x8000),
        interruptsOn,
        poke32(GICD + 0x10cn, 1 << (CELL_INTID - 96)),
        poke32(register(0), 0xffffffff),
        poke32(register(0x10), 0x77),
        increment(0x8010),
        wfi(),
        b(-1),
      ]);
      // Each interrupt is answered with a doorbell.
      bench.load(
        1,
        [interruptLoop([...store(13, 0x8018), ...increment(0x8008), ...poke32(register(0xc), 1)], [eret()])],
        IRQ_VECTOR,
      );
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8010) === 1n);
      expect(bench.word(1, 0x8000)).toBe(1n);
      expect(bench.machine.rootRead(0, register(0x14), 4)).toBe(0x77n);
      // Root has not enabled INTx: the state change went unheard.
      expect(rootInterrupts(bench)).toBe(0);
      bench.machine.rootWrite(0, register(0), 4, 0xffffffffn);

      for (let round = 1; round <= 5; round++) {
        bench.machine.rootWrite(0, register(0xc), 4, 1n);
        await bench.until(() => bench.word(1, 0x8008) === BigInt(round));
        await bench.until(() => rootInterrupts(bench) === round);
      }
      expect(bench.word(1, 0x8018)).toBe(BigInt(CELL_INTID));
      expect(bench.counter(CELL_CPU, 'virt_irq')).toBe(5);
      expect(bench.counter(0, 'virt_irq')).toBe(5);

      // The end that leaves interrupts the other once.
      bench.machine.destroyCell(1);
      await bench.until(() => rootInterrupts(bench) === 6);
      expect(bench.machine.rootRead(0, register(0x14), 4)).toBe(0n);
    });
  });

  test('MSI-X delivers the INTID in the table, once unmasked and bus master', async () => {
    await withBench(rootOptions(), async (bench) => {
      openRootBar(bench);
      createPeer(bench, msix);
      bench.load(1, [
        poke32(MMCONFIG + 0x20n, Number(BAR4)),
        openBar,
        interruptsOn,
        poke32(GICD + 0x10cn, 1 << (CELL_INTID - 96)),
        poke32(BAR4 + 8n, CELL_INTID),
        poke32(BAR4 + 12n, 0),
        mov64(1, BAR4 + 0x10n),
        ldrW(2, 1),
        store(2, 0x8020),
        increment(0x8010),
        mov64(1, 0x8028n),
        ldrX(2, 1),
        0xb4ffffc2, // CBZ x2, -2: until the test lets it go on
        poke32(MMCONFIG + 0x50n, 0x80000011),
        increment(0x8010),
        wfi(),
        b(-1),
      ]);
      bench.load(1, [interruptLoop([...increment(0x8008)], [eret()])], IRQ_VECTOR);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8010) === 1n);
      bench.machine.rootWrite(0, register(0xc), 4, 0n);
      expect(bench.counter(CELL_CPU, 'virt_irq')).toBe(0);
      bench.machine.writePhysical(0xb3d08028n, new Uint8Array([1]));
      await bench.until(() => bench.word(1, 0x8010) === 2n);
      bench.machine.rootWrite(0, register(0xc), 4, 0n);
      await bench.until(() => bench.word(1, 0x8008) === 1n);
      expect(bench.word(1, 0x8020)).toBe(0n);
    });
  });

  test('a third end is refused and leaves nothing behind', async () => {
    await withBench(rootOptions(), (bench) => {
      createPeer(bench);
      expect(() => {
        bench.createCell(2, [2], { more: [region], pciDevices: [intx] });
      }).toThrow('both ends of the ivshmem link are in use');
      bench.machine.destroyCell(1);
      bench.createCell(2, [2], { more: [region], pciDevices: [intx] });
    });
  });

  test('restart resets the device, but not INTX_CTRL', async () => {
    await withBench(rootOptions(), async (bench) => {
      openRootBar(bench);
      createPeer(bench);
      bench.load(1, [
        openBar,
        poke32(register(0x10), 9),
        mov64(1, register(0)),
        ldrW(2, 1),
        store(2, 0x8000),
        poke32(register(0), 1),
        increment(0x8008),
        stop,
      ]);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8008) === 1n);
      expect(bench.word(1, 0x8000)).toBe(0n);
      expect(bench.machine.rootRead(0, register(0x14), 4)).toBe(9n);
      bench.machine.parkCell(1);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8008) === 2n);
      expect(bench.word(1, 0x8000)).toBe(1n);
    });
  });
});

describe('fatal accesses', () => {
  const write8 = (address: bigint): number[] => [...mov64(9, address), strX(9, 9)];
  const cases: [string, (number | readonly number[])[], string, MachinePciDevice][] = [
    [
      'a register that is not there',
      [...mov64(1, register(4)), ldrW(0, 1)],
      'FATAL: Invalid ivshmem register read, number 04',
      intx,
    ],
    ['a write to IVPOSITION', poke32(register(8), 1), 'FATAL: Invalid ivshmem register write, number 08', intx],
    ['a write to RSTATE', poke32(register(0x14), 1), 'FATAL: Invalid ivshmem register write, number 14', intx],
    [
      'config of no device',
      poke32(MMCONFIG + 0x8004n, 1),
      'FATAL: Invalid PCI MMCONFIG write, device 00:01.0, reg: 4, size: 4',
      intx,
    ],
    ['vendor id', poke32(MMCONFIG, 1), 'FATAL: Invalid PCI MMCONFIG write, device 00:00.0, reg: 0, size: 4', intx],
    [
      'config behind the capabilities',
      poke32(MMCONFIG + 0x5cn, 1),
      'FATAL: Invalid PCI MMCONFIG write, device 00:00.0, reg: 5c, size: 4',
      intx,
    ],
    [
      'eight bytes at once',
      write8(MMCONFIG + 0x10n),
      'FATAL: Invalid PCI MMCONFIG write, device 00:00.0, reg: 10, size: 8',
      intx,
    ],
    ['pending bits', poke32(BAR4 + 0x10n, 1), 'FATAL: Invalid PCI MSI-X table/PBA access, device 00:00.0', msix],
    [
      'an MSI-X vector that is not the cell’s',
      [...poke32(BAR4 + 8n, CELL_INTID + 1), ...poke32(BAR4 + 12n, 0), ...poke32(MMCONFIG + 0x50n, 0x80000000)],
      'FATAL: Invalid PCI MMCONFIG write, device 00:00.0, reg: 50, size: 4',
      msix,
    ],
  ];

  test.each(cases)('%s', async (_name, code, expected, device) => {
    await withBench(rootOptions(), async (bench) => {
      createPeer(bench, device);
      bench.load(1, [poke32(MMCONFIG + 0x20n, Number(BAR4)), openBar, ...code, stop]);
      bench.start(1);
      await bench.failed(CELL_CPU);
      expect(bench.console().startsWith(`${expected}\n\nFATAL: forbidden access (exception class 0x24)\n`)).toBe(true);
    });
  });

  test('by root: the CPU is lost, and the report has no registers to show', async () => {
    await withBench(rootOptions(), async (bench) => {
      openRootBar(bench);
      expect(() => {
        bench.machine.rootWrite(1, register(8), 4, 1n);
      }).toThrow('the hypervisor parked CPU 1 of the root cell');
      expect(bench.console()).toBe(
        'FATAL: Invalid ivshmem register write, number 08\n\nFATAL: forbidden access (exception class 0x24)\n\nParking CPU 1 (Cell: "root")\n',
      );
      expect(bench.machine.cpuState(1)).toBe('failed');
      await bench.until(() => bench.events.some((event) => event.type === 'cpuFailed' && event.cpu === 1));
    });
  });
});
