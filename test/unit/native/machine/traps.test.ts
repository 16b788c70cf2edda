import {
  ldrW,
  ldrX,
  mov64,
  movReg,
  movSp,
  movz,
  hvc,
  msr,
  smc,
  stpX,
  strW,
  strX,
  b,
  br,
  wfi,
} from '../../../support/a64';
import { COMM, FLAGS, masterTraits, UART, withBench } from '../../../support/native-machine';
import type { MachineBench } from '../../../support/native-machine';

const stop = b(0);

/** Runs code on CPU 3 until it fails, and gives the console text. */
async function crash(
  code: readonly (number | readonly number[])[],
  options: Parameters<typeof withBench>[0] = {},
): Promise<string> {
  let text = '';
  await withBench(options, async (bench) => {
    bench.run(1, [3], [...code, stop]);
    await bench.failed(3);
    text = bench.console();
  });
  return text;
}

/** Runs code that ends by storing results into the cell's RAM at 0x8000 and x20 != 0 at 0x8100. */
async function results(
  count: number,
  code: readonly (number | readonly number[])[],
  options: Parameters<typeof withBench>[0] = {},
  look?: (bench: MachineBench) => void,
): Promise<bigint[]> {
  let words: bigint[] = [];
  await withBench(options, async (bench) => {
    bench.run(1, [3], [mov64(19, 0x8000n), ...code, movz(20, 1), strX(20, 19, 0x100), stop]);
    await bench.until(() => bench.word(1, 0x8100) === 1n);
    words = Array.from({ length: count }, (_, index) => bench.word(1, 0x8000 + 8 * index));
    look?.(bench);
  });
  return words;
}

const hypercall = (code: number, argument1: number, argument2: number, slot: number): number[] => [
  movz(0, code),
  movz(1, argument1),
  movz(2, argument2),
  hvc(0x4a48),
  strX(0, 19, slot * 8),
];

const secureCall = (code: bigint, slot: number, argument: bigint = 0n): number[] => [
  ...mov64(0, code),
  ...mov64(1, argument),
  smc(0),
  strX(0, 19, slot * 8),
];

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

describe('crash report', () => {
  const faulting = [
    ...mov64(2, 0x12345678n),
    ...mov64(3, 0x5fe0n),
    movSp(31, 3),
    ...mov64(30, 0x33f0n),
    ...mov64(7, 0xfedcba9876543210n),
    strW(2, 2),
  ];

  test('is printed as the GA release prints it', async () => {
    expect(await crash(faulting)).toBe(`Unhandled data write at 0x12345678(4)

FATAL: unhandled trap (exception class 0x24)
Cell state before exception:
 pc: 0000000000000044   lr: 00000000000033f0 spsr: 000003c5     EL1
 sp: 0000000000005fe0  esr: 24 1 1820046
 x0: 0000000000000000   x1: 0000000000000000   x2: 0000000012345678
 x3: 0000000000005fe0   x4: 0000000000000000   x5: 0000000000000000
 x6: 0000000000000000   x7: fedcba9876543210   x8: 0000000000000000
 x9: 0000000000000000  x10: 0000000000000000  x11: 0000000000000000
x12: 0000000000000000  x13: 0000000000000000  x14: 0000000000000000
x15: 0000000000000000  x16: 0000000000000000  x17: 0000000000000000
x18: 0000000000000000  x19: 0000000000000000  x20: 0000000000000000
x21: 0000000000000000  x22: 0000000000000000  x23: 0000000000000000
x24: 0000000000000000  x25: 0000000000000000  x26: 0000000000000000
x27: 0000000000000000  x28: 0000000000000000  x29: 0000000000000000

Parking CPU 3 (Cell: "cell-1")
`);
  });

  test('has the elr field in newer releases', async () => {
    expect(await crash(faulting, { traits: masterTraits })).toContain(
      '\n sp: 0000000000005fe0  elr: 0000000000000044  esr: 24 1 1820046\n',
    );
  });

  test('goes to the debug UART with the line ends of the release', async () => {
    for (const [traits, lineEnd] of [
      [{}, '\n\r'],
      [masterTraits, '\r\n'],
    ] as const) {
      await withBench({ debugUart: UART, traits }, async (bench) => {
        bench.run(1, [3], [hvc(1), stop]);
        await bench.failed(3);
        expect(bench.uart()).toBe(bench.console().replaceAll('\n', lineEnd));
      });
    }
  });

  test('all CPUs failed: the cell is marked, counters tell the exit, and a restart clears the mark', async () => {
    await withBench({}, async (bench) => {
      bench.run(1, [3], [...faulting, stop]);
      await bench.failed(3);
      expect(bench.machine.readCommWord(1, 8)).toBe(3);
      await bench.until(() =>
        bench.events.some((event) => event.type === 'cpuFailed' && event.cpu === 3 && event.cellId === 1),
      );
      expect([bench.counter(3, 'mmio'), bench.counter(3, 'total')]).toEqual([1, 2]);
      bench.machine.parkCell(1);
      expect(bench.machine.cpuState(3)).toBe('parked');
      bench.load(1, [wfi(), b(-1)]);
      bench.start(1);
      expect(bench.machine.cpuState(3)).toBe('running');
      expect(bench.machine.readCommWord(1, 8)).toBe(0);
    });
  });
});

describe('what parks a CPU', () => {
  test.each([
    [
      'reads of nothing',
      [...mov64(1, 0x50000000n), ldrX(0, 1)],
      /^Unhandled data read at 0x50000000\(8\)\n\nFATAL: unhandled trap \(exception class 0x24\)/,
    ],
    [
      'stores without a syndrome',
      [...mov64(1, 0x50000000n), stpX(0, 2, 1)],
      /FATAL: unhandled trap \(exception class 0x24\)/,
    ],
    [
      'jumps to nothing',
      [...mov64(1, 0x50000000n), br(1)],
      /^FATAL: instruction abort at 0x50000000\n\nFATAL: forbidden access \(exception class 0x20\)/,
    ],
    ['other HVC numbers', [hvc(7)], /^\nFATAL: forbidden access \(exception class 0x16\)/],
    ['SMC of unknown owners', [...mov64(0, 0x95c1ba60n), smc(0)], /^\nFATAL: unhandled trap \(exception class 0x17\)/],
    ['ACTLR_EL1', [msr('ACTLR_EL1', 0)], /^\nFATAL: unhandled trap \(exception class 0x18\)/],
  ])('%s', async (_name, code, expected) => {
    expect(await crash(code)).toMatch(expected);
  });

  test('an instruction that is not implemented names its encoding and address', async () => {
    // MRS x0, L2CTLR_EL1: implementation defined, and nothing here implements it.
    expect(await crash([0xd539b040])).toMatch(
      /^FATAL: unimplemented instruction 0xd539b040 \(implementation-defined system register\) at 0x0\nCell state before exception:\n pc: 0{16} /,
    );
  });

  test('reports of CPUs that fail together do not mix', async () => {
    await withBench({ debugUart: UART }, async (bench) => {
      for (const cpu of [1, 2, 3]) {
        bench.createCell(cpu, [cpu]);
        bench.load(cpu, [...mov64(1, 0x50000000n), ldrX(0, 1), stop]);
      }
      for (const cpu of [1, 2, 3]) bench.start(cpu);
      for (const cpu of [1, 2, 3]) await bench.failed(cpu);
      const report =
        /^Unhandled data read at 0x50000000\(8\)\n\nFATAL: unhandled trap [^]* x0: [^]*\n\nParking CPU \d \(Cell: "cell-\d"\)\n$/;
      const reports = bench
        .uart()
        .replaceAll('\n\r', '\n')
        .split(/(?<="\)\n)/);
      expect(reports).toHaveLength(3);
      for (const text of reports) {
        expect(text).toMatch(report);
        expect(text.match(/FATAL/g)).toHaveLength(1);
      }
    });
  });
});

describe('hypercalls', () => {
  test('give results and errno as the hypervisor does', async () => {
    const words = await results(
      12,
      [
        hypercall(0, 0, 0, 0),
        hypercall(1, 0, 0, 1),
        hypercall(6, 1, 0, 2),
        hypercall(5, 1, 0, 3),
        hypercall(5, 5, 0, 4),
        hypercall(7, 3, 0, 5),
        hypercall(7, 0, 0, 6),
        hypercall(7, 9, 0, 7),
        hypercall(7, 3, 1003, 8),
        hypercall(7, 3, 2000, 9),
        hypercall(8, 65, 0, 10),
        hypercall(99, 0, 0, 11),
      ],
      {},
      (bench) => {
        expect(bench.counter(3, 'hypercall')).toBe(12);
      },
    );
    expect(words.map(signed)).toEqual([-1n, -1n, -1n, 0n, -22n, 0n, -1n, -22n, 9n, -22n, -1n, -38n]);
  });

  test('info comes from the model', async () => {
    await withBench({}, async (bench) => {
      bench.machine.setHypervisorInfo([994, 70, 131072, 144, 2]);
      bench.run(
        1,
        [3],
        [mov64(19, 0x8000n), hypercall(5, 0, 0, 0), hypercall(5, 1, 0, 1), hypercall(5, 4, 0, 2), stop],
      );
      await bench.until(() => bench.word(1, 0x8010) === 2n);
      expect([bench.word(1, 0x8000), bench.word(1, 0x8008)]).toEqual([994n, 70n]);
    });
  });

  test('putc writes the ring and the UART, for cells that may', async () => {
    await withBench({ debugUart: UART }, async (bench) => {
      bench.createCell(1, [3], { consolePermitted: true });
      bench.load(1, [...[72, 105, 10, 13].flatMap((code) => [movz(0, 8), movz(1, code), hvc(0x4a48)]), stop]);
      bench.start(1);
      await bench.until(() => bench.console().endsWith('\r'));
      expect(bench.console()).toBe('Hi\n\r');
      expect(bench.uart()).toBe('Hi\n\r\r');
    });
  });
});

describe('SMC', () => {
  test('SMCCC and PSCI queries of the GA release', async () => {
    const words = await results(
      9,
      [
        secureCall(0x80000000n, 0),
        secureCall(0x80000001n, 1),
        secureCall(0xc2000000n, 2),
        secureCall(0x84000000n, 3),
        secureCall(0x8400000an, 4, 0xc4000003n),
        secureCall(0x8400000an, 5, 0x84000009n),
        secureCall(0x84000008n, 6),
        secureCall(0xf2000000n, 7),
        secureCall(0xc4000004n, 8, 0x80000003n),
      ],
      {},
      (bench) => {
        expect([bench.counter(3, 'smccc'), bench.counter(3, 'psci')]).toEqual([3, 5]);
        // One more for the start of the cell and one for the call to the trusted OS, which has no counter of its own.
        expect(bench.counter(3, 'total')).toBe(10);
      },
    );
    expect(words.map(signed)).toEqual([0x10001n, -1n, -1n, 0x10001n, 0n, -1n, -1n, -1n, 0n]);
  });

  test('unknown architecture calls park the CPU in newer releases', async () => {
    const text = await crash([...mov64(0, 0x80001234n), smc(0)], { traits: masterTraits });
    expect(text).toMatch(/^Unhandled SMC arch trap 80001234\n\nFATAL: unhandled trap \(exception class 0x17\)/);
  });
});

describe('regions', () => {
  const page = (flags: number, physStart = 0xb5000000n, sizeBytes = 0x1000n, virtStart = 0x10000000n) => ({
    physStart,
    virtStart,
    sizeBytes,
    flags,
  });

  test('later regions replace earlier ones page by page', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [3], {
        more: [
          page(FLAGS.read | FLAGS.write, 0xb5000000n, 0x3000n),
          page(FLAGS.read, 0xb6000000n, 0x1000n, 0x10001000n),
        ],
      });
      bench.load(1, [
        mov64(1, 0x10000000n),
        mov64(2, 0x10002000n),
        movz(3, 7),
        strX(3, 1),
        strX(3, 2),
        mov64(1, 0x10001000n),
        ldrX(4, 1),
        strX(4, 1),
        stop,
      ]);
      bench.machine.writePhysical(0xb6000000n, new Uint8Array([0x2a]));
      bench.start(1);
      await bench.failed(3);
      expect(bench.machine.readPhysical(0xb5000000n, 1)[0]).toBe(7);
      expect(bench.machine.readPhysical(0xb5002000n, 1)[0]).toBe(7);
      // Read-only is enforced by the trap: the write is a violation, the read was not.
      expect(bench.console()).toMatch(/^Unhandled data write at 0x10001000\(8\)[\s\S]* x3: 0{15}7 {3}x4: 0{14}2a/);
    });
  });

  test('parts of pages are dispatched by width and alignment', async () => {
    const io32 = 0x40000;
    await withBench({}, async (bench) => {
      bench.createCell(1, [3], { more: [page(FLAGS.read | FLAGS.write | io32, 0xb5000010n, 0x10n, 0x10000010n)] });
      bench.load(1, [mov64(1, 0x10000010n), movz(2, 99), strW(2, 1, 4), ldrW(3, 1, 4), ldrX(4, 1), stop]);
      bench.start(1);
      await bench.failed(3);
      expect(bench.machine.readPhysical(0xb5000014n, 1)[0]).toBe(99);
      expect(bench.console()).toMatch(
        /^FATAL: Invalid MMIO read, address: b5000010, size: 8\n\nFATAL: forbidden access/,
      );
      expect(bench.counter(3, 'mmio')).toBe(3);
    });
  });

  test('the communication page is the cell’s own memory', async () => {
    await withBench({}, async (bench) => {
      bench.run(1, [3], [mov64(1, COMM), movz(2, 2), strW(2, 1, 8), wfi(), b(-1)]);
      await bench.until(() => bench.machine.readCommWord(1, 8) === 2);
      await bench.until(() => bench.events.some((event) => event.type === 'cellChanged' && event.cellId === 1));
      bench.machine.writeCommWord(1, 12, 1);
      expect(bench.machine.readCommWord(1, 12)).toBe(1);
      expect(() => bench.machine.readCommWord(1, 4096)).toThrow('offset is not that of a word');
      expect(() => bench.machine.readCommWord(1, 2)).toThrow('offset is not that of a word');
    });
  });

  test('a passed-through page without a device aborts externally, and says so once', async () => {
    await withBench({}, async (bench) => {
      bench.createCell(1, [3], { more: [page(FLAGS.read | FLAGS.write | FLAGS.io, 0x30200000n)] });
      // Vector 0x200 of VBAR 0x800: synchronous exception at the current level.
      bench.load(1, [mov64(9, 0x800n), msr('VBAR_EL1', 9), mov64(1, 0x10000000n), ldrW(0, 1), stop]);
      bench.load(1, [movz(0, 0x8000), movReg(1, 0), strX(1, 0), stop], 0xa00n);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) === 0x8000n);
      expect(bench.console()).toBe(
        'emulator: no device register at physical 0x30200000 (read of 4 bytes): external abort\n',
      );
      expect(bench.machine.cpuState(3)).toBe('running');
    });
  });
});
