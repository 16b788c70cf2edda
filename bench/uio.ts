import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardwareKernel } from '../src/kernel/hardware/kernel';
import { inPackage } from './harness/paths';
import { run as runProgram } from './harness/process';
import type { HardwareRegisters } from '../src/kernel/hardware/registers';
import type { Benchmark, Peer, Row } from './harness/result';

const ACCESSES = 10_000_000;
const COPIES = 200;
const SHARED_BYTES = 4 * 1024 * 1024;
const RUNS = 5;
const C = 'the same loop in C';

export const uio: Benchmark = {
  name: 'uio',
  title: 'UIO through the hardware backend',
  method:
    'Registers and shared memory on a mapped file, as no device is at hand; in C with a barrier before and behind each access, ' +
    `compiled with gcc -O2. Best of ${RUNS} runs, alternating. Wake-up: from before 4 bytes are written to a pipe until the ` +
    'reader has them, in another process on the same CPU, by turns; uio_read waits in the same way.',
  run,
};

async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-uio-'));
  try {
    const reference = compile(join(folder, 'uio'));
    const file = join(folder, 'pages');
    writeFileSync(file, Buffer.alloc(SHARED_BYTES));
    const registers = await alternate(
      () => accessRegisters(file),
      reference === undefined ? undefined : () => runReference(reference, 'registers', file),
    );
    const copy = await alternate(
      () => copyShared(file),
      reference === undefined ? undefined : () => runReference(reference, 'copy', file, `${SHARED_BYTES}`),
    );
    const [wakeUs, peerWakeUs] = await wakeUpsUs(folder, reference);
    const fastest = (runs: readonly number[][], index = 0) =>
      Math.min(...runs.map((values) => values[index] as number));
    const withoutPeer: Peer = { name: C, missing: 'gcc is not installed' };
    const peer = (runs: readonly number[][], choose: typeof fastest, index = 0): Peer =>
      runs.length > 0 ? { name: C, value: choose(runs, index) } : withoutPeer;
    const largest: typeof fastest = (runs, index = 0) => Math.max(...runs.map((values) => values[index] as number));
    const atMost = (value: number) => ({ limit: 'at most', value, of: 'ratio' }) as const;
    return [
      {
        what: 'register read',
        value: fastest(registers.ours),
        unit: 'ns',
        target: atMost(2),
        peer: peer(registers.reference, fastest),
      },
      {
        what: 'register write',
        value: fastest(registers.ours, 1),
        unit: 'ns',
        target: atMost(2),
        peer: peer(registers.reference, fastest, 1),
      },
      {
        what: 'copy of shared memory',
        value: largest(copy.ours),
        unit: 'GB/s',
        target: { limit: 'at least', value: 0.9, of: 'ratio' },
        peer: peer(copy.reference, largest),
      },
      {
        what: 'wake-up of a reader, median',
        value: wakeUs,
        unit: 'µs',
        target: atMost(1.2),
        peer: peerWakeUs === undefined ? withoutPeer : { name: C, value: peerWakeUs },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Measure = () => number[] | Promise<number[]>;

async function alternate(ours: Measure, reference: Measure | undefined) {
  const found = { ours: [] as number[][], reference: [] as number[][] };
  for (let round = 0; round < RUNS; round++) {
    if (reference) found.reference.push(await reference());
    found.ours.push(await ours());
  }
  return found;
}

/** @returns undefined where there is no gcc */
function compile(program: string): string | undefined {
  try {
    execFileSync('gcc', ['-O2', '-o', program, inPackage('bench/programs/uio.c')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function runReference(program: string, ...args: string[]): number[] {
  return execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n').map(Number);
}

/** Nanoseconds of a read and of a write. */
async function accessRegisters(path: string): Promise<number[]> {
  const kernel = new HardwareKernel();
  const file = await kernel.open(path, { access: 'read-write' });
  const registers = (await file.mapRegisters(0, 256)) as HardwareRegisters;
  readOften(registers, ACCESSES / 10);
  writeOften(registers, ACCESSES / 10);
  const readNs = timeNs(() => readOften(registers, ACCESSES)) / ACCESSES;
  const writeNs = timeNs(() => writeOften(registers, ACCESSES)) / ACCESSES;
  registers.unmap();
  await kernel.close();
  return [readNs, writeNs];
}

function readOften(registers: HardwareRegisters, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum ^= registers.load(12);
  return sum;
}

function writeOften(registers: HardwareRegisters, count: number): void {
  for (let index = 0; index < count; index++) registers.store(12, index);
}

/** Bytes a nanosecond. */
async function copyShared(path: string): Promise<number[]> {
  const kernel = new HardwareKernel();
  const file = await kernel.open(path, { access: 'read-write' });
  const memory = await file.mapMemory(0, SHARED_BYTES, 'read');
  const copy = new Uint8Array(SHARED_BYTES);
  copy.set(memory.bytes);
  const durationNs = timeNs(() => {
    for (let round = 0; round < COPIES; round++) copy.set(memory.bytes);
  });
  memory.unmap();
  await kernel.close();
  return [(SHARED_BYTES * COPIES) / durationNs];
}

/** Medians of ours and of the reference. */
async function wakeUpsUs(folder: string, reference: string | undefined): Promise<readonly [number, number?]> {
  const readers = [
    (fifo: string) => [process.execPath, inPackage('dist/bench/programs/wait-file.js'), fifo],
    ...(reference === undefined ? [] : [(fifo: string) => [reference, 'wait', fifo, '1000000']]),
  ].map((command, index) => {
    const fifo = join(folder, `fifo${index}`);
    execFileSync('mkfifo', [fifo]);
    return { fifo, command: command(fifo) };
  });
  const { stdout } = await runProgram(process.execPath, [
    inPackage('dist/bench/programs/wake-ups.js'),
    JSON.stringify(readers),
  ]);
  const [ours = NaN, peer] = stdout
    .trim()
    .split('\n')
    .map((ns) => Number(ns) / 1000);
  return peer === undefined ? [ours] : [ours, peer];
}

function timeNs(work: () => void): number {
  const startedNs = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - startedNs);
}
