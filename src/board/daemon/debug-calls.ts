import { KernelError } from '../../errors';
import {
  decodeCellName,
  decodeMemoryRead,
  decodeMemoryWrite,
  decodePoints,
  decodeRegisters,
  decodeResume,
  encodeCpus,
  encodeStop,
} from '../../wire/debug';
import { Operation } from '../../wire/operations';
import { decodeEmpty, decodeWord } from '../../wire/system-calls';
import type { DebugPoint } from '../../wire/debug';
import type { CellDebugger } from '../cell-debugger';
import type { Handler } from './handler';
import type { ServedBoard } from './served-board';

/** A connection's debugger, which ends with it. */
export class DebuggerSeat {
  private debugger: CellDebugger | undefined;

  constructor(private readonly board: ServedBoard) {}

  /** @throws KernelError EBUSY, ENOENT, EPERM */
  attach(cell: string): CellDebugger {
    if (this.debugger) throw new KernelError('attach debugger', 'EBUSY');
    this.debugger = this.board.debugCell(cell);
    return this.debugger;
  }

  /** @throws KernelError ENOTCONN */
  get(): CellDebugger {
    if (!this.debugger) throw new KernelError('debug cell', 'ENOTCONN');
    return this.debugger;
  }

  detach(): void {
    this.debugger?.detach();
    this.debugger = undefined;
  }
}

/** What answers a debugger's operation; undefined for other operations. */
export function debugHandler(operation: number, seat: DebuggerSeat): Handler | undefined {
  switch (operation) {
    case Operation.debugAttach:
      return (payload) => encodeCpus(seat.attach(decodeCellName(payload)).cpus);
    case Operation.debugDetach:
      return nothing((payload) => {
        decodeEmpty(payload);
        seat.get();
        seat.detach();
      });
    case Operation.debugHold:
      return nothing((payload) => {
        decodeEmpty(payload);
        seat.get().hold();
      });
    case Operation.debugResume:
      return nothing((payload) => seat.get().resume(decodeResume(payload)));
    case Operation.debugWait:
      return async (payload, signal) => {
        decodeEmpty(payload);
        return encodeStop(await seat.get().wait(signal));
      };
    case Operation.debugPoints:
      return nothing((payload) => setPoints(seat, decodePoints(payload)));
    case Operation.debugReadRegisters:
      return (payload) => [seat.get().readRegisters(decodeWord(payload, 'CPU'))];
    case Operation.debugWriteRegisters:
      return nothing((payload) => {
        const { cpu, bytes } = decodeRegisters(payload);
        seat.get().writeRegisters(cpu, bytes);
      });
    case Operation.debugReadMemory:
      return (payload) => {
        const { cpu, address, lengthBytes } = decodeMemoryRead(payload);
        return [seat.get().readMemory(cpu, address, lengthBytes)];
      };
    case Operation.debugWriteMemory:
      return nothing((payload) => {
        const { cpu, address, bytes } = decodeMemoryWrite(payload);
        seat.get().writeMemory(cpu, address, bytes);
      });
    default:
      return undefined;
  }
}

/** For an answer without a payload. */
function nothing(perform: (payload: Uint8Array) => void): Handler {
  return (payload) => {
    perform(payload);
    return [];
  };
}

function setPoints(seat: DebuggerSeat, points: readonly DebugPoint[]): void {
  const watchpoints = points.filter(({ kind }) => kind !== 'breakpoint');
  seat.get().setPoints(
    points.filter(({ kind }) => kind === 'breakpoint').map(({ address }) => address),
    watchpoints.map(({ kind, address, lengthBytes }) => ({
      address,
      lengthBytes,
      onRead: kind !== 'write',
      onWrite: kind !== 'read',
    })),
  );
}
