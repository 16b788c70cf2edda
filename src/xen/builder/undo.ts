/** What takes back the steps that were done, newest first. */
export class Undo {
  private readonly steps: { readonly what: string; readonly run: () => Promise<unknown> }[] = [];

  push(what: string, run: () => Promise<unknown>): void {
    this.steps.push({ what, run });
  }

  /** Every step is tried, also when others fail. @returns what could not be taken back, one line each */
  async run(): Promise<string[]> {
    const problems: string[] = [];
    for (const { what, run } of this.steps.splice(0).reverse()) {
      try {
        await run();
      } catch (error) {
        problems.push(`${what}: ${(error as Error).message}`);
      }
    }
    return problems;
  }
}
