import type { Readable, Writable } from 'node:stream';
import type { LinkError } from '../link';

/** A pipe to an agent, whatever carries it. */
export interface AgentStream {
  /** What the agent reads. */
  readonly input: Writable;
  /** What the agent writes. */
  readonly output: Readable;
  /** Resolves when the agent, or what carries the pipe, is gone: with the reason. */
  readonly ended: Promise<LinkError>;
  /** Ends it at once, also when it hangs. */
  kill(): void;
}
