import { KernelError } from '../../errors';
import { Board } from '../board';
import { HypervisorLog } from './hypervisor-log';
import { TextLog } from './text-log';
import { UartPort } from './uart-port';
import type { BoardStatus, LogPart, LogRequest } from '../../wire/control';
import type { CellDebugger } from '../cell-debugger';
import type { MachineConstructor, MachineEvent } from '../machine';
import type { Journal } from './journal';
import type { Log } from './log';
import type { ServedBoard } from './served-board';

export interface PoweredBoardOptions {
  /** The instance's name. */
  readonly name: string;
  /** Default: `name`. */
  readonly type?: string | undefined;
  readonly release?: string | undefined;
  readonly clock?: 'real' | 'virtual' | undefined;
  readonly Machine: MachineConstructor;
  /** Whether every UART gets a pseudo-terminal. */
  readonly hasTerminals: boolean;
  /** Told what a person should know who looks for a reason. */
  readonly journal: Journal;
  /** Called after the logs took what happened in the machine. */
  readonly onEvents?: ((events: readonly MachineEvent[]) => void) | undefined;
  readonly onReset?: () => void;
  readonly onStop?: () => void;
}

/** A board between power-on and power-off, with what surrounds it: terminals at its UARTs, and logs. */
export class PoweredBoard implements ServedBoard {
  private current: PoweredOn;

  /** @throws CellvisorError for a type or release that does not exist */
  constructor(private readonly options: PoweredBoardOptions) {
    this.current = new PoweredOn(options);
  }

  get systemCalls(): Board {
    return this.current.board;
  }

  status(): BoardStatus {
    const { board, startedAtMs, ports, logs } = this.current;
    return {
      name: this.options.name,
      type: board.description.name,
      release: board.release.name,
      clock: board.clock,
      processId: process.pid,
      startedAtMs,
      boardTimeNs: board.machine.nowNs().toString(),
      cells: board.cells(),
      uarts: ports.map(({ name, terminal }) => ({ name, terminal: terminal?.path })),
      logs: [...logs.keys()],
    };
  }

  async readLog(request: LogRequest, signal: AbortSignal): Promise<LogPart> {
    this.current.takeHypervisorText();
    const log = this.current.logs.get(request.log);
    if (log === undefined) throw new KernelError(`log ${request.log}`, 'ENOENT');
    const from = request.sinceMs > 0 ? log.offsetAt(request.sinceMs) : request.from;
    return request.isFollowing ? log.readNext(from, signal) : log.read(from);
  }

  uartInput(uart: string, bytes: Uint8Array): number {
    const port = this.current.ports.find(({ name }) => name === uart);
    if (port === undefined) throw new KernelError(`input to ${uart}`, 'ENODEV');
    return port.send(bytes);
  }

  setVirtualLimit(limitNs: bigint | undefined): void {
    this.requireVirtualClock();
    this.current.board.machine.setVirtualLimit(limitNs);
  }

  virtualRest(): Promise<'limit' | 'idle'> {
    this.requireVirtualClock();
    return this.current.board.machine.virtualRest();
  }

  debugCell(name: string): CellDebugger {
    return this.current.board.debugCell(name);
  }

  reset(): void {
    this.current.close();
    this.current = new PoweredOn(this.options);
    this.options.onReset?.();
  }

  stop(): void {
    this.options.onStop?.();
  }

  close(): void {
    this.current.close();
  }

  private requireVirtualClock(): void {
    if (this.current.board.clock !== 'virtual') throw new KernelError('virtual clock', 'EINVAL');
  }
}

/** One life of a board: what a reset replaces. */
class PoweredOn {
  readonly startedAtMs = Date.now();
  readonly board: Board;
  readonly ports: readonly UartPort[];
  readonly logs: ReadonlyMap<string, Log>;
  private readonly hypervisorLog = new HypervisorLog();
  private isClosed = false;

  constructor(options: PoweredBoardOptions) {
    const kernelLog = new TextLog();
    this.board = new Board({
      board: options.type ?? options.name,
      release: options.release,
      clock: options.clock,
      Machine: this.hypervisorLog.drained(options.Machine),
      onKernelLine: (line) => kernelLog.append(Buffer.from(`${line}\n`)),
      onEvents: (events) => {
        this.takeEvents(events);
        options.onEvents?.(events);
      },
    });
    const { machine, description } = this.board;
    this.ports = description.uarts.map(({ name }) => new UartPort(machine, name, options));
    this.logs = new Map([
      ...this.ports.map(({ name, log }) => [name, log] as const),
      ['hypervisor', this.hypervisorLog.log],
      ['kernel', kernelLog.log],
    ]);
  }

  close(): void {
    this.isClosed = true;
    for (const port of this.ports) port.close();
    this.board.close();
  }

  takeHypervisorText(): void {
    this.hypervisorLog.drain(this.board.machine);
  }

  private takeEvents(events: readonly MachineEvent[]): void {
    if (this.isClosed) return;
    for (const event of events) {
      if (event.type === 'uart') this.ports.find(({ name }) => name === event.uart)?.grew();
      else if (event.type === 'console') this.takeHypervisorText();
    }
  }
}
