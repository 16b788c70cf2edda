import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LinkError } from '../../src/kernel/link';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { AgentStream } from '../../src/kernel/remote/stream';

const PROGRAM = join(__dirname, '../../dist/bin/cellvisor.js');

/** `cellvisor agent --stdio` as a child process: what ssh carries, without ssh. */
export class AgentProcess implements AgentStream {
  readonly child: ChildProcessWithoutNullStreams;
  readonly input;
  readonly output;
  readonly ended: Promise<LinkError>;
  stderr = '';

  constructor(env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [PROGRAM, 'agent', '--stdio'], { env: { ...process.env, ...env } });
    this.input = this.child.stdin;
    this.output = this.child.stdout;
    this.input.on('error', () => undefined);
    this.child.stderr.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve(new LinkError('agent', `ended with ${signal ?? code}`)));
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
