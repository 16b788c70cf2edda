import { b, daifSet, eret, isb, ldrW, ldrX, mov64, movz, mrs, msr, strB, strX, wfi } from '../../../support/a64';
import {
  increment,
  interruptLoop,
  interruptsOn,
  IRQ_VECTOR,
  poke32,
  stop,
  store,
  waitForWord,
} from '../../../support/inmate-code';
import { GICD, GICR, masterTraits, withBench } from '../../../support/native-machine';
import type { BenchOptions } from '../../../support/native-machine';
import type { SystemRegister } from '../../../support/a64';

const RESULTS = 0x8000;
const MISSING = 0xeeeeeeeen;

/** Collects values: `take` pieces of code leave one in x2 each. */
function collector(): {
  readonly code: (number | readonly number[])[];
  take(...code: (number | readonly number[])[]): void;
  count(): number;
} {
  const code: (number | readonly number[])[] = [];
  let count = 0;
  return {
    code,
    take(...pieces) {
      code.push(...pieces, store(2, RESULTS + 8 * count++));
    },
    count: () => count,
  };
}

/** Runs collected code on CPU 3 and gives the values. */
async function values(
  collected: ReturnType<typeof collector>,
  options: BenchOptions & { readonly intids?: number[] } = {},
): Promise<bigint[]> {
  let words: bigint[] = [];
  const { intids = [], ...board } = options;
  await withBench(board, async (bench) => {
    bench.createCell(1, [2, 3], { intids });
    const done = RESULTS + 8 * collected.count();
    bench.load(1, [...collected.code, movz(2, 1), store(2, done), stop]);
    bench.start(1);
    await bench.until(() => bench.word(1, done) === 1n);
    words = Array.from({ length: collected.count() }, (_, index) => bench.word(1, RESULTS + 8 * index));
  });
  return words;
}

/** The first CPU of the test cells is CPU 2, Aff0 = 2. */
const SELF = 1 << 2;
const sendSgi = (intid: number, targets: number): number[] => [
  ...mov64(9, BigInt(targets) | (BigInt(intid) << 24n)),
  msr('ICC_SGI1R_EL1', 9),
  isb(),
];
const write = (register: SystemRegister, value: number): number[] => [movz(9, value), msr(register, 9), isb()];
const read32 = (address: bigint): number[] => [...mov64(1, address), ldrW(2, 1)];
const read64 = (address: bigint): number[] => [...mov64(1, address), ldrX(2, 1)];
const setPriority = (intid: number, priority: number): number[] => [
  ...mov64(9, GICR + 2n * 0x20000n + 0x10400n + BigInt(intid)),
  movz(10, priority),
  strB(10, 9),
];
const polling = [
  daifSet(2),
  write('ICC_PMR_EL1', 0xf8),
  write('ICC_IGRPEN1_EL1', 1),
  setPriority(1, 0x80),
  setPriority(2, 0x40),
];

describe('virtual CPU interface', () => {
  test('after reset everything is masked', async () => {
    const collected = collector();
    for (const register of ['ICC_PMR_EL1', 'ICC_IGRPEN1_EL1', 'ICC_BPR1_EL1', 'ICC_CTLR_EL1', 'ICC_RPR_EL1'] as const) {
      collected.take(mrs(2, register));
    }
    collected.take(sendSgi(1, SELF), mrs(2, 'ICC_IAR1_EL1'));
    expect(await values(collected)).toEqual([0n, 0n, 3n, 0x8400n, 0xffn, 1023n]);
  });

  test('the highest priority comes first, and preempts', async () => {
    const collected = collector();
    collected.code.push(...polling, sendSgi(1, SELF), sendSgi(2, SELF));
    collected.take(mrs(2, 'ICC_HPPIR1_EL1'));
    collected.take(mrs(2, 'ICC_IAR1_EL1'));
    collected.take(mrs(2, 'ICC_RPR_EL1'));
    // 1 is pending but does not preempt 2.
    collected.take(mrs(2, 'ICC_IAR1_EL1'));
    collected.take(mrs(2, 'ICC_HPPIR1_EL1'));
    collected.take(write('ICC_EOIR1_EL1', 2), mrs(2, 'ICC_IAR1_EL1'));
    collected.take(sendSgi(2, SELF), mrs(2, 'ICC_IAR1_EL1'));
    collected.take(mrs(2, 'ICC_RPR_EL1'));
    collected.take(write('ICC_EOIR1_EL1', 2), mrs(2, 'ICC_RPR_EL1'));
    collected.take(write('ICC_EOIR1_EL1', 1), mrs(2, 'ICC_RPR_EL1'));
    expect(await values(collected)).toEqual([2n, 2n, 0x40n, 1023n, 1n, 1n, 2n, 0x40n, 0x80n, 0xffn]);
  });

  test('the priority mask and the binary point hold interrupts back', async () => {
    const collected = collector();
    collected.code.push(...polling, write('ICC_PMR_EL1', 0x80), sendSgi(1, SELF));
    collected.take(mrs(2, 'ICC_IAR1_EL1'));
    collected.take(write('ICC_PMR_EL1', 0x88), mrs(2, 'ICC_IAR1_EL1'));
    // With binary point 7 only bit 7 counts: 0x40 preempts 0x80, 0x90 would not; make 2 equal in group priority.
    collected.take(write('ICC_BPR1_EL1', 7), setPriority(2, 0x88), sendSgi(2, SELF), mrs(2, 'ICC_IAR1_EL1'));
    collected.take(mrs(2, 'ICC_BPR1_EL1'));
    collected.take(write('ICC_PMR_EL1', 0xf8), write('ICC_EOIR1_EL1', 1), mrs(2, 'ICC_IAR1_EL1'));
    expect(await values(collected)).toEqual([1023n, 1n, 1023n, 7n, 2n]);
  });

  test('with EOImode 1 an interrupt stays active until DIR', async () => {
    const collected = collector();
    collected.code.push(...polling, write('ICC_CTLR_EL1', 2), sendSgi(1, SELF));
    collected.take(mrs(2, 'ICC_IAR1_EL1'));
    // Priority dropped, but still active: the hypervisor drops a second one that it finds listed.
    collected.take(write('ICC_EOIR1_EL1', 1), sendSgi(1, SELF), mrs(2, 'ICC_IAR1_EL1'));
    collected.take(write('ICC_DIR_EL1', 1), sendSgi(1, SELF), mrs(2, 'ICC_IAR1_EL1'));
    expect(await values(collected)).toEqual([1n, 1023n, 1n]);
  });

  test('what does not fit into four list registers waits for the maintenance interrupt', async () => {
    await withBench({}, async (bench) => {
      const drain = Array.from({ length: 7 }, (_, index) => [
        mrs(2, 'ICC_IAR1_EL1'),
        msr('ICC_EOIR1_EL1', 2),
        ...store(2, RESULTS + 8 * index),
      ]);
      bench.run(
        1,
        [2],
        [...polling.slice(0, 3), ...[3, 4, 5, 6, 7, 8].map((intid) => sendSgi(intid, SELF)), ...drain, stop],
      );
      await bench.until(() => bench.word(1, RESULTS + 48) === 1023n);
      const acknowledged = Array.from({ length: 6 }, (_, index) => bench.word(1, RESULTS + 8 * index));
      // Of equal priority, so the order is the list registers' affair; none is lost.
      expect(new Set(acknowledged)).toEqual(new Set([3n, 4n, 5n, 6n, 7n, 8n]));
      expect(bench.counter(2, 'virt_sgi')).toBe(6);
      expect(bench.counter(2, 'maintenance')).toBe(1);
      // Start, six SGI_INJECT, six trapped ICC_SGI1R writes, one maintenance.
      expect(bench.counter(2, 'total')).toBe(14);
    });
  });
});

describe('distributor', () => {
  const OWN = 40;
  const ownBit = 1n << 8n;

  test('a cell sees and changes its own interrupts only', async () => {
    const collected = collector();
    for (const offset of [0x104n, 0x204n, 0x304n]) {
      collected.take(poke32(GICD + offset, 0xffffffff), read32(GICD + offset));
      collected.take(poke32(GICD + offset + 0x80n, 0xffffffff), read32(GICD + offset));
    }
    collected.take(poke32(GICD + 0x428n, 0x55667788), read32(GICD + 0x428n));
    collected.take(read32(GICD + 0x42cn));
    collected.take(poke32(GICD + 0xc08n, 0xffffffff), read32(GICD + 0xc08n));
    collected.take(poke32(GICD + 0x84n, 0xffffffff), read32(GICD + 0x84n));
    expect(await values(collected, { intids: [OWN] })).toEqual([
      ownBit,
      0n,
      ownBit,
      0n,
      ownBit,
      0n,
      // INTID 40 is the lowest byte of the word; five bits of a priority exist.
      0x88n,
      0n,
      2n << 16n,
      ownBit,
    ]);
  });

  test('routing stays inside the cell', async () => {
    const router = GICD + 0x6000n + BigInt(OWN) * 8n;
    const foreign = GICD + 0x6000n + 41n * 8n;
    const put = (address: bigint, value: bigint): number[] => [...mov64(9, address), ...mov64(10, value), strX(10, 9)];
    const collected = collector();
    // At creation the interrupt was routed to the first CPU of the cell.
    collected.take(read64(router));
    collected.take(put(router, 3n), read64(router));
    collected.take(poke32(router + 4n, 1), read64(router));
    collected.take(put(foreign, 3n), read64(foreign));
    expect(await values(collected, { intids: [OWN] })).toEqual([2n, 3n, 3n, 0n]);

    await withBench({}, async (bench) => {
      bench.createCell(1, [2, 3], { intids: [OWN] });
      bench.load(1, [put(router, 1n), stop]);
      bench.start(1);
      await bench.failed(2);
      expect(bench.console()).toMatch(
        /^Attempt to route IRQ40 outside of cell\n\nFATAL: forbidden access \(exception class 0x24\)/,
      );
    });
  });

  test('identification, and registers that are not there', async () => {
    const collected = collector();
    collected.take(read32(GICD));
    collected.take(read32(GICD + 4n));
    collected.take(read32(GICD + 0xffe8n));
    collected.take(poke32(GICD, 0), read32(GICD));
    collected.take(poke32(GICD + 0x808n, 0xff), read32(GICD + 0x808n));
    collected.take(poke32(GICD + 0xf00n, 0x1), read32(GICD + 0xf00n));
    // Access size is not checked.
    collected.take(read64(GICD + 0x100n));
    expect(await values(collected, { intids: [OWN] })).toEqual([0x12n, 0x480004n, 0x3bn, 0x12n, 0n, 0n, 0n]);
  });

  test('an SPI is delivered when it is enabled and pending, to the CPU of its route', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [2, 3], { intids: [OWN] });
      bench.load(1, [
        interruptsOn,
        poke32(GICD + 0x204n, Number(ownBit)),
        increment(RESULTS),
        waitForWord(RESULTS + 0x10),
        poke32(GICD + 0x104n, Number(ownBit)),
        wfi(),
        b(-1),
      ]);
      bench.load(1, [interruptLoop([...store(13, RESULTS + 8)], [eret()])], IRQ_VECTOR);
      bench.start(1);
      await bench.until(() => bench.word(1, RESULTS) === 1n);
      expect(bench.counter(2, 'virt_irq')).toBe(0);
      bench.machine.writePhysical(0xb3d00000n + BigInt(RESULTS + 0x10), new Uint8Array([1]));
      await bench.until(() => bench.word(1, RESULTS + 8) === 40n);
      expect(bench.counter(2, 'virt_irq')).toBe(1);
      expect(bench.counter(3, 'virt_irq')).toBe(0);
    });
  });

  test('a passed-through GIC is the real one: no traps, no masks', async () => {
    await withBench({}, async (bench) => {
      const more = [{ physStart: GICD, virtStart: GICD, sizeBytes: 0x10000n, flags: 0x13 }];
      bench.createCell(1, [3], { more });
      bench.load(1, [poke32(GICD + 0x104n, 0xf0), read32(GICD + 0x104n), store(2, RESULTS), stop]);
      bench.start(1);
      await bench.until(() => bench.word(1, RESULTS) !== 0n);
      expect(bench.word(1, RESULTS)).toBe(0xf0n);
      expect(bench.counter(3, 'mmio')).toBe(0);
    });
  });
});

describe('redistributors', () => {
  const frame = (cpu: number): bigint => GICR + BigInt(cpu) * 0x20000n;
  const typer = (cpu: bigint, last: bigint): bigint => (cpu << 32n) | (cpu << 8n) | (last << 4n);

  test('every cell may look for its own', async () => {
    const collected = collector();
    for (const cpu of [0, 1, 2, 3]) collected.take(read64(frame(cpu) + 8n));
    collected.take(read32(frame(0) + 0xffe8n));
    collected.take(movz(2, 0), mov64(2, MISSING), read32(frame(3) + 0xcn));
    expect(await values(collected)).toEqual([typer(0n, 0n), typer(1n, 0n), typer(2n, 0n), typer(3n, 1n), 0x3bn, 0n]);
  });

  test('newer releases answer a read of the upper half', async () => {
    const collected = collector();
    collected.take(read32(frame(3) + 0xcn));
    expect(await values(collected, { traits: masterTraits })).toEqual([3n]);
  });

  test('state belongs to the CPUs of the cell', async () => {
    const collected = collector();
    collected.take(poke32(frame(3) + 0x10100n, 1 << 27), read32(frame(3) + 0x10100n));
    collected.take(poke32(frame(1) + 0x10100n, 1 << 27), read32(frame(1) + 0x10100n));
    collected.take(read32(frame(2) + 0x14n));
    expect(await values(collected)).toEqual([1n << 27n, 0n, 0n]);
  });
});

describe('SGIs', () => {
  test('never leave the cell, by list or by broadcast', async () => {
    await withBench({}, async (bench) => {
      const listening = [interruptsOn, increment(RESULTS), wfi(), b(-1)];
      bench.createCell(1, [1]);
      bench.load(1, listening);
      bench.load(1, [interruptLoop([...increment(RESULTS + 8)], [eret()])], IRQ_VECTOR);
      bench.start(1);
      await bench.until(() => bench.word(1, RESULTS) === 1n);
      bench.run(
        2,
        [2],
        [sendSgi(5, 0xf), mov64(9, (1n << 40n) | (5n << 24n)), msr('ICC_SGI1R_EL1', 9), increment(RESULTS), stop],
      );
      await bench.until(() => bench.word(2, RESULTS) === 1n);
      // The sender is in its own target list, so it got one; its neighbour got none.
      expect(bench.counter(2, 'virt_sgi')).toBe(1);
      expect(bench.counter(1, 'virt_sgi')).toBe(0);
      expect(bench.word(1, RESULTS + 8)).toBe(0n);
    });
  });
});
