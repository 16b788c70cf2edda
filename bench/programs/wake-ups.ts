// Child process of the uio benchmark: wakes readers of pipes by turns, all on one CPU, and prints for each the median of the ns
// from before a write of 4 bytes until the reader had them. Its argument: [{ fifo, command }, ...] as JSON. Readers say `ready`,
// then the time of each read.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bindToCpu } from '../../src/kernel/hardware/realtime';
import { median } from '../harness/statistics';

/** Long enough that a reader finds its code in the caches, short enough that what else the machine does meets all readers. */
const TURN = 200;
const TURNS = 100;

interface Reader {
  readonly fifo: string;
  readonly command: readonly [string, ...string[]];
}

void main(JSON.parse(process.argv[2] ?? '[]') as Reader[]);

async function main(readers: readonly Reader[]): Promise<void> {
  // Across CPUs, the time until an idle one wakes up is ten times as long, and whether one is chosen is luck.
  bindToCpu(lastCpu());
  const started = await Promise.all(readers.map(start));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { wakeUp, delaysNs } of started) {
      for (let index = 0; index < TURN; index++) delaysNs.push(await wakeUp());
    }
  }
  for (const { stop, delaysNs } of started) {
    stop();
    console.log(median(delaysNs));
  }
}

async function start({ fifo, command: [program, ...args] }: Reader) {
  const fd = openSync(fifo, 'r+');
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    delaysNs: [] as number[],
    wakeUp: async () => {
      const startedNs = process.hrtime.bigint();
      writeSync(fd, Buffer.alloc(4));
      const { value } = (await lines.next()) as IteratorResult<string, string>;
      return Number(BigInt(value) - startedNs);
    },
    stop: () => {
      child.kill();
      closeSync(fd);
    },
  };
}

/** Of those that this process may run on; the first has the most interrupts of devices. */
function lastCpu(): number {
  const allowed = /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(allowed?.[1]);
}
