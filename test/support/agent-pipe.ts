import { PassThrough } from 'node:stream';
import { LinkError } from '../../src/kernel/link';
import { serveKernel } from '../../src/kernel/remote/agent';
import type { Kernel } from '../../src/kernel/kernel';
import type { AgentOptions } from '../../src/kernel/remote/agent';
import type { AgentStream } from '../../src/kernel/remote/stream';

/** An agent in this process, at the other end of a pipe in memory. */
export class AgentPipe implements AgentStream {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly ended: Promise<LinkError>;
  /** Why the agent ended. */
  readonly reason: Promise<string | undefined>;
  private resolveEnded: (error: LinkError) => void = () => undefined;

  constructor(kernel: Kernel, options: Partial<AgentOptions> = {}) {
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    const { input, output } = this;
    this.reason = serveKernel(kernel, { input, output, version: '0.1.0', userId: 0, ...options });
    void this.reason.then((reason) => this.end(reason ?? 'the agent ended'));
  }

  /** From now on nothing gets through in either direction, and nobody is told. */
  hang(): void {
    this.input.pause();
    this.output.pause();
  }

  /** As ssh does when its connection breaks. */
  break(reason: string): void {
    this.end(reason);
    this.input.end();
  }

  kill(): void {
    this.break('killed');
  }

  private end(reason: string): void {
    this.resolveEnded(new LinkError('board', reason));
  }
}
