import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  /** From before the process is made until its end is known. */
  readonly durationMs: number;
}

/** Runs a program to its end. Throws Error when it does not end with exit code 0. */
export async function run(program: string, args: readonly string[]): Promise<Finished> {
  const startedMs = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const durationMs = performance.now() - startedMs;
  const [stdout, stderr] = await output;
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')}: exit code ${code}\n${stdout}${stderr}`);
  return { stdout, stderr, durationMs };
}
