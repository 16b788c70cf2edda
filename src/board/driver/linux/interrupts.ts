/** Called with the number of interrupts that came since the last call. */
export type InterruptHandler = (count: number) => void;

interface Action {
  readonly name: string;
  readonly handler: InterruptHandler;
}

/** One line of /proc/interrupts. */
export interface InterruptLine {
  readonly irq: number;
  readonly intid: number;
  readonly counts: ReadonlyMap<number, number>;
  readonly names: readonly string[];
}

interface Descriptor {
  readonly irq: number;
  readonly intid: number;
  readonly counts: Map<number, number>;
  readonly actions: Action[];
}

/** Linux's interrupts, as far as this board's drivers request them: edge-triggered SPIs of the GIC. */
export class InterruptTable {
  private readonly descriptors = new Map<number, Descriptor>();

  constructor(private readonly firstIrq: number) {}

  /**
   * Requests an SPI, which other drivers may share.
   *
   * @returns its Linux number, and a function that frees it
   */
  request(intid: number, name: string, handler: InterruptHandler): { readonly irq: number; readonly free: () => void } {
    const descriptor = this.descriptors.get(intid) ?? this.map(intid);
    const action = { name, handler };
    descriptor.actions.push(action);
    const free = () => {
      descriptor.actions.splice(descriptor.actions.indexOf(action), 1);
      if (descriptor.actions.length === 0) {
        this.descriptors.delete(intid);
      }
    };
    return { irq: descriptor.irq, free };
  }

  /** The GIC delivered interrupts to a CPU. One that nobody requested is masked, so nothing happens. */
  deliver(intid: number, cpu: number, count: number): void {
    const descriptor = this.descriptors.get(intid);
    if (descriptor) {
      descriptor.counts.set(cpu, (descriptor.counts.get(cpu) ?? 0) + count);
      for (const { handler } of descriptor.actions) {
        handler(count);
      }
    }
  }

  lines(): InterruptLine[] {
    return [...this.descriptors.values()]
      .map(({ irq, intid, counts, actions }) => ({ irq, intid, counts, names: actions.map(({ name }) => name) }))
      .sort((a, b) => a.irq - b.irq);
  }

  private map(intid: number): Descriptor {
    const used = new Set([...this.descriptors.values()].map(({ irq }) => irq));
    let irq = this.firstIrq;
    while (used.has(irq)) {
      irq++;
    }
    const descriptor = { irq, intid, counts: new Map<number, number>(), actions: [] };
    this.descriptors.set(intid, descriptor);
    return descriptor;
  }
}
