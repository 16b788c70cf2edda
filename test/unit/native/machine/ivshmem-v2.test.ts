import { b, eret, ldrW, mov64, movz, wfi } from '../../../support/a64';
import { increment, interruptLoop, interruptsOn, IRQ_VECTOR, poke32, stop, store } from '../../../support/inmate-code';
import type { MachineBench } from '../../../support/native-machine';
import { FLAGS, GICD, masterTraits, MMCONFIG, SHARED, withBench } from '../../../support/native-machine';
import type { MachinePciDevice, MachineRegion } from '../../../../src/native/machine';

const BAR0 = 0xff000000n;
const BAR1 = 0xff001000n;
const ROOT_INTID = 106;
const CELL_INTIDS = [108, 109, 110];
const CELL_CPU = 3;

const section = (offset: bigint, sizeBytes: bigint, writable: boolean): MachineRegion => ({
  physStart: SHARED + offset,
  virtStart: SHARED + offset,
  sizeBytes,
  flags: FLAGS.read | (writable ? FLAGS.write : 0) | FLAGS.rootShared,
});
const regionsOf = (id: number): MachineRegion[] => [
  section(0n, 0x1000n, false),
  section(0x1000n, 0x9000n, true),
  section(0xa000n, 0x2000n, id === 0),
  section(0xc000n, 0x2000n, id === 1),
];
const device = (deviceId: number, msixVectors: number): MachinePciDevice => ({
  bdf: 1 << 3,
  barMask: msixVectors > 0 ? [0xfffff000, 0xfffffe00, 0, 0, 0, 0] : [0xfffff000, 0, 0, 0, 0, 0],
  msixVectors,
  protocol: 0x0001,
  regions: regionsOf(deviceId),
  deviceId,
  peers: 2,
});

const CONFIG = MMCONFIG + 0x8000n;
const options = (msixVectors = 0) => ({
  traits: masterTraits,
  rootCell: { pciDevices: [device(0, msixVectors)], vpciIrqBaseIntid: ROOT_INTID },
});
const createPeer = (bench: MachineBench, msixVectors: number): void => {
  bench.createCell(1, [CELL_CPU], {
    more: regionsOf(1),
    intids: CELL_INTIDS,
    vpciIrqBaseIntid: 107,
    pciDevices: [device(1, msixVectors)],
  });
};
const openRoot = (bench: MachineBench): void => {
  bench.machine.rootWrite(0, CONFIG + 0x10n, 4, BAR0);
  bench.machine.rootWrite(0, CONFIG + 4n, 2, 2n);
};
const rootRegister = (bench: MachineBench, offset: number): bigint =>
  bench.machine.rootRead(0, BAR0 + BigInt(offset), 4);
const setRootRegister = (bench: MachineBench, offset: number, value: number): void => {
  bench.machine.rootWrite(0, BAR0 + BigInt(offset), 4, BigInt(value));
};
const rootInterrupts = (bench: MachineBench): number =>
  bench.events.reduce((sum, event) => sum + (event.type === 'rootInterrupt' ? event.count : 0), 0);
const stateTable = (bench: MachineBench): number[] =>
  [0, 4].map((offset) => Buffer.from(bench.machine.readPhysical(SHARED + BigInt(offset), 4)).readUInt32LE());

test('config space', async () => {
  const read = (bench: MachineBench, reg: number): bigint => bench.machine.rootRead(0, CONFIG + BigInt(reg), 4);
  await withBench(options(), (bench) => {
    const expected: [number, bigint][] = [
      [0x00, 0x4106110an],
      [0x04, 0x00100000n],
      [0x08, 0xff000100n],
      [0x10, 0n],
      [0x2c, 0x4106110an],
      [0x34, 0x40n],
      [0x3c, 0x200n],
      [0x40, 0x00200009n],
      [0x44, 0x1000n],
      [0x48, 0x9000n],
      [0x4c, 0n],
      [0x50, 0x2000n],
      [0x58, SHARED],
      [0x5c, 0n],
      [0x60, 0n],
      [0x80, 0xffffffffn],
    ];
    expect(expected.map(([reg]) => [reg, read(bench, reg)])).toEqual(expected);
    bench.machine.rootWrite(0, CONFIG + 4n, 2, 0xffffn);
    expect(read(bench, 4)).toBe(0x00100406n);
    bench.machine.rootWrite(0, CONFIG + 0x40n, 4, 0xffffffffn);
    expect(read(bench, 0x40)).toBe(0x01200009n);
  });
  await withBench(options(2), (bench) => {
    expect([0x40, 0x60, 0x64, 0x68, 0x3c].map((reg) => read(bench, reg))).toEqual([
      0x00206009n,
      0x00010011n,
      1n,
      0x101n,
      0n,
    ]);
  });
});

test('registers, state table and INTx with its gates', async () => {
  await withBench(options(), async (bench) => {
    openRoot(bench);
    createPeer(bench, 0);
    expect([0, 4, 8, 0xc, 0x10, 0x14].map((offset) => rootRegister(bench, offset))).toEqual([0n, 2n, 0n, 0n, 0n, 0n]);
    setRootRegister(bench, 0x1c, 1);
    setRootRegister(bench, 0x10, 7);
    expect(stateTable(bench)).toEqual([7, 0]);

    bench.load(1, [
      poke32(CONFIG + 0x10n, Number(BAR0)),
      poke32(CONFIG + 4n, 2),
      mov64(1, BAR0),
      ldrW(2, 1),
      store(2, 0x8000),
      interruptsOn,
      poke32(GICD + 0x10cn, 1 << (108 - 96)),
      poke32(BAR0 + 8n, 1),
      poke32(BAR0 + 0x10n, 3),
      increment(0x8010),
      wfi(),
      b(-1),
    ]);
    bench.load(
      1,
      [interruptLoop([...increment(0x8008), ...store(13, 0x8018), ...poke32(BAR0 + 0xcn, 0)], [eret()])],
      IRQ_VECTOR,
    );
    bench.start(1);
    await bench.until(() => bench.word(1, 0x8010) === 1n);
    expect(bench.word(1, 0x8000)).toBe(1n);
    expect(stateTable(bench)).toEqual([7, 3]);
    // Root hears nothing before it opens its gate.
    expect(rootInterrupts(bench)).toBe(0);
    setRootRegister(bench, 8, 1);

    setRootRegister(bench, 0xc, 1 << 16);
    await bench.until(() => bench.word(1, 0x8008) === 1n && rootInterrupts(bench) === 1);
    expect(bench.word(1, 0x8018)).toBe(108n);
    // Vectors that INTx does not have, and peers that are not there, are ignored.
    setRootRegister(bench, 0xc, (1 << 16) | 1);
    setRootRegister(bench, 0xc, 5 << 16);
    setRootRegister(bench, 0xc, 0xffff0000);
    // A state change interrupts; the same state again does not.
    setRootRegister(bench, 0x10, 8);
    await bench.until(() => bench.word(1, 0x8008) === 2n && rootInterrupts(bench) === 2);
    setRootRegister(bench, 0x10, 8);
    // The command register's INTx disable closes root's gate, and opens it again.
    bench.machine.rootWrite(0, CONFIG + 4n, 2, 0x402n);
    setRootRegister(bench, 0xc, 1 << 16);
    await bench.until(() => bench.word(1, 0x8008) === 3n);
    bench.machine.rootWrite(0, CONFIG + 4n, 2, 2n);
    // One-shot: the gate closes with the delivery.
    bench.machine.rootWrite(0, CONFIG + 0x43n, 1, 1n);
    setRootRegister(bench, 0xc, 1 << 16);
    await bench.until(() => rootInterrupts(bench) === 3);
    expect(rootRegister(bench, 8)).toBe(0n);
    expect(bench.word(1, 0x8008)).toBe(4n);

    // Leaving writes state 0, which interrupts.
    setRootRegister(bench, 8, 1);
    bench.machine.destroyCell(1);
    await bench.until(() => rootInterrupts(bench) === 4);
    expect(stateTable(bench)).toEqual([8, 0]);
  });
});

test('MSI-X vectors', async () => {
  await withBench(options(), async (bench) => {
    openRoot(bench);
    createPeer(bench, 3);
    const entry = (vector: number, intid: number): number[] => [
      ...poke32(BAR1 + BigInt(vector) * 16n + 8n, intid),
      ...poke32(BAR1 + BigInt(vector) * 16n + 12n, 0),
    ];
    bench.load(1, [
      poke32(CONFIG + 0x10n, Number(BAR0)),
      poke32(CONFIG + 0x14n, Number(BAR1)),
      poke32(CONFIG + 4n, 6),
      entry(0, 110),
      entry(1, 109),
      entry(2, 108),
      poke32(CONFIG + 0x60n, 0x80000000),
      interruptsOn,
      poke32(GICD + 0x10cn, 7 << (108 - 96)),
      poke32(BAR0 + 8n, 1),
      increment(0x8010),
      wfi(),
      b(-1),
    ]);
    bench.load(1, [interruptLoop([...store(13, 0x8018), ...increment(0x8008)], [eret()])], IRQ_VECTOR);
    bench.start(1);
    await bench.until(() => bench.word(1, 0x8010) === 1n);
    for (const [index, intid] of [110n, 109n, 108n].entries()) {
      setRootRegister(bench, 0xc, (1 << 16) | index);
      await bench.until(() => bench.word(1, 0x8008) === BigInt(index + 1));
      expect(bench.word(1, 0x8018)).toBe(intid);
    }
    setRootRegister(bench, 0xc, (1 << 16) | 3);
    setRootRegister(bench, 0xc, (1 << 16) | 0xffff);
    expect(bench.counter(CELL_CPU, 'virt_irq')).toBe(3);
  });
});

test('output sections: one’s own is writable, the peer’s is not', async () => {
  await withBench(options(), async (bench) => {
    createPeer(bench, 0);
    bench.load(1, [mov64(1, SHARED + 0xc000n), movz(2, 5), 0xb9000022, mov64(1, SHARED + 0xa000n), 0xb9000022, stop]);
    bench.start(1);
    await bench.failed(CELL_CPU);
    expect(bench.machine.readPhysical(SHARED + 0xc000n, 1)[0]).toBe(5);
    expect(bench.console()).toContain('Unhandled data write at 0xbba0a000(4)');
  });
});

test('bad devices are refused', async () => {
  await withBench(options(), (bench) => {
    const create = (pci: MachinePciDevice): void => {
      bench.createCell(1, [CELL_CPU], { pciDevices: [pci] });
    };
    expect(() => {
      create(device(0, 0));
    }).toThrow('too large or taken');
    expect(() => {
      create({ ...device(1, 0), deviceId: 12 });
    }).toThrow('too large or taken');
    expect(() => {
      create(device(1, 17));
    }).toThrow('more than 16 MSI-X vectors');
    expect(() => {
      create({ ...device(1, 0), peers: 3 });
    }).toThrow('one output section per peer');
    expect(() => {
      create({ ...device(1, 0), regions: regionsOf(1).map((region) => ({ ...region, physStart: 0x1000n })) });
    }).toThrow('not in RAM');
    create(device(1, 0));
  });
});

test('the fatal config write of newer releases has a prefix', async () => {
  await withBench(options(), async (bench) => {
    createPeer(bench, 0);
    bench.load(1, [poke32(CONFIG + 0x80n, 1), stop]);
    bench.start(1);
    await bench.failed(CELL_CPU);
    expect(bench.console()).toMatch(/^FATAL: Invalid PCI MMCONFIG write, device 00:01\.0, reg: 0x80, size: 4\n/);
  });
});
