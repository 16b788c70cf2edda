import { readFileSync } from 'node:fs';
import { BenchBoard } from './harness/board';
import { inPackage, readCellFile } from './harness/paths';
import { findQemu, runInQemu } from './harness/qemu';
import { median } from './harness/statistics';
import type { Benchmark, Peer, Row } from './harness/result';

/** The board is QEMU's machine, and its cells are those of the release that upstream wrote them for. */
const BOARD = { type: 'qemu-arm64', release: 'upstream-master' };
const UART = 'uart0';
const CELL = { name: 'inmate-demo' };
const ROUNDS = 5;

/** Rows by the image that measures them: `unit` is what the image counts. */
const LOOPS = [
  { image: 'alu-bench', unit: 'instructions', what: 'ALU loop', target: 300 },
  { image: 'memory-bench', unit: 'instructions', what: 'load/store loop', target: 300 },
  { image: 'call-bench', unit: 'instructions', what: 'calls', target: 300 },
  {
    image: 'shared-page-bench',
    unit: 'instructions',
    what: 'load/store loop, data in the page of its code',
    target: 50,
  },
  {
    image: 'mmio-bench',
    unit: 'distributor reads',
    what: 'MMIO, emulated by the hypervisor (GICD_TYPER)',
    target: 100,
  },
  { image: 'mmio-bench', unit: 'uart reads', what: 'MMIO, passed through (PL011)', target: 100 },
] as const;

export const core: Benchmark = {
  name: 'core',
  title: 'CPU core',
  method:
    'The images in bench/inmates, as a cell of the emulated qemu-arm64 board and, unchanged, in qemu-system-aarch64 ' +
    '(TCG, a translator to host code; ours is an interpreter). Each image times itself with the generic timer, with the ' +
    'MMU on. An MMIO access includes the two instructions of its loop.',
  run,
};

async function run(): Promise<Row[]> {
  const qemu = await findQemu();
  const ours: Measurements = new Map();
  const theirs: Measurements = new Map();
  await BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('qemu-arm64'));
    await board.jailhouse.createCell(readCellFile('qemu-arm64-inmate-demo'));
    for (let round = 0; round < ROUNDS; round++) {
      for (const image of new Set(LOOPS.map((loop) => loop.image))) {
        const path = inPackage('bench/inmates/prebuilt', `${image}.bin`);
        collect(await runOnBoard(board, image, path), ours);
        if ('version' in qemu) collect(await runInQemu(path), theirs);
      }
    }
  });
  return LOOPS.map((loop) => row(loop, ours, qemuPeer(loop, qemu, theirs)));
}

async function runOnBoard(board: BenchBoard, image: string, path: string): Promise<string> {
  const from = await board.logEnd(UART);
  await board.jailhouse.loadCell(CELL, [{ source: readFileSync(path), targetAddress: 0n }]);
  await board.jailhouse.startCell(CELL);
  return board.readLogUntil(UART, from, `${image}: done`);
}

/** Nanoseconds for one unit, by image and unit. */
type Measurements = Map<string, number[]>;

function collect(log: string, measurements: Measurements): void {
  for (const [, image, count, unit, ticks, hz] of log.matchAll(/^([\w-]+): (\d+) (.+) in (\d+) ticks of (\d+) Hz/gm)) {
    const key = `${image} ${unit}`;
    const nanoseconds = (Number(ticks) * 1e9) / Number(hz) / Number(count);
    measurements.set(key, [...(measurements.get(key) ?? []), nanoseconds]);
  }
}

type Loop = (typeof LOOPS)[number];

function row(loop: Loop, measurements: Measurements, peer: Peer): Row {
  const { value, unit } = figure(loop, measurements);
  return {
    what: loop.what,
    value,
    unit,
    target: { limit: unit === 'ns' ? 'at most' : 'at least', value: loop.target, of: 'value' },
    peer,
  };
}

function figure({ image, unit }: Loop, measurements: Measurements): { value: number; unit: string } {
  const nanoseconds = measurements.get(`${image} ${unit}`);
  if (!nanoseconds) throw new Error(`${image} printed no figure for ${unit}`);
  return unit === 'instructions'
    ? { value: 1e3 / median(nanoseconds), unit: 'M/s' }
    : { value: median(nanoseconds), unit: 'ns' };
}

function qemuPeer(loop: Loop, qemu: Awaited<ReturnType<typeof findQemu>>, measurements: Measurements): Peer {
  const name = 'QEMU';
  return 'missing' in qemu ? { name, missing: qemu.missing } : { name, value: figure(loop, measurements).value };
}
