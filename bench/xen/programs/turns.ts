/**
 * turns COUNT JSON: in dom0, runs commands in turns and prints as JSON how many milliseconds each took, turn by turn. JSON is a list of
 * { command: [...], until?: FILE, after?: [...] }: with `until`, its time is that to the first byte in a new file; `after` is run then, unmeasured.
 */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

interface Timed {
  readonly command: readonly [string, ...string[]];
  readonly until?: string;
  readonly after?: readonly [string, ...string[]];
}

const POLL_MS = 5;
const LIMIT_MS = 60_000;

void main();

async function main(): Promise<void> {
  const timed = JSON.parse(process.argv[3] ?? '[]') as Timed[];
  const turns: number[][] = timed.map(() => []);
  for (let turn = 0; turn < Number(process.argv[2]); turn++) {
    for (const [index, one] of timed.entries()) turns[index]?.push(await measure(one));
  }
  console.log(JSON.stringify(turns));
}

async function measure({ command, until, after }: Timed): Promise<number> {
  const [program, ...args] = command;
  if (until !== undefined) {
    rmSync(until, { force: true });
    // xenconsoled opens its logs anew.
    spawnSync('killall', ['-HUP', 'xenconsoled']);
  }
  const start = performance.now();
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command.join(' ')}: exit code ${code}`)),
    );
  });
  if (until === undefined) await ended;
  else while (!statSync(until, { throwIfNoEntry: false })?.size) await poll(start, until);
  const durationMs = performance.now() - start;
  await ended;
  if (after) spawnSync(after[0], after.slice(1));
  return durationMs;
}

async function poll(start: number, file: string): Promise<void> {
  if (performance.now() - start > LIMIT_MS) throw new Error(`nothing came into ${file}`);
  await wait(POLL_MS);
}
