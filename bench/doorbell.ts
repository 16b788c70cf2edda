import { fork } from 'node:child_process';
import { once } from 'node:events';
import { BenchBoard, consoleUart } from './harness/board';
import { inPackage, readCellFile, readInmate } from './harness/paths';
import { median, percentile } from './harness/statistics';
import type { ChildProcess } from 'node:child_process';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'imx8mm-evk' };
const CELL = { name: 'ivshmem-demo' };
const DEVICE = '/dev/uio0';
const WARM_UP = 50;
const ROUNDS = 1000;

export const doorbell: Benchmark = {
  name: 'doorbell',
  title: 'Doorbell',
  method:
    'What uio_send and uio_read do, in two processes. From before the write to the doorbell register until read(2) of the ' +
    'UIO device has returned in the other process: through the board to the inmate, which takes the interrupt, prints two ' +
    `lines, rings back, and through the board again. ${ROUNDS} times, one at a time.`,
  run,
};

async function run(): Promise<Row[]> {
  const config = readCellFile('imx8mm-ivshmem-demo');
  const latencies = await BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('imx8mm'));
    await board.jailhouse.createCell(config);
    await board.jailhouse.loadCell(CELL, [{ source: readInmate('ivshmem-demo'), targetAddress: 0n }]);
    await board.jailhouse.startCell(CELL);
    await board.readLogUntil(consoleUart(BOARD, config), 0, 'waiting for interrupt');
    return measure();
  });
  return [
    { what: 'doorbell to wake-up, median', value: median(latencies), unit: 'µs' },
    { what: 'doorbell to wake-up, 99th percentile', value: percentile(latencies, 99), unit: 'µs' },
  ];
}

/** Microseconds of each round. */
async function measure(): Promise<number[]> {
  const children: ChildProcess[] = [];
  const start = async (program: string) => {
    const child = fork(inPackage('dist/bench/programs', `${program}.js`), [DEVICE]);
    children.push(child);
    await nextMessage(child);
    return child;
  };
  try {
    const waiter = await start('wait');
    const ringer = await start('ring');
    const latencies: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const times = Promise.all([nextMessage(ringer), nextMessage(waiter)]);
      ringer.send('ring');
      const [rangNs, wokeNs] = await times;
      if (wokeNs < rangNs) throw new Error('the other end rang when nobody had rung');
      if (round >= WARM_UP) latencies.push(Number(wokeNs - rangNs) / 1000);
    }
    return latencies;
  } finally {
    for (const child of children) child.kill();
  }
}

/** The time in nanoseconds that a child reports. Throws Error when it ends instead. */
async function nextMessage(child: ChildProcess): Promise<bigint> {
  const abort = new AbortController();
  try {
    const ended = once(child, 'exit', { signal: abort.signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.join(' ')} ended with exit code ${code}`);
    });
    const [message] = (await Promise.race([once(child, 'message', { signal: abort.signal }), ended])) as [string];
    return BigInt(message);
  } finally {
    abort.abort();
  }
}
