import { machineConstructor } from '../../../../src/native/machine';
import type { Machine, MachineOptions } from '../../../../src/native/machine';
import { emptyCell, gaTraits, RAM, withBench } from '../../../support/native-machine';

const board: MachineOptions = {
  cpus: [{ mpidr: 0x80000000n, midr: 0x410fd034n }],
  ram: [{ physStart: RAM, sizeBytes: 0x100000n }],
  gic: { gicdBase: 0x38800000n, gicrBase: 0x38880000n, spiCount: 128 },
  counterFrequencyHz: 8_000_000,
  uarts: [{ name: 'uart', kind: 'imx', physStart: 0x30890000n, sizeBytes: 0x10000, intid: 59 }],
  clock: 'real',
  onEvents: () => undefined,
};

/** Options with something replaced, past the type checker. */
const broken = (replace: Record<string, unknown>): MachineOptions => ({ ...board, ...replace }) as MachineOptions;

test.each([
  [{ cpus: undefined }, 'options.cpus must be an array'],
  [{ cpus: [{ mpidr: 1, midr: 0n }] }, 'options.cpus[0].mpidr must be a bigint'],
  [{ cpus: [{ mpidr: -1n, midr: 0n }] }, 'options.cpus[0].mpidr must be a bigint from 0 to 2^64 - 1'],
  [{ cpus: [] }, 'a board has 1 to 64 CPUs'],
  [{ ram: [{ physStart: 0n, sizeBytes: '4' }] }, 'options.ram[0].sizeBytes must be a bigint'],
  [{ ram: [{ physStart: 1n, sizeBytes: 4096n }] }, 'RAM ranges must be page aligned'],
  [{ ram: [board.ram[0], board.ram[0]] }, 'must not overlap'],
  [{ gic: { ...board.gic, spiCount: 1000 } }, 'more SPIs than a GIC can have'],
  [{ gic: { ...board.gic, spiCount: 1.5 } }, 'options.gic.spiCount must be an integer'],
  [{ counterFrequencyHz: 0 }, 'counterFrequencyHz must fit'],
  [{ counterFrequencyHz: NaN }, 'options.counterFrequencyHz must be an integer'],
  [{ clock: 'fast' }, "options.clock must be one of 'real', 'virtual'"],
  [{ uarts: [{ ...board.uarts[0], kind: 'vt100' }] }, "options.uarts[0].kind must be one of 'imx', 'lpuart', 'pl011'"],
  [{ uarts: [{ ...board.uarts[0], intid: 500 }] }, 'interrupt of UART uart is not an SPI of the board'],
  [{ uarts: [{ ...board.uarts[0], physStart: 0x38800000n }] }, 'device windows overlap'],
  [{ onEvents: 1 }, 'options.onEvents must be a function'],
])('construction: %j', (replace, message) => {
  const MachineClass = machineConstructor();
  expect(() => new MachineClass(broken(replace))).toThrow(message);
});

test('methods name what is wrong', async () => {
  await withBench({}, ({ machine }) => {
    const loose = machine as unknown as Record<string, (...values: unknown[]) => unknown>;
    const cases: [string, unknown[], string][] = [
      ['readPhysical', [1, 2], 'address must be a bigint'],
      ['readPhysical', [1n, -2], 'lengthBytes must be an integer'],
      ['writePhysical', [RAM, 'text'], 'bytes must be a Uint8Array'],
      ['writePhysical', [RAM, new Uint16Array(2)], 'bytes must be a Uint8Array'],
      ['createCell', [undefined], 'cell must be an object'],
      ['createCell', [{ ...emptyCell(1, 'x'), cpus: ['a'] }], 'cell.cpus[0] must be a number'],
      ['createCell', [{ ...emptyCell(1, 'x'), regions: [{}] }], 'cell.regions[0].physStart must be a bigint'],
      [
        'createCell',
        [{ ...emptyCell(1, 'x'), pciDevices: [{ bdf: 70000 }] }],
        'cell.pciDevices[0].bdf must be an integer from 0 to 65535',
      ],
      ['createCell', [{ ...emptyCell(1, 'x'), intids: [5000] }], 'cell.intids[0] must be an integer from 0 to 1019'],
      ['createCell', [{ ...emptyCell(1, 'x'), cpus: [1], intids: [20] }], 'INTID 20 is not an SPI'],
      ['startCell', ['one', {}], 'cellId must be a number'],
      ['startCell', [1, { entry: 0 }], 'start.entry must be a bigint'],
      ['cpuState', [99], 'the board has no CPU 99'],
      ['cpuCounters', [{}], 'cpu must be a number'],
      ['countRootExit', [0, 'boredom'], 'reason must be an exit reason'],
      ['rootRead', [0, 0n, 3], 'sizeBytes must be 1, 2, 4 or 8'],
      ['rootWrite', [0, 0n, 4, 1], 'value must be a bigint'],
      ['consoleWrite', [5], 'text must be a string'],
      ['uartLog', ['nope', 0], 'no UART is called nope'],
      ['uartLog', ['uart', -1], 'from must be a non-negative safe integer'],
      ['uartInput', ['uart', [1]], 'bytes must be a Uint8Array'],
      ['setHypervisorInfo', ['12345'], 'values must be an array'],
      ['enable', [{}], 'options.traits must be an object'],
    ];
    for (const [method, values, message] of cases) {
      expect(() => loose[method]?.(...values)).toThrow(message);
    }
    expect(() => {
      machine.enable({
        traits: gaTraits,
        debugUart: undefined,
        virtualConsole: true,
        maintenanceIntid: 25,
        mmconfig: undefined,
        rootCell: emptyCell(0, 'again'),
      });
    }).toThrow('the hypervisor is enabled already');
  });
});

test('a method called on something else is refused', async () => {
  await withBench({}, ({ machine }) => {
    const { nowNs } = Object.getPrototypeOf(machine) as Machine;
    for (const self of [{}, undefined, Object.create(machine) as unknown, new Uint8Array(8)]) {
      expect(() => nowNs.call(self as Machine)).toThrow(/this is not a Machine|Illegal invocation/);
    }
  });
});
