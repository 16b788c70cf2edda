import { addReg, b, eret, mov64, movReg, movz, msr, smc, strX, wfi } from '../../../support/a64';
import {
  enablePpis,
  increment,
  interruptLoop,
  interruptsOn,
  IRQ_VECTOR,
  stop,
  store,
  waitForWord,
} from '../../../support/inmate-code';
import { GICR, withBench } from '../../../support/native-machine';

const call = (code: bigint, ...parameters: bigint[]): number[] => [
  ...parameters.flatMap((value, index) => mov64(index + 1, value)),
  ...mov64(0, code),
  smc(0),
];
const CPU_SUSPEND = 0xc4000001n;
const CPU_OFF = 0x84000002n;
const CPU_ON = 0xc4000003n;
const CPU_ON_32 = 0x84000003n;
const AFFINITY_INFO = 0xc4000004n;
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

describe('CPU_ON', () => {
  test('starts another CPU of the cell at its entry, the context in x1', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [2, 3]);
      bench.load(1, [
        call(AFFINITY_INFO, 3n),
        store(0, 0x8000),
        call(CPU_ON, 0x80000003n, 0x4000n, 0x123456789abcdefn),
        store(0, 0x8008),
        call(AFFINITY_INFO, 3n),
        store(0, 0x8010),
        call(CPU_ON, 3n, 0x4000n, 0n),
        store(0, 0x8018),
        call(CPU_ON, 1n, 0x4000n, 0n),
        store(0, 0x8020),
        call(AFFINITY_INFO, 7n),
        store(0, 0x8028),
        increment(0x8100),
        stop,
      ]);
      bench.load(1, [store(0, 0x8030), store(1, 0x8038), movReg(2, 31), increment(0x8108), stop], 0x4000n);
      bench.start(1);
      expect(bench.machine.cpuState(2)).toBe('running');
      await bench.until(() => bench.word(1, 0x8100) === 1n && bench.word(1, 0x8108) === 1n);
      const words = [0, 8, 0x10, 0x18, 0x20, 0x28].map((offset) => signed(bench.word(1, 0x8000 + offset)));
      expect(words).toEqual([1n, 0n, 0n, -4n, -3n, -3n]);
      expect([bench.word(1, 0x8030), bench.word(1, 0x8038)]).toEqual([0n, 0x123456789abcdefn]);
      expect(bench.counter(2, 'psci')).toBe(6);
      await bench.until(() => bench.events.some((event) => event.type === 'cellChanged'));
    });
  });

  test('the 32-bit call uses lower halves', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [2, 3]);
      bench.load(1, [call(CPU_ON_32, 0xdead000080000003n, 0xdead000000004000n, 0xdead000000000042n), stop]);
      bench.load(1, [store(1, 0x8000), stop], 0x4000n);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) !== 0n);
      expect(bench.word(1, 0x8000)).toBe(0x42n);
    });
  });

  test('CPUs of a cell pass an SGI to and fro', async () => {
    await withBench({}, async (bench) => {
      // Each CPU answers an SGI with one to the other CPU, and counts in its own word: 0x8000 + 8 * Aff0. The end of interrupt
      // comes first: the hypervisor drops an SGI whose number is still active at the receiver.
      const answer = (me: number, other: number): number[] =>
        interruptLoop(
          [
            msr('ICC_EOIR1_EL1', 13),
            ...increment(0x8000 + 8 * me),
            ...mov64(9, (2n << 24n) | (1n << BigInt(other))),
            msr('ICC_SGI1R_EL1', 9),
          ],
          [eret()],
        );
      bench.createCell(1, [2, 3]);
      bench.load(1, [
        interruptsOn,
        call(CPU_ON, 3n, 0x1000n, 0n),
        waitForWord(0x8020),
        mov64(9, (2n << 24n) | 8n),
        msr('ICC_SGI1R_EL1', 9),
        wfi(),
        b(-1),
      ]);
      bench.load(1, [answer(2, 3)], IRQ_VECTOR);
      // The second CPU has vectors of its own at 0x2000.
      bench.load(
        1,
        [movz(9, 0x2000), msr('VBAR_EL1', 9), ...interruptsOn.slice(2), increment(0x8020), wfi(), b(-1)],
        0x1000n,
      );
      bench.load(1, [answer(3, 2)], 0x2280n);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8010) >= 1000n && bench.word(1, 0x8018) >= 1000n);
      bench.machine.parkCell(1);
      const difference = bench.counter(2, 'virt_sgi') - bench.counter(3, 'virt_sgi');
      expect(Math.abs(difference)).toBeLessThanOrEqual(1);
      expect(BigInt(bench.counter(2, 'virt_sgi'))).toBeGreaterThanOrEqual(bench.word(1, 0x8010));
    });
  });
});

describe('CPU_OFF', () => {
  test('switches the CPU off, and it can be switched on again', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [2, 3]);
      bench.load(1, [
        // Switch CPU 3 on until it has been on 50 times; it switches itself off each time.
        mov64(0, CPU_ON),
        mov64(1, 3n),
        mov64(2, 0x4000n),
        smc(0),
        b(-13),
      ]);
      bench.load(1, [increment(0x8000), call(CPU_OFF), stop], 0x4000n);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) >= 50n);
      bench.machine.parkCell(1);
      const count = bench.word(1, 0x8000);
      expect([bench.machine.cpuState(2), bench.machine.cpuState(3)]).toEqual(['parked', 'parked']);
      expect(bench.word(1, 0x8000)).toBe(count);
    });
  });

  test('the last CPU going off leaves a cell that can be started again', async () => {
    await withBench({}, async (bench) => {
      bench.run(1, [3], [increment(0x8000), call(CPU_OFF), stop]);
      await bench.until(() => bench.machine.cpuState(3) === 'off');
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) === 2n && bench.machine.cpuState(3) === 'off');
    });
  });
});

test('CPU_SUSPEND waits for an interrupt and returns 0', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    bench.run(
      1,
      [3],
      [
        enablePpis(GICR, 3, 1 << 27),
        mov64(9, 80_000n),
        msr('CNTV_TVAL_EL0', 9),
        movz(9, 1),
        msr('CNTV_CTL_EL0', 9),
        call(CPU_SUSPEND, 5n, 6n, 7n),
        addReg(2, 0, 9),
        movz(1, 0x8000),
        strX(2, 1),
        // An interrupt is pending still: this one does not wait.
        call(CPU_SUSPEND),
        strX(9, 1, 8),
        stop,
      ],
    );
    bench.machine.setVirtualLimit(9_000_000n);
    await bench.machine.virtualRest();
    expect(bench.word(1, 0x8000)).toBe(0n);
    bench.machine.setVirtualLimit(10_100_000n);
    await bench.machine.virtualRest();
    expect(bench.word(1, 0x8000)).toBe(1n);
    expect(bench.word(1, 0x8008)).toBe(1n);
  });
});
