import { TextLog } from './text-log';
import type { Machine, MachineConstructor } from '../machine';

const RING_BYTES = 2048;

/**
 * What the hypervisor has printed since power-on: its console ring, read often enough that nothing is lost but in a burst of
 * crash reports. Empty where the system config has no virtual console; then the text is on the debug UART only.
 */
export class HypervisorLog extends TextLog {
  private tail = 0;

  /** To be called when the ring may have grown. */
  drain(machine: Machine): void {
    const { tail, content } = machine.consoleSnapshot();
    const grownBytes = (tail - this.tail) >>> 0;
    this.tail = tail;
    const missed = Math.max(0, grownBytes - RING_BYTES);
    if (missed > 0) this.append(Buffer.from(`<missed ${missed} bytes of console log>\n`));
    const bytes = new Uint8Array(grownBytes - missed);
    for (let index = 0; index < bytes.length; index++) {
      bytes[index] = content[((tail - bytes.length + index) >>> 0) & (RING_BYTES - 1)] ?? 0;
    }
    this.append(bytes);
  }

  /** A machine whose own console writes are drained at once: enabling alone prints more than the ring holds. */
  drained(Machine: MachineConstructor): MachineConstructor {
    const drain = (machine: Machine) => this.drain(machine);
    const restart = () => (this.tail = 0);
    return class extends Machine {
      override enable(options: Parameters<Machine['enable']>[0]): void {
        super.enable(options);
        restart();
      }

      override consoleWrite(text: string): void {
        super.consoleWrite(text);
        drain(this);
      }
    };
  }
}
