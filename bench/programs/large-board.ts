/**
 * Makes a driver's sysfs of 16 cells with 8 CPUs in an empty /sys, samples it with the real commands, and prints the
 * figures as JSON. The argument is where this machine's own sysfs is.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { inPackage } from '../harness/paths';
import { median } from '../harness/statistics';
import type { ChildProcess } from 'node:child_process';

export interface Sampled {
  readonly corePercent: number;
  readonly peakMegabytes: number;
  readonly scrapeMs: number;
  /** Processor time of the exporter. */
  readonly scrapeCpuMs: number;
}

const CELLS = 16;
const CPUS = 8;
/** What arm64 counts in Jailhouse 0.10 (jailhouse-abi reference 2). */
const REASONS = ['total', 'mmio', 'management', 'hypercall', 'maintenance', 'virt_irq', 'virt_sgi', 'psci', 'smccc'];
const SAMPLES = 20;
const SCRAPES = 50;
const SCRAPE_INTERVAL_MS = 100;
/** proc(5): of utime and stime; Linux has 100 on all machines. */
const TICKS_PER_SECOND = 100;

void main(process.argv[2] ?? '');

async function main(sysfs: string): Promise<void> {
  makeBoard(`${sysfs}/class/net/lo/statistics`);
  const sampled: Sampled = { ...(await sample()), ...(await scrape()) };
  console.log(JSON.stringify(sampled));
}

function makeBoard(counters: string): void {
  const root = '/sys/devices/jailhouse';
  const values = [
    'rx_bytes',
    'tx_bytes',
    'rx_packets',
    'tx_packets',
    'rx_errors',
    'tx_errors',
    'rx_dropped',
    'tx_dropped',
    'collisions',
  ];
  const write = (path: string, text: string) => writeFileSync(path, `${text}\n`);
  mkdirSync(`${root}/cells`, { recursive: true });
  write(`${root}/enabled`, '1');
  for (const pool of ['mem', 'remap']) {
    write(`${root}/${pool}_pool_size`, '994');
    write(`${root}/${pool}_pool_used`, '58');
  }
  for (let id = 0; id < CELLS; id++) {
    const cell = `${root}/cells/${id}`;
    mkdirSync(`${cell}/statistics`, { recursive: true });
    write(`${cell}/name`, `a-cell-with-number-${id}`);
    write(`${cell}/state`, 'running');
    write(`${cell}/cpus_assigned_list`, `0-${CPUS - 1}`);
    write(`${cell}/cpus_failed_list`, '');
    for (const cpu of ['', ...Array.from({ length: CPUS }, (_, number) => `cpu${number}`)]) {
      const folder = `${cell}/statistics/${cpu}`;
      mkdirSync(folder, { recursive: true });
      REASONS.forEach((reason, index) => symlinkSync(`${counters}/${values[index]}`, `${folder}/vmexits_${reason}`));
    }
  }
}

function cellvisor(...args: string[]): ChildProcess {
  const env = { ...process.env, CELLVISOR_BACKEND: 'hardware' };
  return spawn(process.execPath, [inPackage('dist/bin/cellvisor.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function sample(): Promise<Pick<Sampled, 'corePercent' | 'peakMegabytes'>> {
  const child = cellvisor('stats', '--json', '--interval', '1s');
  const uses: { readonly cpuMs: number; readonly atMs: number }[] = [];
  for await (const line of linesOf(child.stdout)) {
    const { cells, failures } = JSON.parse(line) as { cells: { cpus: unknown[] }[]; failures: unknown[] };
    if (cells.length !== CELLS || cells.some(({ cpus }) => cpus.length !== CPUS) || failures.length > 0) {
      throw new Error(`that is not what was made: ${line}`);
    }
    // The first sample looks for the files, and is part of the start.
    uses.push({ cpuMs: cpuMsOf(child), atMs: performance.now() });
    if (uses.length > SAMPLES) break;
  }
  const [first, last] = [uses[0], uses.at(-1)];
  if (!first || !last || first === last) throw new Error('there were no samples');
  const peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
  child.kill();
  return {
    corePercent: ((last.cpuMs - first.cpuMs) / (last.atMs - first.atMs)) * 100,
    peakMegabytes: (peak * 1024) / 1e6,
  };
}

/** Of all threads. */
function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}

async function scrape(): Promise<Pick<Sampled, 'scrapeMs' | 'scrapeCpuMs'>> {
  const child = cellvisor('exporter', '--listen', '127.0.0.1:0');
  const [line = ''] = (await linesOf(child.stderr).next()).value?.match(/http:\S+/) ?? [];
  const agent = new Agent({ keepAlive: true });
  const durations: number[] = [];
  let startCpuMs = 0;
  for (let round = 0; round <= SCRAPES; round++) {
    const startMs = performance.now();
    const lengthBytes = await lengthOf(line, agent);
    // The first one looks for the files, and compiles.
    if (round > 0) durations.push(performance.now() - startMs);
    else startCpuMs = cpuMsOf(child);
    if (lengthBytes < CELLS * CPUS * REASONS.length) throw new Error(`a scrape of only ${lengthBytes} bytes`);
    await new Promise((resolve) => setTimeout(resolve, SCRAPE_INTERVAL_MS));
  }
  const scrapeCpuMs = (cpuMsOf(child) - startCpuMs) / SCRAPES;
  agent.destroy();
  child.kill();
  return { scrapeMs: median(durations), scrapeCpuMs };
}

function lengthOf(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { accept: 'application/openmetrics-text' } }, (response) => {
      let lengthBytes = 0;
      response.on('data', (chunk: Buffer) => (lengthBytes += chunk.length));
      response.once('end', () => resolve(lengthBytes));
    }).once('error', reject);
  });
}

function linesOf(stream: NodeJS.ReadableStream | null): AsyncIterableIterator<string> {
  if (stream === null) throw new Error('nothing to read');
  return createInterface({ input: stream })[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
}
