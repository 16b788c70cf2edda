/** The last values of something that is sampled, for a sparkline. */
export class History {
  private readonly ring: (number | undefined)[] = [];
  private next = 0;

  /** @param capacity how many values are kept */
  constructor(readonly capacity: number) {}

  /** @param value undefined where a sample had none: a gap */
  push(value: number | undefined): void {
    this.ring[this.next] = value;
    this.next = (this.next + 1) % this.capacity;
  }

  /** Oldest first; fewer than `capacity` until it is full. */
  values(): (number | undefined)[] {
    return this.ring.length < this.capacity
      ? [...this.ring]
      : [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }
}
