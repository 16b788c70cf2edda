import * as a64 from '../../../support/a64';
import { COMM, cellRam, RAM, UART, withBench } from '../../../support/native-machine';
import type { DebugCause, DebugResumption } from '../../../../src/native/machine';
import type { BenchOptions, MachineBench } from '../../../support/native-machine';

const CELL = 1;
const clocks: [string, BenchOptions][] = [
  ['real', { clock: 'real' }],
  ['virtual', { clock: 'virtual' }],
];

/** Where `x0` and so on lie in a set of registers. */
const SP = 31 * 8;
const PC = 32 * 8;
const CPSR = 33 * 8;
const V0 = CPSR + 4;
const FPSR = V0 + 32 * 16;
const FPCR = FPSR + 4;
const ESR = FPCR + 4 + 7 * 8;

/** 39 bits of address space in 4 KiB pages below, nothing above. */
const TCR = 25n | (1n << 23n);

const register = (bench: MachineBench, cpu: number, offset: number): bigint =>
  Buffer.from(bench.machine.debugReadRegisters(CELL, cpu)).readBigUInt64LE(offset);
const pc = (bench: MachineBench, cpu = 1): bigint => register(bench, cpu, PC);

function setRegister(bench: MachineBench, cpu: number, offset: number, value: bigint): void {
  const bytes = Buffer.from(bench.machine.debugReadRegisters(CELL, cpu));
  bytes.writeBigUInt64LE(value, offset);
  bench.machine.debugWriteRegisters(CELL, cpu, bytes);
}

const go = (kind: 'step' | 'continue', ...cpus: number[]): DebugResumption[] => cpus.map((cpu) => ({ cpu, go: kind }));

async function untilHeld(bench: MachineBench): Promise<DebugCause> {
  await bench.until(() => bench.machine.debugCause(CELL) !== undefined, 'the cell to be held');
  return bench.machine.debugCause(CELL) as DebugCause;
}

/** Starts `code` on CPU 1 with a debugger, which holds it at its entry. */
async function startHeld(bench: MachineBench, code: (number | readonly number[])[], cpus = [1]): Promise<void> {
  bench.createCell(CELL, cpus);
  bench.load(CELL, code);
  bench.machine.debugAttach(CELL);
  bench.start(CELL);
  expect(await untilHeld(bench)).toMatchObject({ kind: 'started', cpu: cpus[0] });
}

async function resumeUntilHeld(bench: MachineBench, cpus: readonly DebugResumption[]): Promise<DebugCause> {
  bench.machine.debugResume(CELL, cpus);
  return untilHeld(bench);
}

describe.each(clocks)('%s clock', (_, options) => {
  test('held at the entry, then step by step, then at a breakpoint, then free', async () => {
    await withBench(options, async (bench) => {
      const loop = [a64.movz(0, 5), a64.addImm(0, 0, 1), a64.addImm(1, 1, 1), a64.b(-1)];
      await startHeld(bench, loop);
      expect(pc(bench)).toBe(0n);
      for (const [step, expected] of [4n, 8n, 12n, 8n].entries()) {
        expect(await resumeUntilHeld(bench, go('step', 1))).toMatchObject({ kind: 'stepped', cpu: 1 });
        expect([step, pc(bench)]).toEqual([step, expected]);
      }
      expect([register(bench, 1, 0), register(bench, 1, 8)]).toEqual([6n, 1n]);

      bench.machine.debugSetBreakpoints(CELL, [12n, 8n]);
      expect(await resumeUntilHeld(bench, go('step', 1))).toMatchObject({ kind: 'stepped' });
      for (let round = 0; round < 3; round++) {
        expect(await resumeUntilHeld(bench, go('continue', 1))).toMatchObject({ kind: 'breakpoint', address: 12n });
        // Going on from a breakpoint without a step meets it again.
        expect(await resumeUntilHeld(bench, go('continue', 1))).toMatchObject({ kind: 'breakpoint', address: 12n });
        await resumeUntilHeld(bench, go('step', 1));
        expect(pc(bench)).toBe(8n);
        await resumeUntilHeld(bench, go('step', 1));
      }
      expect(register(bench, 1, 8)).toBe(5n);

      bench.machine.debugSetBreakpoints(CELL, []);
      bench.machine.debugResume(CELL, go('continue', 1));
      expect(bench.machine.debugCause(CELL)).toBeUndefined();
      bench.machine.debugHold(CELL);
      expect(await untilHeld(bench)).toMatchObject({ kind: 'requested', cpu: 1 });
      expect([8n, 12n]).toContain(pc(bench));
      bench.machine.debugDetach(CELL);
      expect(() => bench.machine.debugCause(CELL)).toThrow('no debugger is attached');
    });
  });

  test('a watchpoint stops before the access, whatever instruction makes it', async () => {
    await withBench(options, async (bench) => {
      const stxr = 0xc8007c00 | (2 << 16) | (0 << 5) | 3; // stxr w2, x3, [x0]
      const ldxr = 0xc85f7c00 | (0 << 5) | 4; // ldxr x4, [x0]
      const ldadd = 0xf8200000 | (3 << 16) | (0 << 5) | 5; // ldadd x3, x5, [x0]
      const strQ = 0x3d800000 | (0 << 5) | 1; // str q1, [x0]
      const zva = 0xd50b7420; // dc zva, x0
      const acrossPages = a64.strX(3, 6);
      // Ordinary memory, for the last ones of them: the MMU is on, and maps the first GiB to itself.
      bench.machine.writePhysical(cellRam(CELL) + 0x4000n, Uint8Array.of(0x01, 0x07, 0, 0, 0, 0, 0, 0));
      const mmu = [
        [a64.movz(0, 0xff), a64.msr('MAIR_EL1', 0), a64.movz(0, 0x4000), a64.msr('TTBR0_EL1', 0)],
        [...a64.mov64(0, TCR), a64.msr('TCR_EL1', 0), ...a64.mov64(0, 0x30d00801n), a64.msr('SCTLR_EL1', 0), a64.isb()],
      ].flat();
      await startHeld(bench, [
        mmu,
        [a64.movz(0, 0x8040), a64.movz(3, 7), a64.movz(6, 0x8ffc)],
        [...a64.mov64(7, 3n << 20n), a64.msr('CPACR_EL1', 7)],
        [a64.strX(3, 0), a64.ldrX(8, 0), a64.stpX(3, 3, 0, -8), ldxr, stxr >>> 0, ldadd >>> 0, strQ, zva, acrossPages],
        [a64.ldrX(9, 6), a64.strX(3, 0, 0x100), a64.wfi(), a64.b(-1)],
      ]);
      bench.machine.debugSetWatchpoints(CELL, [
        { address: 0x8040n, lengthBytes: 4n, onRead: false, onWrite: true },
        { address: 0x9000n, lengthBytes: 2n, onRead: true, onWrite: true },
      ]);
      const hits: string[] = [];
      for (let hit = 0; hit < 8; hit++) {
        const cause = await resumeUntilHeld(bench, go('continue', 1));
        hits.push(
          `${pc(bench) - BigInt(mmu.length * 4)} ${cause.kind} ${cause.isWrite ? 'w' : 'r'} 0x${cause.address.toString(16)}`,
        );
        const before = bench.word(CELL, 0x8040);
        if (hit === 0) expect(before).toBe(0n);
        // As GDB goes on: without watchpoints over the instruction, then with them.
        bench.machine.debugSetWatchpoints(CELL, []);
        expect(await resumeUntilHeld(bench, go('step', 1))).toMatchObject({ kind: 'stepped' });
        if (hit === 2) expect(register(bench, 1, 2 * 8)).toBe(0n); // the store-exclusive has succeeded
        bench.machine.debugSetWatchpoints(CELL, [
          { address: 0x8040n, lengthBytes: 4n, onRead: false, onWrite: true },
          { address: 0x9000n, lengthBytes: 2n, onRead: true, onWrite: true },
        ]);
      }
      expect(hits).toEqual([
        '32 watchpoint w 0x8040',
        '40 watchpoint w 0x8040',
        '48 watchpoint w 0x8040',
        '52 watchpoint w 0x8040',
        '56 watchpoint w 0x8040',
        '60 watchpoint w 0x8040',
        '64 watchpoint w 0x9000',
        '68 watchpoint r 0x9000',
      ]);
      bench.machine.debugResume(CELL, go('continue', 1));
      await bench.until(() => bench.word(CELL, 0x8140) === 7n, 'the store behind the watchpoints');
    });
  });

  test('all CPUs of the cell are held with the one that stops', async () => {
    await withBench(options, async (bench) => {
      // CPU 1 switches CPU 2 on and counts at 0x8000, CPU 2 at 0x8008.
      const count = [a64.ldrX(1, 10), a64.addImm(1, 1, 1), a64.strX(1, 10), a64.b(-3)];
      const psci = [...a64.mov64(0, 0xc4000003n), ...a64.mov64(1, 2n), a64.movz(2, 0x100), a64.movz(3, 0), a64.smc(0)];
      await startHeld(bench, [psci, a64.movz(10, 0x8000), count], [1, 2]);
      bench.load(CELL, [a64.movz(10, 0x8008), count], 0x100n);
      bench.machine.debugResume(CELL, go('continue', 1, 2));
      await bench.until(() => bench.word(CELL, 0x8000) > 3n && bench.word(CELL, 0x8008) > 3n, 'both to count');
      bench.machine.debugHold(CELL);
      await untilHeld(bench);
      const counted = [bench.word(CELL, 0x8000), bench.word(CELL, 0x8008)];
      // One steps, the other stays.
      for (let step = 0; step < 8; step++) await resumeUntilHeld(bench, go('step', 2));
      expect(bench.word(CELL, 0x8000)).toBe(counted[0]);
      expect(bench.word(CELL, 0x8008)).toBe((counted[1] as bigint) + 2n);
      // One steps, the other runs: both are held at the end of the step.
      expect(await resumeUntilHeld(bench, [...go('step', 2), ...go('continue', 1)])).toMatchObject({
        kind: 'stepped',
        cpu: 2,
      });
      expect([pc(bench, 2) >= 0x104n, pc(bench, 1) < 0x100n]).toEqual([true, true]);
    });
  });

  test('a CPU that fails holds the cell, with its registers as they were', async () => {
    await withBench(options, async (bench) => {
      await startHeld(bench, [[a64.movz(4, 0x77), ...a64.mov64(0, 0x12340000n)], a64.strX(4, 0), a64.b(0)]);
      expect(await resumeUntilHeld(bench, go('continue', 1))).toMatchObject({ kind: 'failed', cpu: 1 });
      expect([pc(bench), register(bench, 1, 32)]).toEqual([20n, 0x77n]);
      expect(bench.machine.cpuState(1)).toBe('failed');
      // It is told once, also to a debugger that comes after it.
      bench.machine.debugDetach(CELL);
      bench.machine.debugAttach(CELL);
      bench.machine.debugHold(CELL);
      expect(await untilHeld(bench)).toMatchObject({ kind: 'failed', cpu: 1 });
      expect(pc(bench)).toBe(20n);
      bench.machine.debugResume(CELL, go('continue', 1));
      bench.machine.debugHold(CELL);
      expect(await untilHeld(bench)).toMatchObject({ kind: 'requested', cpu: 1 });
    });
  });

  test('a cell started while it is held stops at its entry when it is to go on', async () => {
    await withBench(options, async (bench) => {
      await startHeld(bench, [a64.addImm(0, 0, 1), a64.b(-1)]);
      await resumeUntilHeld(bench, go('step', 1));
      bench.start(CELL);
      expect(await resumeUntilHeld(bench, go('continue', 1))).toMatchObject({ kind: 'started', cpu: 1 });
      expect([pc(bench), register(bench, 1, 0)]).toEqual([0n, 0n]);
    });
  });

  test('a cell that is destroyed lets go of its debugger', async () => {
    await withBench(options, async (bench) => {
      await startHeld(bench, [a64.b(0)]);
      bench.machine.debugSetBreakpoints(CELL, [0n]);
      bench.machine.debugResume(CELL, go('continue', 1));
      await untilHeld(bench);
      bench.events.length = 0;
      bench.machine.destroyCell(CELL);
      await bench.until(() => bench.events.some(({ type }) => type === 'cellHeld'), 'the event');
      expect(() => bench.machine.debugCause(CELL)).toThrow('no cell has id 1');
      // The CPU is as good as new in its next cell.
      bench.run(CELL, [1], [a64.movz(0, 0x8000), a64.movz(1, 9), a64.strX(1, 0), a64.b(0)]);
      await bench.until(() => bench.word(CELL, 0x8000) === 9n, 'the next cell to run');
      expect(() => bench.machine.debugHold(CELL)).toThrow('no debugger is attached');
    });
  });
});

test('registers can be read and written', async () => {
  await withBench({}, async (bench) => {
    await startHeld(bench, [a64.nop(), a64.nop(), a64.b(0)]);
    const bytes = Buffer.from(bench.machine.debugReadRegisters(CELL, 1));
    expect(bytes.length).toBe(908);
    expect(bytes.readUInt32LE(CPSR)).toBe(0x3c5);
    for (let n = 0; n < 32; n++) bytes.writeBigUInt64LE(0x1000n + BigInt(n), n * 8);
    bytes.writeBigUInt64LE(4n, PC);
    bytes.writeUInt32LE(0x600003c4, CPSR);
    for (let n = 0; n < 32; n++) bytes.fill(n + 1, V0 + 16 * n, V0 + 16 * n + 16);
    bytes.writeUInt32LE(0xffffffff, FPSR);
    bytes.writeUInt32LE(0xffffffff, FPCR);
    bytes.writeBigUInt64LE(0xdeadn, ESR);
    bench.machine.debugWriteRegisters(CELL, 1, bytes);
    bytes.writeUInt32LE(0xf800009f, FPSR);
    bytes.writeUInt32LE(0x07c00000, FPCR);
    const after = Buffer.from(bench.machine.debugReadRegisters(CELL, 1));
    expect(after.subarray(0, FPCR + 4)).toEqual(bytes.subarray(0, FPCR + 4));
    expect(after.readBigUInt64LE(ESR)).toBe(0n);
    // SP_EL0 is the stack pointer now: the mode says so.
    expect(after.readBigUInt64LE(ESR + 4 * 8)).toBe(after.readBigUInt64LE(SP));
    await resumeUntilHeld(bench, go('step', 1));
    expect([pc(bench), register(bench, 1, 0)]).toEqual([8n, 0x1000n]);

    bytes.writeUInt32LE(0x3c9, CPSR); // EL2h
    expect(() => bench.machine.debugWriteRegisters(CELL, 1, bytes)).toThrow('cpsr has a mode');
    expect(() => bench.machine.debugWriteRegisters(CELL, 1, bytes.subarray(1))).toThrow('not a set of registers');
    setRegister(bench, 1, PC, 0n);
    expect(pc(bench)).toBe(0n);
  });
});

test('memory is what the cell sees, and code that is written is executed', async () => {
  await withBench({}, async (bench) => {
    await startHeld(bench, [a64.movz(0, 1), a64.b(0)]);
    const { machine } = bench;
    expect(machine.debugReadMemory(CELL, 1, 4n, 4)).toEqual(a64.assemble(a64.b(0)));
    await resumeUntilHeld(bench, go('step', 1));
    await resumeUntilHeld(bench, go('step', 1));
    expect(pc(bench)).toBe(4n);
    expect(machine.debugWriteMemory(CELL, 1, 4n, a64.assemble(a64.movz(0, 2), a64.b(0)))).toBe(true);
    await resumeUntilHeld(bench, go('step', 1));
    expect([pc(bench), register(bench, 1, 0)]).toEqual([8n, 2n]);

    // Up to the end of its memory; devices and what is not the cell's are not touched.
    expect(machine.debugReadMemory(CELL, 1, 0xfffcn, 16).length).toBe(4);
    expect(machine.debugWriteMemory(CELL, 1, 0xfffcn, new Uint8Array(16).fill(1))).toBe(false);
    expect(bench.word(CELL, 0xfff8)).toBe(0n);
    for (const address of [UART, 0x10000n, cellRam(CELL), RAM, 0xffff_ffff_ffff_fffcn, 1n << 41n]) {
      expect(machine.debugReadMemory(CELL, 1, address, 8).length).toBe(0);
      expect(machine.debugWriteMemory(CELL, 1, address, new Uint8Array(8))).toBe(false);
    }
    expect(machine.debugReadMemory(CELL, 1, COMM, 8).length).toBe(8);
    expect(() => machine.debugReadMemory(CELL, 1, 0n, 0x100001)).toThrow('at most 1 MiB');
    expect(() => machine.debugReadMemory(CELL, 2, 0n, 4)).toThrow('the cell has no CPU 2');
  });
});

test('with the MMU on, addresses are virtual', async () => {
  await withBench({}, async (bench) => {
    const page = (physical: bigint) => physical | 0x703n;
    await startHeld(bench, [
      [...a64.mov64(0, TCR), a64.msr('TCR_EL1', 0), a64.movz(0, 0x4000), a64.msr('TTBR0_EL1', 0)],
      [...a64.mov64(0, 0x30d00801n), a64.msr('SCTLR_EL1', 0), a64.isb()],
      [a64.movz(1, 0x7000), a64.strX(1, 1), a64.b(0)],
    ]);
    // 39 bits: level 1 at 0x4000, level 2 at 0x5000, level 3 at 0x6000. Page 0 is itself, page 7 lies at 0x9000.
    const table = (at: bigint, index: number, entry: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(entry);
      bench.machine.writePhysical(cellRam(CELL) + at + BigInt(index) * 8n, bytes);
    };
    table(0x4000n, 0, 0x5003n);
    table(0x5000n, 0, 0x6003n);
    table(0x6000n, 0, page(0n));
    table(0x6000n, 7, page(0x9000n) | (1n << 54n) | (1n << 53n));
    bench.machine.debugSetWatchpoints(CELL, [{ address: 0x7000n, lengthBytes: 8n, onRead: false, onWrite: true }]);
    expect(await resumeUntilHeld(bench, go('continue', 1))).toMatchObject({ kind: 'watchpoint', address: 0x7000n });
    expect(bench.machine.debugWriteMemory(CELL, 1, 0x7ff8n, new Uint8Array(8).fill(0xab))).toBe(true);
    expect(bench.word(CELL, 0x9ff8)).toBe(0xababababababababn);
    expect(bench.machine.debugReadMemory(CELL, 1, 0x7ff0n, 32).length).toBe(16);
    expect(bench.machine.debugReadMemory(CELL, 1, 0x9000n, 8).length).toBe(0);
    // Tables that lead out of the cell, or in circles, are nothing to trip over.
    table(0x5000n, 1, 0xff_ffff_f003n);
    table(0x4000n, 1, 0x4003n);
    expect(bench.machine.debugReadMemory(CELL, 1, 0x20_0000n, 8).length).toBe(0);
    bench.machine.debugReadMemory(CELL, 1, 0x4000_0000n, 8);
  });
});

test('the virtual clock stands while a cell is held, and a run with a debugger takes the time that it takes without', async () => {
  const code = [a64.movz(0, 0x8000), a64.mrs(1, 'CNTVCT_EL0'), a64.strX(1, 0), a64.wfi()];
  const delay = Array.from({ length: 3000 }, () => a64.nop());
  const program = [delay, code];
  let free = 0n;
  await withBench({ clock: 'virtual' }, async (bench) => {
    bench.run(CELL, [1], program);
    expect(await bench.machine.virtualRest()).toBe('idle');
    free = bench.word(CELL, 0x8000);
  });
  expect(free).toBe(24n); // 3000 instructions at 8 MHz
  await withBench({ clock: 'virtual' }, async (bench) => {
    await startHeld(bench, program);
    for (let step = 0; step < 20; step++) await resumeUntilHeld(bench, go('step', 1));
    bench.machine.debugSetBreakpoints(CELL, [4000n]);
    await resumeUntilHeld(bench, go('continue', 1));
    const held = bench.machine.nowNs();
    bench.machine.debugSetBreakpoints(CELL, []);
    let rested = false;
    const rest = bench.machine.virtualRest().then((reason) => {
      rested = true;
      return reason;
    });
    await new Promise(setImmediate);
    expect([bench.machine.nowNs(), rested]).toEqual([held, false]);
    bench.machine.debugResume(CELL, go('continue', 1));
    expect(await rest).toBe('idle');
    expect(bench.word(CELL, 0x8000)).toBe(free);
  });
});

test('what cannot be done is said', async () => {
  await withBench({}, async (bench) => {
    const { machine } = bench;
    expect(() => machine.debugAttach(0)).toThrow('the root cell does not execute here');
    expect(() => machine.debugAttach(7)).toThrow('no cell has id 7');
    bench.run(CELL, [1], [a64.b(0)]);
    expect(() => machine.debugHold(CELL)).toThrow('no debugger is attached');
    machine.debugAttach(CELL);
    expect(() => machine.debugAttach(CELL)).toThrow('a debugger is attached');
    expect(() => machine.debugReadRegisters(CELL, 1)).toThrow('the cell is not held');
    machine.debugHold(CELL);
    const loose = machine as unknown as Record<string, (...values: unknown[]) => unknown>;
    const cases: [string, unknown[], string][] = [
      ['debugResume', [CELL, [{ cpu: 3, go: 'step' }]], 'the cell has no CPU 3'],
      ['debugResume', [CELL, [{ cpu: 1, go: 'run' }]], "cpus[0].go must be 'step' or 'continue'"],
      ['debugSetBreakpoints', [CELL, [1]], 'addresses[0] must be a bigint'],
      ['debugSetBreakpoints', [CELL, Array.from({ length: 1025 }, () => 0n)], 'at most 1024'],
      ['debugSetWatchpoints', [CELL, [{ address: 0n, lengthBytes: 0n }]], 'does not fit'],
      ['debugSetWatchpoints', [CELL, [{ address: 2n ** 64n - 1n, lengthBytes: 2n }]], 'does not fit'],
      ['debugWriteMemory', [CELL, 1, 0n, 'text'], 'bytes must be a Uint8Array'],
    ];
    for (const [method, values, message] of cases) expect(() => loose[method]?.(...values)).toThrow(message);
  });
});
