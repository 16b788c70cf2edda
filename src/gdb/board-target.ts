import {
  decodeCpus,
  decodeStop,
  encodeCellName,
  encodeMemoryRead,
  encodeMemoryWrite,
  encodePoints,
  encodeRegisters,
  encodeResume,
} from '../wire/debug';
import { encodeWord } from '../wire/system-calls';
import type { Connection } from '../kernel/emulated/connection';
import type { DebugPoint, DebugStop, DebugTarget, Resumption } from './target';

/** A cell of an emulated board. It goes on when the connection ends. */
export class BoardTarget implements DebugTarget {
  private constructor(
    private readonly connection: Connection,
    readonly cpus: readonly number[],
  ) {}

  /**
   * The cell runs on until it is held.
   * @throws KernelError ENOENT for a cell that does not exist, EPERM for the root cell, EBUSY when it has a debugger
   */
  static async attach(connection: Connection, cell: string): Promise<BoardTarget> {
    const description = `debugging cell ${cell}`;
    const answer = await connection.request('debugAttach', encodeCellName(cell), { description });
    return new BoardTarget(connection, decodeCpus(answer));
  }

  async hold(): Promise<void> {
    await this.connection.request('debugHold', []);
  }

  async resume(cpus: readonly Resumption[]): Promise<void> {
    await this.connection.request('debugResume', encodeResume(cpus));
  }

  async wait(): Promise<DebugStop> {
    return decodeStop(await this.connection.request('debugWait', []));
  }

  async setPoints(points: readonly DebugPoint[]): Promise<void> {
    await this.connection.request('debugPoints', encodePoints(points));
  }

  readRegisters(cpu: number): Promise<Uint8Array> {
    return this.connection.request('debugReadRegisters', encodeWord(cpu));
  }

  async writeRegisters(cpu: number, bytes: Uint8Array): Promise<void> {
    await this.connection.request('debugWriteRegisters', encodeRegisters({ cpu, bytes }));
  }

  readMemory(cpu: number, address: bigint, lengthBytes: number): Promise<Uint8Array> {
    return this.connection.request('debugReadMemory', encodeMemoryRead({ cpu, address, lengthBytes }));
  }

  async writeMemory(cpu: number, address: bigint, bytes: Uint8Array): Promise<void> {
    await this.connection.request('debugWriteMemory', encodeMemoryWrite({ cpu, address, bytes }));
  }

  async detach(): Promise<void> {
    await this.connection.request('debugDetach', []);
  }
}
