/**
 * Long-lived use of the hardware backend, in a process of its own: jest keeps things alive. Prints as JSON what it found of each
 * kind of use. Run with --expose-gc.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import { loadFfi } from '../../../../src/kernel/hardware/packages';
import type { KernelFile } from '../../../../src/kernel/kernel';

const FIONBIO = 0x5421;
const CONCURRENT = 100;
const PAGE_BYTES = 4096;
/** Odd, for a median. */
const PARTS = 5;

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-leaks-'));
const path = join(folder, 'pages');
const fifo = join(folder, 'fifo');
const kernel = new HardwareKernel();
const reports: unknown[] = [];

interface Libc {
  fopen(path: string, mode: string): unknown;
  malloc_info(options: number, stream: unknown): number;
  fclose(stream: unknown): number;
}

const libc = loadFfi()?.Library(null, {
  fopen: ['pointer', ['string', 'string']],
  malloc_info: ['int', ['int', 'pointer']],
  fclose: ['int', ['pointer']],
}) as Libc | undefined;

void main().finally(() => rmSync(folder, { recursive: true }));

async function main(): Promise<void> {
  writeFileSync(path, Buffer.alloc(64 * PAGE_BYTES));
  execFileSync('mkfifo', [fifo]);
  const writer = openSync(fifo, 'r+');
  for (const isQuick of [true, false]) {
    await report(`100,000 ${isQuick ? 'quick' : 'long'} ioctls`, path, 100_000, 100_000 / CONCURRENT, async (file) => {
      const argument = { bytes: new Uint8Array(16), references: [{ offset: 8, buffer: new Uint8Array(100) }] };
      await Promise.all(Array.from({ length: CONCURRENT }, () => file.ioctl(FIONBIO, argument, { isQuick })));
    });
  }
  await report('10,000 mappings of memory and of registers', path, 10_000, 10_000, async (file, round) => {
    const memory = await file.mapMemory(0, 64 * PAGE_BYTES, 'read-write');
    memory.bytes[round % memory.bytes.length] = 1;
    memory.unmap();
    const registers = await file.mapRegisters(PAGE_BYTES, 256);
    await registers.write32(12, round);
    registers.unmap();
  });
  await report('10,000 reads, half of them cancelled', fifo, 10_000, 5000, async (file) => {
    const abort = new AbortController();
    const read = file.read(1, { signal: abort.signal });
    abort.abort();
    await read.catch(() => undefined);
    writeSync(writer, 'x');
    await file.read(PAGE_BYTES);
  });
  closeSync(writer);
  await kernel.close();
  console.log(JSON.stringify({ isMallocCounted: libc !== undefined, reports }));
}

interface Growth {
  readonly heapBytes: number;
  readonly mallocBytes: number;
}

type Use = (file: KernelFile, round: number) => Promise<void>;

/**
 * Of each heap, the median of how much it has grown in each fifth of the uses. What leaks grows in all of them; tables of the
 * engine and of malloc grow in one.
 */
async function report(what: string, name: string, uses: number, rounds: number, use: Use): Promise<void> {
  // What is opened once, at the first use, stays.
  await withFile(name, (file) => use(file, 0));
  const before = held();
  const growths: Growth[] = [];
  for (let part = 0; part < PARTS; part++) {
    const earlier = memoryBytes();
    await withFile(name, (file) => repeat(rounds / PARTS, (round) => use(file, round)));
    const { heapBytes, mallocBytes } = memoryBytes();
    growths.push({ heapBytes: heapBytes - earlier.heapBytes, mallocBytes: mallocBytes - earlier.mallocBytes });
  }
  const growth = {
    heapBytes: median(growths.map(({ heapBytes }) => heapBytes)),
    mallocBytes: median(growths.map(({ mallocBytes }) => mallocBytes)),
  };
  await until(() => held().threads <= before.threads);
  reports.push({ what, uses: uses / PARTS, growth, before, after: held() });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

/** Or for a second: a thread that has told its result may not have ended yet. */
async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 1000;
  while (!condition() && Date.now() < endMs) await new Promise(setImmediate);
}

async function repeat(rounds: number, use: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await use(round);
    if (round % 16 === 0) await new Promise(setImmediate);
  }
}

async function withFile(name: string, use: (file: KernelFile) => Promise<void>): Promise<void> {
  const file = await kernel.open(name, { access: 'read-write' });
  await use(file);
  await file.close();
  await settle();
}

function held() {
  return { descriptors: descriptors(), mappings: mappings(), threads: readdirSync('/proc/self/task').length };
}

/** Those of files and of what reads wait on. */
function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => /eventfd|pages$|fifo$/.test(linkOf(fd))).length;
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the one that the directory was read with
  }
}

function mappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').split(path).length - 1;
}

/**
 * What is alive in the two heaps. Pages of the process are no measure: V8 doubles its young generation now and then (of 14, 22,
 * 39, then 73 MB, where 5 MB were alive all the time), and malloc keeps what was freed.
 */
function memoryBytes(): Growth {
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed + external, mallocBytes: libc ? inUseOfMalloc(libc) : 0 };
}

/** Of malloc_info(3): what malloc has from the system, but for what is free in it. */
function inUseOfMalloc(libc: Libc): number {
  const file = join(folder, 'malloc');
  const stream = libc.fopen(file, 'w');
  libc.malloc_info(0, stream);
  libc.fclose(stream);
  const text = readFileSync(file, 'utf8');
  const totals = text.slice(text.lastIndexOf('</heap>'));
  const sizeOf = (type: string) => {
    const found = new RegExp(`type="${type}"[^>]* size="(\\d+)"`).exec(totals);
    if (!found) throw new Error(`malloc_info(3) does not tell ${type}`);
    return Number(found[1]);
  };
  return sizeOf('current') + sizeOf('mmap') - sizeOf('fast') - sizeOf('rest');
}

/** Finalizers run between turns of the event loop. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
}
