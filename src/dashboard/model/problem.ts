/** What a person is told of something that went wrong: one line, and one with what to do about it. */
export interface Problem {
  readonly text: string;
  readonly hint?: string | undefined;
}
