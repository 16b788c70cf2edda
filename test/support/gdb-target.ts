import { KernelError } from '../../src/errors';
import { REGISTER_BYTES } from '../../src/gdb/registers';
import type { DebugPoint, DebugStop, DebugTarget, Resumption } from '../../src/gdb/target';

const RAM_BYTES = 0x100;

/** A cell of two CPUs, 2 and 3, with 256 bytes of memory at 0. A test says when it stops. */
export class FakeTarget implements DebugTarget {
  readonly cpus = [2, 3];
  readonly calls: string[] = [];
  readonly memory = new Uint8Array(RAM_BYTES);
  readonly registers = new Map(this.cpus.map((cpu) => [cpu, new Uint8Array(REGISTER_BYTES)]));
  points: readonly DebugPoint[] = [];
  isGone = false;
  private stop: DebugStop | undefined;
  private wake: () => void = () => undefined;

  stopAt(stop: Partial<DebugStop>): void {
    this.stop = { kind: 'requested', cpu: 2, address: 0n, isWrite: false, states: ['running', 'off'], ...stop };
    this.wake();
  }

  vanish(): void {
    this.isGone = true;
    this.wake();
  }

  async hold(): Promise<void> {
    this.calls.push('hold');
    if (!this.stop) this.stopAt({});
  }

  async resume(cpus: readonly Resumption[]): Promise<void> {
    this.requireThere();
    this.calls.push(cpus.map(({ cpu, go }) => `${go} ${cpu}`).join(', '));
    this.stop = undefined;
  }

  async wait(): Promise<DebugStop> {
    for (;;) {
      this.requireThere();
      if (this.stop) return this.stop;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async setPoints(points: readonly DebugPoint[]): Promise<void> {
    this.calls.push(`points ${points.map(({ kind, address }) => `${kind} ${address}`).join(', ')}`);
    this.points = points;
  }

  async readRegisters(cpu: number): Promise<Uint8Array> {
    this.requireThere();
    return Uint8Array.from(this.registers.get(cpu) ?? []);
  }

  async writeRegisters(cpu: number, bytes: Uint8Array): Promise<void> {
    this.registers.set(cpu, Uint8Array.from(bytes));
  }

  async readMemory(_cpu: number, address: bigint, lengthBytes: number): Promise<Uint8Array> {
    if (address >= BigInt(RAM_BYTES)) throw new KernelError('read', 'EFAULT');
    return this.memory.slice(Number(address), Number(address) + lengthBytes);
  }

  async writeMemory(_cpu: number, address: bigint, bytes: Uint8Array): Promise<void> {
    if (address + BigInt(bytes.length) > BigInt(RAM_BYTES)) throw new KernelError('write', 'EFAULT');
    this.memory.set(bytes, Number(address));
  }

  async detach(): Promise<void> {
    this.calls.push('detach');
  }

  private requireThere(): void {
    if (this.isGone) throw new KernelError('debug cell', 'ENODEV');
  }
}
