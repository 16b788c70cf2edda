import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { b, mov64, movz, smc, strX, wfi } from '../../../support/a64';
import { increment, stop } from '../../../support/inmate-code';
import {
  cellRam,
  emptyCell,
  gaTraits,
  GICD,
  GICR,
  MachineBench,
  RAM,
  UART,
  withBench,
} from '../../../support/native-machine';

const threads = (): number => readdirSync('/proc/self/task').length;
const descriptors = (): number => readdirSync('/proc/self/fd').length;

test('a thousand rounds give back every thread and descriptor', async () => {
  await withBench({}, async (bench) => {
    const before = { own: bench.machine.resources(), threads: threads(), descriptors: descriptors() };
    for (let round = 0; round < 1000; round++) {
      bench.createCell(1, [2, 3]);
      bench.load(1, [
        increment(0x8000),
        ...mov64(0, 0xc4000003n),
        ...mov64(1, 3n),
        ...mov64(2, 0x1000n),
        smc(0),
        round % 2 ? stop : wfi(),
        b(-1),
      ]);
      bench.load(1, [increment(0x8008), stop], 0x1000n);
      const count = bench.word(1, 0x8000);
      bench.start(1);
      // Most rounds end before the inmate gets far, as the host's scheduler likes; in these it has run.
      if (round % 50 === 0) await bench.until(() => bench.word(1, 0x8000) > count, 'the inmate to run');
      if (round % 3 === 0) bench.machine.parkCell(1);
      if (round % 5 === 0) bench.start(1);
      bench.machine.destroyCell(1);
    }
    expect(bench.machine.resources()).toEqual(before.own);
    await bench.until(() => threads() <= before.threads && descriptors() <= before.descriptors);
  });
});

test('closing frees everything, running cells included', async () => {
  const before = { threads: threads(), descriptors: descriptors() };
  for (const clock of ['real', 'virtual'] as const) {
    const bench = new MachineBench({ clock });
    bench.run(1, [1], [stop]);
    bench.run(2, [2, 3], [wfi(), b(-1)]);
    expect(bench.machine.resources().threads).toBe(clock === 'real' ? 4 : 1);
    bench.close();
    bench.close();
    expect(() => bench.machine.nowNs()).toThrow('the machine is closed');
  }
  expect(descriptors()).toBe(before.descriptors);
  const bench = new MachineBench();
  // Threads that have ended vanish from /proc a moment later.
  await bench.until(() => threads() <= before.threads + 1);
  bench.close();
});

test('parking stops at once, states tell so', async () => {
  await withBench({}, async (bench) => {
    bench.createCell(1, [1, 2]);
    expect([1, 2].map((cpu) => bench.machine.cpuState(cpu))).toEqual(['parked', 'parked']);
    bench.load(1, [increment(0x8000), b(-4)]);
    bench.start(1);
    expect([1, 2].map((cpu) => bench.machine.cpuState(cpu))).toEqual(['running', 'off']);
    await bench.until(() => bench.word(1, 0x8000) > 1000n);
    bench.machine.parkCell(1);
    const count = bench.word(1, 0x8000);
    expect([1, 2].map((cpu) => bench.machine.cpuState(cpu))).toEqual(['parked', 'parked']);
    expect(bench.counter(1, 'management')).toBe(2);
    expect(bench.word(1, 0x8000)).toBe(count);
    bench.machine.destroyCell(1);
    expect(bench.counter(1, 'total')).toBe(0);
  });
});

test('code that is loaded anew is the code that runs', async () => {
  await withBench({}, async (bench) => {
    bench.createCell(1, [3]);
    for (let round = 1; round <= 50; round++) {
      bench.load(1, [movz(0, round), movz(1, 0x8000), strX(0, 1), stop]);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) === BigInt(round));
    }
  });
});

test('the communication page starts with the given bytes and zeroes', async () => {
  await withBench({}, (bench) => {
    bench.createCell(1, [3]);
    bench.load(1, [stop]);
    bench.machine.writeCommWord(1, 4092, 0x12345678);
    const commRegion = new Uint8Array(112);
    new DataView(commRegion.buffer).setUint32(104, 108, true);
    bench.machine.startCell(1, { entry: 0n, commRegion });
    expect([bench.machine.readCommWord(1, 104), bench.machine.readCommWord(1, 4092)]).toEqual([108, 0]);
    expect(() => {
      bench.machine.startCell(1, { entry: 0n, commRegion: new Uint8Array(4097) });
    }).toThrow('larger than a page');
  });
});

test('broken promises are refused and change nothing', async () => {
  await withBench({}, (bench) => {
    bench.createCell(1, [3]);
    for (const [body, message] of [
      [
        () => {
          bench.createCell(1, [2]);
        },
        'the cell id is taken',
      ],
      [
        () => {
          bench.createCell(2, [3]);
        },
        'CPU 3 is not the root cell’s',
      ],
      [
        () => {
          bench.createCell(2, [9]);
        },
        'CPU 9 is not the root cell’s',
      ],
      [
        () => {
          bench.createCell(2, []);
        },
        'at least one CPU',
      ],
      [
        () => {
          bench.machine.startCell(7, { entry: 0n, commRegion: new Uint8Array(0) });
        },
        'no cell has id 7',
      ],
      [
        () => {
          bench.machine.destroyCell(0);
        },
        'the root cell cannot be destroyed',
      ],
      [
        () => {
          bench.machine.parkCell(0);
        },
        'the root cell cannot be parked',
      ],
      [
        () => {
          bench.machine.disable();
        },
        'cells exist',
      ],
      [
        () => {
          bench.machine.countRootExit(3, 'psci');
        },
        'CPU 3 is not the root cell’s',
      ],
      [() => bench.machine.rootRead(3, 0n, 4), 'CPU 3 is not the root cell’s'],
      [() => bench.machine.rootRead(0, 0x1234n, 4), 'nothing answers'],
      [
        () => {
          bench.machine.setHypervisorInfo([1]);
        },
        'five values',
      ],
      [
        () => {
          bench.createCell(2, [2], { more: [{ physStart: 0n, virtStart: 1n << 50n, sizeBytes: 4096n, flags: 3 }] });
        },
        '48 address bits',
      ],
    ] as [() => unknown, string][]) {
      expect(body).toThrow(message.replace('’', "'"));
    }
    bench.machine.destroyCell(1);
    bench.machine.disable();
    expect(() => {
      bench.createCell(1, [3]);
    }).toThrow('the hypervisor is not enabled');
  });
});

test('root exits are counted as reported, and cleared by enable', async () => {
  await withBench({}, (bench) => {
    bench.machine.countRootExit(1, 'hypercall');
    bench.machine.countRootExit(1, 'total');
    expect(bench.machine.cpuCounters(1)).toEqual([2, 0, 0, 1, 0, 0, 0, 0, 0]);
  });
});

test('physical memory: bounds, and pages that another mapping sees', async () => {
  await withBench({}, (bench) => {
    const end = RAM + 0x80000000n;
    bench.machine.writePhysical(end - 4n, new Uint8Array([1, 2, 3, 4]));
    expect([...bench.machine.readPhysical(end - 4n, 4)]).toEqual([1, 2, 3, 4]);
    expect(bench.machine.readPhysical(RAM, 0)).toHaveLength(0);
    for (const body of [
      () => bench.machine.readPhysical(end - 4n, 5),
      () => bench.machine.readPhysical(RAM - 1n, 1),
      () => bench.machine.readPhysical(UART, 4),
      () => bench.machine.readPhysical(0xffffffffffffffffn, 0xffffffff),
      () => {
        bench.machine.writePhysical(end, new Uint8Array(1));
      },
      () => bench.machine.shareRam(end - 4096n, 8192n),
    ]) {
      expect(body).toThrow('address is outside RAM');
    }
    const { path, offset } = bench.machine.shareRam(cellRam(1), 4096n);
    expect(offset).toBe(cellRam(1) - RAM);
    const file = openSync(path, 'r');
    try {
      bench.machine.writePhysical(cellRam(1), Buffer.from('shared pages'));
      const bytes = Buffer.alloc(12);
      readSync(file, bytes, 0, bytes.length, offset);
      expect(bytes.toString()).toBe('shared pages');
    } finally {
      closeSync(file);
    }
    expect(path).toMatch(/^\/proc\/\d+\/fd\/\d+$/);
  });
});

test('a worker that ends with a running machine takes its threads along', async () => {
  const before = { threads: threads(), descriptors: descriptors() };
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { Machine } = require(workerData.addon);
    const machine = new Machine({ ...workerData.board, onEvents() {} });
    machine.enable(workerData.hypervisor);
    machine.createCell(workerData.cell);
    machine.startCell(1, { entry: 0n, commRegion: new Uint8Array(0) });
    parentPort.postMessage(machine.resources().threads);
  `;
  const workerData = {
    addon: join(__dirname, '../../../../build/Release/cellvisor.node'),
    board: {
      cpus: [
        { mpidr: 0n, midr: 0n },
        { mpidr: 1n, midr: 0n },
      ],
      ram: [{ physStart: 0n, sizeBytes: 0x100000n }],
      gic: { gicdBase: GICD, gicrBase: GICR, spiCount: 32 },
      counterFrequencyHz: 8_000_000,
      uarts: [],
      clock: 'real',
    },
    hypervisor: {
      traits: gaTraits,
      virtualConsole: false,
      maintenanceIntid: 25,
      rootCell: { ...emptyCell(0, 'root'), cpus: [0, 1] },
    },
    // RAM is zero: the inmate takes undefined instruction exceptions for ever.
    cell: {
      ...emptyCell(1, 'cell'),
      cpus: [1],
      regions: [{ physStart: 0n, virtStart: 0n, sizeBytes: 0x10000n, flags: 3 }],
    },
  };
  for (const end of ['terminated', 'left alone']) {
    const worker = new Worker(code, { eval: true, workerData });
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    expect(await new Promise((resolve) => worker.once('message', resolve))).toBe(2);
    if (end === 'terminated') await worker.terminate();
    await exit;
  }
  await withBench({}, async (bench) => {
    await bench.until(() => threads() <= before.threads + 1 && descriptors() <= before.descriptors + 1);
  });
});
