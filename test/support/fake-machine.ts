import type {
  CellStart,
  ExitReason,
  Machine,
  MachineCell,
  MachineConstructor,
  MachineEvent,
  MachineHypervisorOptions,
  MachineOptions,
} from '../../src/board/machine';

const RING_SIZE = 2048;
const REASONS = ['total', 'mmio', 'management', 'hypercall', 'maintenance', 'virt_irq', 'virt_sgi', 'psci', 'smccc'];
const STATE_OFFSET = 8;

const executesNothing = (): never => {
  throw new Error('the fake machine executes nothing');
};

/**
 * A machine without CPUs: it remembers what it is told, keeps memory, a console and config space, and lets a test play
 * the inmate. Behaves as src/board/machine.ts says, as far as the models need.
 */
export class FakeMachine implements Machine {
  /** Names of the calls that change something, with the cell or CPU they are about. */
  readonly calls: string[] = [];
  hypervisor: MachineHypervisorOptions | undefined;
  readonly cells = new Map<number, MachineCell>();
  readonly starts = new Map<number, CellStart>();
  readonly failedCpus = new Set<number>();
  info: readonly number[] = [];
  console = '';
  timeNs = 0n;
  closed = false;
  /** 32-bit registers and config space that root accesses reach, by address. */
  readonly registers = new Map<bigint, number>();
  readonly rootWrites: { address: bigint; sizeBytes: number; value: bigint }[] = [];
  /** Called after each write to a cell's communication region: a test answers messages here. */
  onCommWrite: ((cellId: number, offset: number, value: number) => void) | undefined;
  /** Set to have the next createCell fail. */
  failCreate: Error | undefined;

  private readonly memory = new Map<bigint, Uint8Array>();
  private readonly comm = new Map<string, number>();
  private readonly counters = new Map<number, number[]>();
  private ring = new Uint8Array(RING_SIZE);
  private tail = 0;

  constructor(readonly options: MachineOptions) {}

  emit(...events: MachineEvent[]): void {
    this.options.onEvents(events);
  }

  close(): void {
    this.closed = true;
  }

  readPhysical(address: bigint, lengthBytes: number): Uint8Array {
    this.requireRam(address, lengthBytes);
    return Uint8Array.from({ length: lengthBytes }, (_, index) => {
      const at = address + BigInt(index);
      return this.memory.get(at >> 12n)?.[Number(at & 0xfffn)] ?? 0;
    });
  }

  writePhysical(address: bigint, bytes: Uint8Array): void {
    this.requireRam(address, bytes.length);
    bytes.forEach((byte, index) => {
      const at = address + BigInt(index);
      let page = this.memory.get(at >> 12n);
      if (!page) {
        page = new Uint8Array(4096);
        this.memory.set(at >> 12n, page);
      }
      page[Number(at & 0xfffn)] = byte;
    });
  }

  shareRam(address: bigint, sizeBytes: bigint): { path: string; offset: bigint } {
    this.requireRam(address, Number(sizeBytes));
    return { path: '/fake/ram', offset: address };
  }

  enable(options: MachineHypervisorOptions): void {
    this.calls.push('enable');
    this.hypervisor = options;
    this.ring = new Uint8Array(RING_SIZE);
    this.tail = 0;
  }

  disable(): void {
    this.calls.push('disable');
    this.hypervisor = undefined;
  }

  createCell(cell: MachineCell): void {
    if (this.failCreate !== undefined) {
      const error = this.failCreate;
      this.failCreate = undefined;
      throw error;
    }
    this.calls.push(`create ${cell.id}`);
    this.cells.set(cell.id, cell);
    this.clearCounters(cell.cpus);
  }

  parkCell(cellId: number): void {
    this.calls.push(`park ${cellId}`);
    this.cells.get(cellId)?.cpus.forEach((cpu) => this.failedCpus.delete(cpu));
  }

  startCell(cellId: number, start: CellStart): void {
    this.calls.push(`start ${cellId}`);
    this.starts.set(cellId, start);
    for (const offset of [STATE_OFFSET, 12, 16]) this.comm.set(`${cellId}:${offset}`, 0);
  }

  destroyCell(cellId: number): void {
    this.calls.push(`destroy ${cellId}`);
    this.clearCounters(this.cells.get(cellId)?.cpus ?? []);
    this.cells.delete(cellId);
    for (const key of [...this.comm.keys()].filter((one) => one.startsWith(`${cellId}:`))) this.comm.delete(key);
  }

  readCommWord(cellId: number, offset: number): number {
    return this.comm.get(`${cellId}:${offset}`) ?? 0;
  }

  writeCommWord(cellId: number, offset: number, value: number): void {
    this.setCommWord(cellId, offset, value);
    this.onCommWrite?.(cellId, offset, value);
  }

  /** The inmate writes. */
  setCommWord(cellId: number, offset: number, value: number): void {
    this.comm.set(`${cellId}:${offset}`, value);
  }

  setHypervisorInfo(values: readonly number[]): void {
    this.info = values;
  }

  cpuState(cpu: number): 'running' | 'failed' {
    return this.failedCpus.has(cpu) ? 'failed' : 'running';
  }

  cpuCounters(cpu: number): number[] {
    return this.counters.get(cpu) ?? REASONS.map(() => 0);
  }

  setCounters(cpu: number, values: number[]): void {
    this.counters.set(cpu, values);
  }

  countRootExit(cpu: number, reason: ExitReason): void {
    const counters = [...this.cpuCounters(cpu)];
    const add = (index: number) => (counters[index] = (counters[index] as number) + 1);
    add(0);
    if (reason !== 'total') add(REASONS.indexOf(reason));
    this.counters.set(cpu, counters);
  }

  rootRead(_cpu: number, address: bigint, sizeBytes: 1 | 2 | 4 | 8): bigint {
    const mmconfig = this.hypervisor?.mmconfig;
    const word = this.registers.get(address & ~3n);
    if (word === undefined && !(mmconfig && address >= mmconfig.base && address < mmconfig.base + 0x100000n)) {
      throw new RangeError(`nothing answers at 0x${address.toString(16)}`);
    }
    const low = BigInt(word ?? 0xffff_ffff) >> (8n * (address & 3n));
    const high = sizeBytes === 8 ? BigInt(this.registers.get(address + 4n) ?? 0xffff_ffff) << 32n : 0n;
    return BigInt.asUintN(8 * sizeBytes, low | high);
  }

  rootWrite(_cpu: number, address: bigint, sizeBytes: 1 | 2 | 4 | 8, value: bigint): void {
    this.rootWrites.push({ address, sizeBytes, value });
    const shift = 8n * (address & 3n);
    const mask = ((1n << BigInt(8 * sizeBytes)) - 1n) << shift;
    const old = BigInt(this.registers.get(address & ~3n) ?? 0);
    this.registers.set(address & ~3n, Number(BigInt.asUintN(32, (old & ~mask) | ((value << shift) & mask))));
    this.onRootWrite?.(address, value);
  }

  /** A test models registers that do not just hold what is written. */
  onRootWrite: ((address: bigint, value: bigint) => void) | undefined;

  consoleWrite(text: string): void {
    this.console += text;
    if (this.hypervisor?.virtualConsole) {
      for (const byte of new TextEncoder().encode(text)) {
        this.ring[this.tail % RING_SIZE] = byte;
        this.tail = (this.tail + 1) >>> 0;
      }
    }
    this.emit({ type: 'console' });
  }

  consoleSnapshot(): { tail: number; content: Uint8Array } {
    return { tail: this.tail, content: this.ring.slice() };
  }

  uartLog(): { start: number; end: number; bytes: Uint8Array } {
    return { start: 0, end: 0, bytes: new Uint8Array(0) };
  }

  uartInput(): number {
    return 0;
  }

  nowNs(): bigint {
    return this.timeNs;
  }

  setVirtualLimit(): void {
    throw new Error('the fake machine has no virtual clock');
  }

  virtualRest(): Promise<'limit' | 'idle'> {
    throw new Error('the fake machine has no virtual clock');
  }

  resources(): { threads: number; descriptors: number } {
    return { threads: 0, descriptors: 0 };
  }

  readonly debugAttach = executesNothing;
  readonly debugDetach = executesNothing;
  readonly debugHold = executesNothing;
  readonly debugResume = executesNothing;
  readonly debugCause = executesNothing;
  readonly debugSetBreakpoints = executesNothing;
  readonly debugSetWatchpoints = executesNothing;
  readonly debugReadRegisters = executesNothing;
  readonly debugWriteRegisters = executesNothing;
  readonly debugReadMemory = executesNothing;
  readonly debugWriteMemory = executesNothing;

  private clearCounters(cpus: readonly number[]): void {
    cpus.forEach((cpu) => this.counters.delete(cpu));
  }

  private requireRam(address: bigint, lengthBytes: number): void {
    const end = address + BigInt(lengthBytes);
    const inside = this.options.ram.some(
      ({ physStart, sizeBytes }) => address >= physStart && end <= physStart + sizeBytes,
    );
    if (!inside) throw new RangeError(`0x${address.toString(16)} is not RAM`);
  }
}

/** A constructor that also hands out the machine it made. */
export function fakeMachine(): { readonly Machine: MachineConstructor; readonly made: FakeMachine[] } {
  const made: FakeMachine[] = [];
  class Recorded extends FakeMachine {
    constructor(options: MachineOptions) {
      super(options);
      made.push(this);
    }
  }
  return { Machine: Recorded, made };
}
