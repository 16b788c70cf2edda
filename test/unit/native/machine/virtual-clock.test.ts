import {
  addReg,
  b,
  bCond,
  eret,
  ldrW,
  mov64,
  movReg,
  movz,
  mrs,
  msr,
  NE,
  smc,
  strW,
  subsImm,
  wfe,
  wfi,
} from '../../../support/a64';
import {
  enablePpis,
  increment,
  interruptLoop,
  interruptsOn,
  IRQ_VECTOR,
  poke32,
  print,
  stop,
  store,
} from '../../../support/inmate-code';
import { cellRam, GICD, GICR, MachineBench, UART, UART_INTID, withBench } from '../../../support/native-machine';

/**
 * Two CPUs that work, print, tick and interrupt each other: CPU 2 ticks every 1000 counter ticks, prints a character and sends
 * an SGI; CPU 3 calculates, and prints at each SGI.
 */
function loadBusyCell(bench: MachineBench): void {
  bench.createCell(1, [2, 3], { intids: [UART_INTID] });
  bench.load(1, [
    interruptsOn,
    poke32(GICD + 0x104n, 1 << (UART_INTID - 32)),
    poke32(UART + 0x80n, 0x201),
    enablePpis(GICR, 2, 1 << 27),
    mov64(0, 0xc4000003n),
    mov64(1, 3n),
    mov64(2, 0x1000n),
    smc(0),
    movz(9, 1000),
    msr('CNTV_TVAL_EL0', 9),
    movz(9, 1),
    msr('CNTV_CTL_EL0', 9),
    wfi(),
    b(-1),
  ]);
  const timer = [
    movz(9, 1000),
    msr('CNTV_TVAL_EL0', 9),
    ...print(UART, 't'),
    ...mov64(9, (4n << 24n) | 8n),
    msr('ICC_SGI1R_EL1', 9),
  ];
  const echo = [...mov64(9, UART), ldrW(10, 9), strW(10, 9, 0x40)];
  // INTID 27 is the timer, anything else the UART.
  bench.load(
    1,
    [
      interruptLoop(
        [subsImm(15, 13, 27), bCond(NE, timer.length + 2), ...timer, b(echo.length + 1), ...echo],
        [eret()],
      ),
    ],
    IRQ_VECTOR,
  );
  bench.load(
    1,
    [
      movz(9, 0x2000),
      msr('VBAR_EL1', 9),
      ...interruptsOn.slice(2),
      mrs(3, 'CNTVCT_EL0'),
      store(3, 0x8000),
      increment(0x8008),
      b(-7),
    ],
    0x1000n,
  );
  bench.load(1, [interruptLoop(print(UART, 's'), [eret()])], 0x2280n);
}

/** Everything that must be the same in every run. */
async function history(): Promise<unknown[]> {
  const seen: unknown[] = [];
  await withBench({ clock: 'virtual' }, async (bench) => {
    loadBusyCell(bench);
    bench.machine.setVirtualLimit(2_000_000n);
    bench.start(1);
    for (const limit of [2_000_000n, 2_000_001n, 5_123_457n, 9_999_999n]) {
      bench.machine.setVirtualLimit(limit);
      expect(await bench.machine.virtualRest()).toBe('limit');
      bench.machine.uartInput('uart', Buffer.from('!'));
      seen.push([
        bench.machine.nowNs(),
        bench.uart(),
        bench.machine.cpuCounters(2),
        bench.machine.cpuCounters(3),
        Buffer.from(bench.machine.readPhysical(cellRam(1), 0x9000)).toString('base64'),
      ]);
    }
  });
  return seen;
}

test('the same input gives the same run, byte for byte', async () => {
  const first = await history();
  const last = first.at(-1) as [bigint, string, number[], number[]];
  expect(last[0]).toBe(9_999_999n);
  // The run is worth comparing: the timer beat every 125 us, each SGI was heard, and the input was echoed.
  expect(last[1]).toMatch(/^(ts)+!?(ts)*/);
  expect(last[1].match(/t/g)?.length).toBe(79);
  expect(last[1].match(/!/g)?.length).toBe(3);
  expect(last[3][6]).toBe(79);
  for (let run = 0; run < 5; run++) expect(await history()).toEqual(first);
});

test('idle time is jumped over', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    bench.createCell(1, [3]);
    // One beat an hour.
    bench.load(1, [
      interruptsOn,
      enablePpis(GICR, 3, 1 << 30),
      mov64(20, 8_000_000n * 3600n),
      movReg(21, 20),
      msr('CNTP_CVAL_EL0', 21),
      movz(9, 1),
      msr('CNTP_CTL_EL0', 9),
      wfi(),
      b(-1),
    ]);
    bench.load(
      1,
      [interruptLoop([addReg(21, 21, 20), msr('CNTP_CVAL_EL0', 21), ...increment(0x8000)], [eret()])],
      IRQ_VECTOR,
    );
    bench.machine.setVirtualLimit(24n * 3600n * 1_000_000_000n + 1_000_000n);
    bench.start(1);
    expect(await bench.machine.virtualRest()).toBe('limit');
    expect(bench.word(1, 0x8000)).toBe(24n);
  });
});

test('WFE gives up the rest of a slice: a loop that polls with it passes a second of board time at once', async () => {
  const poll = async (): Promise<[bigint, bigint]> => {
    let result: [bigint, bigint] = [0n, 0n];
    await withBench({ clock: 'virtual' }, async (bench) => {
      bench.machine.setVirtualLimit(1_000_000_000n);
      bench.run(1, [3], [increment(0x8000), wfe(), b(-5)]);
      expect(await bench.machine.virtualRest()).toBe('limit');
      result = [bench.word(1, 0x8000), bench.machine.nowNs()];
    });
    return result;
  };
  const started = performance.now();
  const [rounds, nowNs] = await poll();
  expect(nowNs).toBe(1_000_000_000n);
  // One round a slice of 10 µs, where 5 instructions alone would make 200 million.
  expect(rounds).toBeLessThanOrEqual(100_001n);
  expect(rounds).toBeGreaterThanOrEqual(100_000n);
  expect(await poll()).toEqual([rounds, nowNs]);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('rest: idle without a timer, at the limit, and again after input', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    expect(await bench.machine.virtualRest()).toBe('idle');
    expect(bench.machine.nowNs()).toBe(0n);
    bench.run(1, [3], [increment(0x8000), wfi(), b(-5)]);
    expect(await bench.machine.virtualRest()).toBe('idle');
    expect(bench.word(1, 0x8000)).toBe(1n);
    expect(bench.machine.nowNs()).toBe(5n);
    bench.load(1, [stop]);
    bench.machine.setVirtualLimit(1_000_000n);
    bench.start(1);
    expect(await bench.machine.virtualRest()).toBe('limit');
    expect(bench.machine.nowNs()).toBe(1_000_000n);
    bench.machine.parkCell(1);
    bench.machine.setVirtualLimit(undefined);
    expect(await bench.machine.virtualRest()).toBe('idle');
  });
});

test('a cell that never rests can be parked, and does not starve JavaScript', async () => {
  await withBench({ clock: 'virtual' }, async (bench) => {
    bench.run(1, [3], [increment(0x8000), b(-4)]);
    for (let round = 0; round < 20; round++) {
      await bench.until(() => bench.word(1, 0x8000) > 100n);
      bench.machine.parkCell(1);
      const stopped = bench.word(1, 0x8000);
      expect(bench.word(1, 0x8000)).toBe(stopped);
      bench.machine.writePhysical(cellRam(1) + 0x8000n, new Uint8Array(8));
      bench.start(1);
    }
  });
});

test('waiting for a rest ends with the machine', async () => {
  const bench = new MachineBench({ clock: 'virtual' });
  bench.run(1, [3], [stop]);
  const rest = bench.machine.virtualRest();
  bench.close();
  await expect(rest).rejects.toThrow('the machine is closed');
});

test('a real clock has neither limit nor rest', async () => {
  await withBench({}, (bench) => {
    expect(() => {
      bench.machine.setVirtualLimit(1n);
    }).toThrow('the clock is not virtual');
    expect(() => bench.machine.virtualRest()).toThrow('the clock is not virtual');
  });
});
