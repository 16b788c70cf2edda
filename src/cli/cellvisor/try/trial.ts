import { PoweredBoard } from '../../../board/daemon/powered-board';
import { Session } from '../../../board/daemon/session';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { Connection } from '../../../kernel/emulated/connection';
import { EmulatedKernel } from '../../../kernel/emulated/kernel';
import { machineConstructor } from '../../../native/machine';
import { memoryTransportPair } from '../../../wire/memory-transport';
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
  | { readonly kind: 'failed'; readonly report: string };

export interface TrialResult {
  readonly verdict: Verdict;
  readonly output: string;
  /** Board time from the cell's start on. */
  readonly elapsedNs: bigint;
}

/**
 * Runs an inmate on a board within this process, which needs no socket, no folder, and leaves nothing. Requests still pass
 * the board protocol as bytes, as they do on a board of its own.
 */
export async function runTrial(plan: TrialPlan, show: (text: string) => void): Promise<TrialResult> {
  const board = new TrialBoard(plan);
  try {
    return await new Trial(plan, board, show).run();
  } finally {
    await board.close();
  }
}

class TrialBoard {
  readonly powered: PoweredBoard;
  readonly jailhouse: Jailhouse;
  readonly kernel: EmulatedKernel;
  private wake: () => void = () => undefined;

  constructor(plan: TrialPlan) {
    const journal = (line: string) => process.stderr.write(`${line}\n`);
    this.powered = new PoweredBoard({
      name: plan.board.name,
      release: plan.release,
      clock: plan.clock,
      Machine: machineConstructor(),
      hasTerminals: false,
      journal,
      onEvents: () => this.wake(),
    });
    const [client, server] = memoryTransportPair();
    new Session(this.powered, server, journal);
    const connection = new Connection(client, plan.board.name);
    this.kernel = new EmulatedKernel(() => connection.greeting().then(() => connection));
    this.jailhouse = new Jailhouse(this.kernel);
  }

  get nowNs(): bigint {
    return this.powered.systemCalls.machine.nowNs();
  }

  /** Resolves when something happens in the machine, or at a board time. */
  async happening(deadlineNs: bigint): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, Number((deadlineNs - this.nowNs) / NS_PER_MS) + 1);
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

  constructor(
    private readonly plan: TrialPlan,
    private readonly board: TrialBoard,
    show: (text: string) => void,
  ) {
    this.output = new Output(plan.expected, show);
  }

  async run(): Promise<TrialResult> {
    const isVirtual = this.plan.clock === 'virtual';
    if (isVirtual) this.board.powered.setVirtualLimit(this.board.nowNs);
    await this.startCell();
    const verdict = isVirtual ? await this.watchVirtual() : await this.watchReal();
    return { verdict, output: this.output.shown, elapsedNs: this.board.nowNs - this.startNs };
  }

  private async startCell(): Promise<void> {
    const { jailhouse } = this.board;
    const selector = { name: this.plan.cellName };
    await jailhouse.enable(this.plan.rootConfig);
    await jailhouse.createCell(this.plan.cellConfig);
    await jailhouse.loadCell(selector, await this.plan.images(this.board.kernel));
    this.uartEnd = (await this.newBytes(this.plan.uart, 0)).end;
    this.reportStart = (await this.newBytes('hypervisor', 0)).end;
    this.startNs = this.board.nowNs;
    await jailhouse.startCell(selector);
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
    const { bytes, end } = await this.newBytes(this.plan.uart, this.uartEnd);
    this.uartEnd = end;
    this.output.add(bytes);
    if (this.output.isComplete) return { kind: 'passed' };
    if (hasFailed) {
      const report = await this.newBytes('hypervisor', this.reportStart);
      return { kind: 'failed', report: Buffer.from(report.bytes).toString() };
    }
    if (!isOver) return undefined;
    const texts = this.output.missing;
    return texts.length === 0 ? { kind: 'passed' } : { kind: 'missing', texts, isIdle };
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
