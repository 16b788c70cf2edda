/** What an inmate printed, and whether the wanted texts are in it. A text may span pieces, not lines. */
export class Output {
  private text = '';
  private shownLength = 0;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly wanted: readonly string[],
    private readonly show: (text: string) => void,
  ) {}

  /** Adds what came. Shows it, up to the end of the line in which the last wanted text appears. */
  add(bytes: Uint8Array): void {
    this.text += this.decoder.decode(bytes, { stream: true });
    const end = this.endOfLastWanted() ?? this.text.length;
    if (end > this.shownLength) this.show(this.text.slice(this.shownLength, end));
    this.shownLength = Math.max(end, this.shownLength);
  }

  /** Everything that was shown. */
  get shown(): string {
    return this.text.slice(0, this.shownLength);
  }

  get missing(): string[] {
    return this.wanted.filter((text) => !this.text.includes(text));
  }

  /** All wanted texts came, and the line of the last one is complete. */
  get isComplete(): boolean {
    return this.wanted.length > 0 && this.endOfLastWanted() !== undefined;
  }

  /** Offset behind the line end that follows the first time that all wanted texts were there. */
  private endOfLastWanted(): number | undefined {
    if (this.wanted.length === 0 || this.missing.length > 0) return undefined;
    const from = Math.max(...this.wanted.map((text) => this.text.indexOf(text) + text.length));
    const newline = this.text.indexOf('\n', from);
    return newline === -1 ? undefined : newline + 1;
  }
}
