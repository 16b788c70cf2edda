import { machineConstructor } from '../../src/native/machine';
import type {
  ExitReason,
  Machine,
  MachineCell,
  MachineEvent,
  MachineOptions,
  MachineRegion,
  MachineTraits,
} from '../../src/native/machine';
import { assemble } from './a64';

/** A small board with the addresses of an i.MX 8M Mini, for tests that drive the native machine with a few instructions. */
export const UART = 0x30890000n;
export const UART_INTID = 59;
export const GICD = 0x38800000n;
export const GICR = 0x38880000n;
export const MMCONFIG = 0xbb800000n;
export const RAM = 0x40000000n;
/** Where cell n's 64 KiB lie. */
export const cellRam = (cellId: number): bigint => 0xb3c00000n + BigInt(cellId) * 0x100000n;
export const SHARED = 0xbba00000n;
/** Cells see their communication page here. */
export const COMM = 0x80000000n;

export const FLAGS = { read: 1, write: 2, io: 0x10, comm: 0x20, loadable: 0x40, rootShared: 0x80 };

export const gaTraits: MachineTraits = {
  ivshmemVersion: 1,
  newline: 'lf-cr',
  dumpsElr: false,
  fpEnabledAtReset: false,
  unknownArchCallParks: false,
  trustedCallsForwarded: true,
  gicrTyperUpperHalf: false,
};

export const masterTraits: MachineTraits = {
  ivshmemVersion: 2,
  newline: 'cr-lf',
  dumpsElr: true,
  fpEnabledAtReset: true,
  unknownArchCallParks: true,
  trustedCallsForwarded: false,
  gicrTyperUpperHalf: true,
};

const reasons: readonly ExitReason[] = [
  'total',
  'mmio',
  'management',
  'hypercall',
  'maintenance',
  'virt_irq',
  'virt_sgi',
  'psci',
  'smccc',
];

export interface BenchOptions extends Partial<Omit<MachineOptions, 'onEvents'>> {
  readonly traits?: Partial<MachineTraits>;
  readonly debugUart?: bigint | undefined;
  readonly rootCell?: Partial<MachineCell>;
}

/** A machine with the hypervisor enabled, and short ways to say what tests say. */
export class MachineBench {
  readonly machine: Machine;
  readonly events: MachineEvent[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(options: BenchOptions = {}) {
    const { traits, debugUart, rootCell, ...board } = options;
    this.machine = new (machineConstructor())({
      cpus: [0n, 1n, 2n, 3n].map((number) => ({ mpidr: 0x80000000n + number, midr: 0x410fd034n })),
      ram: [{ physStart: RAM, sizeBytes: 0x80000000n }],
      gic: { gicdBase: GICD, gicrBase: GICR, spiCount: 128 },
      counterFrequencyHz: 8_000_000,
      uarts: [{ name: 'uart', kind: 'imx', physStart: UART, sizeBytes: 0x10000, intid: UART_INTID }],
      clock: 'real',
      ...board,
      onEvents: (events) => {
        this.events.push(...events);
        for (const listener of this.listeners) listener();
      },
    });
    this.machine.enable({
      traits: { ...gaTraits, ...traits },
      debugUart,
      virtualConsole: true,
      maintenanceIntid: 25,
      mmconfig: { base: MMCONFIG, endBus: 0 },
      rootCell: { ...emptyCell(0, 'root'), cpus: this.cpuNumbers(options), vpciIrqBaseIntid: 106, ...rootCell },
    });
  }

  private cpuNumbers(options: BenchOptions): number[] {
    return Array.from({ length: options.cpus?.length ?? 4 }, (_, index) => index);
  }

  /** A cell with 64 KiB of RAM at 0, the UART and a communication page, and whatever `extra` adds or replaces. */
  createCell(id: number, cpus: readonly number[], extra: Partial<MachineCell> & { more?: MachineRegion[] } = {}): void {
    const { more = [], ...cell } = extra;
    this.machine.createCell({
      ...emptyCell(id, `cell-${id}`),
      cpus,
      regions: [
        { physStart: cellRam(id), virtStart: 0n, sizeBytes: 0x10000n, flags: FLAGS.read | FLAGS.write },
        { physStart: UART, virtStart: UART, sizeBytes: 0x1000n, flags: FLAGS.read | FLAGS.write | FLAGS.io },
        { physStart: 0n, virtStart: COMM, sizeBytes: 0x1000n, flags: FLAGS.read | FLAGS.write | FLAGS.comm },
        ...more,
      ],
      ...cell,
    });
  }

  load(cellId: number, code: readonly (number | readonly number[])[], offset = 0n): void {
    this.machine.writePhysical(cellRam(cellId) + offset, assemble(...code));
  }

  start(cellId: number, entry = 0n): void {
    this.machine.startCell(cellId, { entry, commRegion: new Uint8Array(112) });
  }

  /** Creates cell `id` on `cpus`, loads `code` at 0 and starts it. */
  run(id: number, cpus: readonly number[], code: readonly (number | readonly number[])[]): void {
    this.createCell(id, cpus);
    this.load(id, code);
    this.start(id);
  }

  uart(name = 'uart'): string {
    return Buffer.from(this.machine.uartLog(name, 0).bytes).toString('latin1');
  }

  /** What the console ring holds, oldest byte first. */
  console(): string {
    const { tail, content } = this.machine.consoleSnapshot();
    const bytes = Buffer.from(content);
    const head = tail % bytes.length;
    return (
      tail <= bytes.length ? bytes.subarray(0, tail) : Buffer.concat([bytes.subarray(head), bytes.subarray(0, head)])
    ).toString('latin1');
  }

  counter(cpu: number, reason: ExitReason): number {
    return this.machine.cpuCounters(cpu)[reasons.indexOf(reason)] ?? NaN;
  }

  /** A 64-bit word of a cell's RAM. */
  word(cellId: number, offset: number): bigint {
    const bytes = this.machine.readPhysical(cellRam(cellId) + BigInt(offset), 8);
    return Buffer.from(bytes).readBigUInt64LE();
  }

  /** Waits for a condition: looked at when events come, and every few milliseconds for those that cause none. */
  until(condition: () => boolean, what = 'the condition'): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.listeners.delete(look);
        clearInterval(poll);
        clearTimeout(deadline);
        settle();
      };
      const look = (): void => {
        if (condition()) finish(resolve);
      };
      const poll = setInterval(look, 2);
      const deadline = setTimeout(() => {
        finish(() => {
          reject(new Error(`waited 15 s for ${what}; console: ${this.console()}; uart: ${this.uart()}`));
        });
      }, 15_000);
      this.listeners.add(look);
      look();
    });
  }

  /** Waits until the CPU has been parked by a violation. */
  async failed(cpu: number): Promise<void> {
    await this.until(() => this.machine.cpuState(cpu) === 'failed', `CPU ${cpu} to fail`);
  }

  close(): void {
    this.machine.close();
  }
}

export function emptyCell(id: number, name: string): MachineCell {
  return {
    id,
    name,
    cpus: [],
    regions: [],
    intids: [],
    vpciIrqBaseIntid: 32,
    pciDevices: [],
    consolePermitted: false,
  };
}

/** Runs `body` with a bench that is closed afterwards, whatever happens. */
export async function withBench(
  options: BenchOptions,
  body: (bench: MachineBench) => Promise<void> | void,
): Promise<void> {
  const bench = new MachineBench(options);
  try {
    await body(bench);
  } finally {
    bench.close();
  }
}
