import { addImm, b, bCond, eret, mov64, movReg, movz, mrs, msr, NE, strX, subsImm, wfi } from '../../../support/a64';
import {
  enablePpis,
  increment,
  interruptLoop,
  interruptsOn,
  IRQ_VECTOR,
  stop,
  store,
} from '../../../support/inmate-code';
import { GICR, withBench } from '../../../support/native-machine';
import type { SystemRegister } from '../../../support/a64';

const timers = [
  { name: 'virtual', tval: 'CNTV_TVAL_EL0', ctl: 'CNTV_CTL_EL0', cval: 'CNTV_CVAL_EL0', intid: 27 },
  { name: 'physical', tval: 'CNTP_TVAL_EL0', ctl: 'CNTP_CTL_EL0', cval: 'CNTP_CVAL_EL0', intid: 30 },
] as const satisfies readonly {
  name: string;
  tval: SystemRegister;
  ctl: SystemRegister;
  cval: SystemRegister;
  intid: number;
}[];

const CALLS = 0x8000;

describe.each(timers)('$name timer', ({ tval, ctl, cval, intid }) => {
  /** Fires every 8000 ticks (1 ms) and waits in WFI, or in a busy loop. */
  const program = (busy: boolean) => ({
    main: [
      interruptsOn,
      enablePpis(GICR, 3, 1 << intid),
      mov64(20, 8000n),
      msr(tval, 20),
      movz(9, 1),
      msr(ctl, 9),
      busy ? stop : [wfi(), b(-1)],
    ],
    irq: [interruptLoop([msr(tval, 20), ...store(13, 0x8008), ...increment(CALLS)], [eret()])],
  });

  test.each([true, false])('interrupts on time, real clock, busy %s', async (busy) => {
    await withBench({}, async (bench) => {
      const { main, irq } = program(busy);
      bench.createCell(1, [3]);
      bench.load(1, main);
      bench.load(1, irq, IRQ_VECTOR);
      const before = bench.machine.nowNs();
      bench.start(1);
      await bench.until(() => bench.word(1, CALLS) >= 20n);
      // Never early: 20 beats of a millisecond have passed. How late is the host's affair.
      expect(bench.machine.nowNs() - before).toBeGreaterThanOrEqual(20_000_000n);
      expect(bench.word(1, 0x8008)).toBe(BigInt(intid));
    });
  });

  test('interrupts exactly as often as counted, virtual clock', async () => {
    await withBench({ clock: 'virtual' }, async (bench) => {
      const { main, irq } = program(false);
      bench.createCell(1, [3]);
      bench.load(1, main);
      bench.load(1, irq, IRQ_VECTOR);
      bench.start(1);
      bench.machine.setVirtualLimit(100_500_000n);
      expect(await bench.machine.virtualRest()).toBe('limit');
      expect(bench.word(1, CALLS)).toBe(100n);
      // One for the start, one MMIO write, one exit per interrupt.
      expect(bench.machine.cpuCounters(3)).toEqual([102, 1, 1, 0, 0, 100, 0, 0, 0]);
    });
  });

  test('status, compare value and masking', async () => {
    await withBench({ clock: 'virtual' }, async (bench) => {
      bench.run(
        1,
        [3],
        [
          interruptsOn,
          enablePpis(GICR, 3, 1 << intid),
          // Masked: status without interrupt.
          movz(9, 0),
          msr(cval, 9),
          movz(9, 3),
          msr(ctl, 9),
          mrs(2, ctl),
          store(2, 0x8000),
          // In the future: no status; TVAL counts down from there.
          movz(9, 1000),
          msr(tval, 9),
          mrs(2, ctl),
          store(2, 0x8008),
          mrs(3, cval),
          mrs(4, 'CNTVCT_EL0'),
          subsImm(5, 3, 1000),
          store(5, 0x8010),
          store(4, 0x8018),
          mrs(6, tval),
          store(6, 0x8020),
          // A negative TVAL lies in the past, once there is one.
          mov64(7, 2000n),
          subsImm(7, 7, 1),
          bCond(NE, -1),
          mov64(9, 0xffffffffn),
          msr(tval, 9),
          mrs(2, ctl),
          store(2, 0x8028),
          stop,
        ],
      );
      bench.machine.setVirtualLimit(1_000_000n);
      await bench.machine.virtualRest();
      const words = [0, 8, 0x10, 0x18, 0x20, 0x28].map((offset) => bench.word(1, 0x8000 + offset));
      expect(words[0]).toBe(7n);
      expect(words[1]).toBe(3n);
      expect(words[3]).toBeGreaterThanOrEqual(words[2] ?? 0n);
      expect(words[3]).toBeLessThanOrEqual((words[2] ?? 0n) + 1n);
      expect(words[4]).toBeGreaterThanOrEqual(998n);
      expect(words[4]).toBeLessThanOrEqual(1000n);
      expect(words[5]).toBe(7n);
      expect(bench.counter(3, 'virt_irq')).toBe(0);
    });
  });

  test('a deadline beyond all time never fires and breaks nothing', async () => {
    await withBench({ clock: 'virtual' }, async (bench) => {
      bench.run(
        1,
        [3],
        [
          enablePpis(GICR, 3, 1 << intid),
          mov64(9, 0xffffffffffffffffn),
          msr(cval, 9),
          movz(9, 1),
          msr(ctl, 9),
          wfi(),
          b(-1),
        ],
      );
      expect(await bench.machine.virtualRest()).toBe('idle');
      expect(bench.counter(3, 'virt_irq')).toBe(0);
    });
  });
});

test('the counter runs at the board’s frequency', async () => {
  await withBench({ clock: 'virtual', counterFrequencyHz: 8_333_333 }, async (bench) => {
    bench.run(
      1,
      [3],
      [
        mrs(0, 'CNTPCT_EL0'),
        mrs(2, 'CNTFRQ_EL0'),
        store(2, 0x8008),
        movReg(3, 0),
        mrs(4, 'CNTPCT_EL0'),
        store(4, 0x8000),
        b(-7),
      ],
    );
    bench.machine.setVirtualLimit(30_000_000n);
    await bench.machine.virtualRest();
    expect(bench.word(1, 0x8008)).toBe(8_333_333n);
    const ticks = bench.word(1, 0x8000);
    expect(ticks).toBeGreaterThan(249_990n);
    expect(ticks).toBeLessThanOrEqual(249_999n);
  });
});

test('WFI returns for an interrupt that the CPU masks', async () => {
  await withBench({}, async (bench) => {
    bench.run(
      1,
      [3],
      [
        enablePpis(GICR, 3, 1 << 27),
        movz(9, 8000),
        msr('CNTV_TVAL_EL0', 9),
        movz(9, 1),
        msr('CNTV_CTL_EL0', 9),
        wfi(),
        movz(2, 0x8000),
        addImm(3, 2, 1),
        strX(3, 2),
        stop,
      ],
    );
    await bench.until(() => bench.word(1, 0x8000) === 0x8001n);
  });
});
