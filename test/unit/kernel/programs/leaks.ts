/**
 * Long-lived use of the hardware backend, in a process of its own: jest keeps things alive. Prints as JSON what it found of each
 * kind of use. Run with --expose-gc.
 */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardwareKernel } from '../../../../src/kernel/hardware/kernel';
import type { KernelFile } from '../../../../src/kernel/kernel';

const FIONBIO = 0x5421;
const CONCURRENT = 100;
const PAGE_BYTES = 4096;

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-leaks-'));
const path = join(folder, 'pages');
const kernel = new HardwareKernel();
const reports: unknown[] = [];

void main().finally(() => rmSync(folder, { recursive: true }));

async function main(): Promise<void> {
  writeFileSync(path, Buffer.alloc(64 * PAGE_BYTES));
  for (const isQuick of [true, false]) {
    await report(`100,000 ${isQuick ? 'quick' : 'long'} ioctls`, path, 100_000 / CONCURRENT, async (file) => {
      const argument = { bytes: new Uint8Array(16), references: [{ offset: 8, buffer: new Uint8Array(100) }] };
      await Promise.all(Array.from({ length: CONCURRENT }, () => file.ioctl(FIONBIO, argument, { isQuick })));
    });
  }
  await report('10,000 mappings of memory and of registers', path, 10_000, async (file, round) => {
    const memory = await file.mapMemory(0, 64 * PAGE_BYTES, 'read-write');
    memory.bytes[round % memory.bytes.length] = 1;
    memory.unmap();
    const registers = await file.mapRegisters(PAGE_BYTES, 256);
    await registers.write32(12, round);
    registers.unmap();
  });
  await report('2,000 reads, half of them cancelled', '/dev/zero', 1000, async (file) => {
    await file.read(PAGE_BYTES);
    await file.read(1, { signal: AbortSignal.abort() }).catch(() => undefined);
  });
  await kernel.close();
  console.log(JSON.stringify(reports));
}

type Use = (file: KernelFile, round: number) => Promise<void>;

async function report(what: string, name: string, rounds: number, use: Use): Promise<void> {
  // What is opened once, at the first use, stays.
  await withFile(name, (file) => use(file, 0));
  await settle();
  const before = { descriptors: descriptors(), mappings: mappings() };
  const growthBytes = await withFile(name, (file) => leastGrowthBytes(rounds, (round) => use(file, round)));
  await settle();
  const after = { descriptors: descriptors(), mappings: mappings() };
  reports.push({ what, growthBytes, before, after });
}

async function withFile<T>(name: string, use: (file: KernelFile) => Promise<T>): Promise<T> {
  const file = await kernel.open(name, { access: 'read-write' });
  const result = await use(file);
  await file.close();
  return result;
}

/** Those of files and of what reads wait on. */
function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => /^\/dev\/zero$|eventfd|pages$/.test(linkOf(fd))).length;
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

/** Finalizers run between turns of the event loop. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
}

/**
 * The least by which the process has grown within a quarter of the rounds. What leaks grows in each of them; a heap that
 * takes a few more pages now and then does not.
 */
async function leastGrowthBytes(rounds: number, use: (round: number) => Promise<void>): Promise<number> {
  const growths: number[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    await settle();
    const before = process.memoryUsage().rss;
    for (let round = 0; round < rounds / 4; round++) {
      await use(round);
      if (round % 16 === 0) await new Promise(setImmediate);
    }
    await settle();
    growths.push(process.memoryUsage().rss - before);
  }
  return Math.min(...growths);
}
