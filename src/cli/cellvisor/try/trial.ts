import { PoweredBoard } from '../../../board/daemon/powered-board';
import { Session } from '../../../board/daemon/session';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { Connection } from '../../../kernel/emulated/connection';
import { EmulatedKernel } from '../../../kernel/emulated/kernel';
import { machineConstructor } from '../../../native/machine';
import { memoryTransportPair } from '../../../wire/memory-transport';
import { Debugging } from './debugging';
import { Output } from './output';
import type { TrialPlan } from './plan';

const NS_PER_MS = 1_000_000n;
/** How far a virtual clock runs between two looks at the output. */
const SLICE_NS = 20n * NS_PER_MS;

export type Verdict =
  /** All expected texts came; without any, the time passed. */
  | { readonly kind: 'passed' }
  /** `isIdle`: the inmate waits for something that will not come; otherwise the time passed. */
  | { readonly kind: 'missing'; readonly texts: readonly string[]; readonly isIdle: boolean }
  /** The cell failed; `report` is what the hypervisor printed since it was started. */
  | { readonly kind: 'failed'; readonly report: string }
  /** By the user of GDB. */
  | { readonly kind: 'killed' };

export interface TrialListener {
  /** What the inmate prints. */
  shown(text: string): void;
  /** Where GDB is waited for. */
  awaitsGdb(address: string): void;
}

export interface TrialResult {
  readonly verdict: Verdict;
  readonly output: string;
  /** Board time from the cell's start on, or from when GDB let it go. */
  readonly elapsedNs: bigint;
}

/**
 * Runs an inmate on a board within this process, which needs no socket, no folder, and leaves nothing. Requests still pass
 * the board protocol as bytes, as they do on a board of its own.
 */
export async function runTrial(plan: TrialPlan, listener: TrialListener): Promise<TrialResult> {
  const board = new TrialBoard(plan);
  const trial = new Trial(plan, board, listener);
  try {
    return await trial.run();
  } finally {
    await trial.close();
    await board.close();
  }
}

class TrialBoard {
  readonly powered: PoweredBoard;
  readonly jailhouse: Jailhouse;
  readonly kernel: EmulatedKernel;
  private wake: () => void = () => undefined;
  private readonly journal = (line: string) => void process.stderr.write(`${line}\n`);

  constructor(private readonly plan: TrialPlan) {
    this.powered = new PoweredBoard({
      name: plan.board.name,
      release: plan.release,
      clock: plan.clock,
      Machine: machineConstructor(),
      hasTerminals: false,
      journal: this.journal,
      onEvents: () => this.wake(),
    });
    this.kernel = new EmulatedKernel(() => this.connect());
    this.jailhouse = new Jailhouse(this.kernel);
  }

  async connect(): Promise<Connection> {
    const [client, server] = memoryTransportPair();
    new Session(this.powered, server, this.journal);
    const connection = new Connection(client, this.plan.board.name);
    await connection.greeting();
    return connection;
  }

  get nowNs(): bigint {
    return this.powered.systemCalls.machine.nowNs();
  }

  /** Resolves when something happens in the machine, or at a board time if one is given. */
  async happening(deadlineNs?: bigint): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (deadlineNs !== undefined) timer = setTimeout(resolve, Number((deadlineNs - this.nowNs) / NS_PER_MS) + 1);
    });
    clearTimeout(timer);
  }

  cellState(name: string): string | undefined {
    return this.powered.systemCalls.cells().find((cell) => cell.name === name)?.state;
  }

  async close(): Promise<void> {
    await this.kernel.close();
    this.powered.close();
  }
}

class Trial {
  private readonly output: Output;
  private uartEnd = 0;
  private reportStart = 0;
  private startNs = 0n;
  private debugging: Debugging | undefined;

  constructor(
    private readonly plan: TrialPlan,
    private readonly board: TrialBoard,
    private readonly listener: TrialListener,
  ) {
    this.output = new Output(plan.expected, (text) => listener.shown(text));
  }

  async run(): Promise<TrialResult> {
    const isVirtual = this.plan.clock === 'virtual';
    if (isVirtual) this.board.powered.setVirtualLimit(this.board.nowNs);
    await this.startCell();
    if (this.debugging) {
      this.listener.awaitsGdb(this.debugging.address);
      await this.watchWithGdb(this.debugging);
    }
    const isKilled = this.debugging?.end === 'killed';
    const verdict: Verdict = isKilled ? { kind: 'killed' } : await (isVirtual ? this.watchVirtual() : this.watchReal());
    return { verdict, output: this.output.shown, elapsedNs: this.board.nowNs - this.startNs };
  }

  async close(): Promise<void> {
    await this.debugging?.close();
  }

  private async startCell(): Promise<void> {
    const { jailhouse } = this.board;
    const selector = { name: this.plan.cellName };
    await jailhouse.enable(this.plan.rootConfig);
    await jailhouse.createCell(this.plan.cellConfig);
    await jailhouse.loadCell(selector, await this.plan.images(this.board.kernel));
    this.uartEnd = (await this.newBytes(this.plan.uart, 0)).end;
    this.reportStart = (await this.newBytes('hypervisor', 0)).end;
    if (this.plan.gdb) {
      this.debugging = await Debugging.start(await this.board.connect(), this.plan.cellName, this.plan.gdb);
    }
    this.startNs = this.board.nowNs;
    await jailhouse.startCell(selector);
  }

  /** Shows what the inmate prints until GDB is done with it. Then its time begins. */
  private async watchWithGdb(debugging: Debugging): Promise<void> {
    while (debugging.end === undefined) {
      const change = Promise.race([this.board.happening(), debugging.ended]);
      const isIdle = this.plan.clock === 'virtual' && (await this.runSlice(change));
      // What was printed before the cell was held is to be seen then.
      if (this.plan.clock === 'real' || isIdle) await change;
      await this.takeOutput();
    }
    this.startNs = this.board.nowNs;
  }

  /**
   * A virtual clock is faster than anybody who reads what is printed: so it waits after each slice.
   * @returns whether every CPU sleeps
   */
  private async runSlice(change: Promise<void>): Promise<boolean> {
    this.board.powered.setVirtualLimit(this.board.nowNs + SLICE_NS);
    return (await Promise.race([this.board.powered.virtualRest(), change])) === 'idle';
  }

  private get deadlineNs(): bigint {
    return this.startNs + BigInt(Math.round(this.plan.timeoutMs * 1e6));
  }

  private async watchReal(): Promise<Verdict> {
    for (;;) {
      const verdict = await this.look(this.board.nowNs >= this.deadlineNs);
      if (verdict) return verdict;
      await this.board.happening(this.deadlineNs);
    }
  }

  /** In steps of the same length, so that every run looks at the same moments. */
  private async watchVirtual(): Promise<Verdict> {
    for (let limitNs = this.startNs; ;) {
      limitNs = limitNs + SLICE_NS < this.deadlineNs ? limitNs + SLICE_NS : this.deadlineNs;
      this.board.powered.setVirtualLimit(limitNs);
      const rest = await this.board.powered.virtualRest();
      const verdict = await this.look(limitNs === this.deadlineNs || rest === 'idle', rest === 'idle');
      if (verdict) return verdict;
    }
  }

  /** @param isOver nothing more will come */
  private async look(isOver: boolean, isIdle = false): Promise<Verdict | undefined> {
    // Asked before the UART is read, so that a cell that fails meanwhile is reported with all that was printed.
    const hasFailed = this.board.cellState(this.plan.cellName) === 'failed';
    await this.takeOutput();
    if (this.output.isComplete) return { kind: 'passed' };
    if (hasFailed) {
      const report = await this.newBytes('hypervisor', this.reportStart);
      return { kind: 'failed', report: Buffer.from(report.bytes).toString() };
    }
    if (!isOver) return undefined;
    const texts = this.output.missing;
    return texts.length === 0 ? { kind: 'passed' } : { kind: 'missing', texts, isIdle };
  }

  private async takeOutput(): Promise<void> {
    const { bytes, end } = await this.newBytes(this.plan.uart, this.uartEnd);
    this.uartEnd = end;
    this.output.add(bytes);
  }

  /** All of a log from an offset on. */
  private async newBytes(log: string, from: number): Promise<{ readonly bytes: Uint8Array; readonly end: number }> {
    const { signal } = new AbortController();
    const pieces: Uint8Array[] = [];
    for (let end = from; ;) {
      const part = await this.board.powered.readLog({ log, from: end, isFollowing: false, sinceMs: 0 }, signal);
      if (part.bytes.length === 0) return { bytes: Buffer.concat(pieces), end };
      pieces.push(part.bytes);
      end = part.end;
    }
  }
}
