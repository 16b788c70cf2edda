import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelPath, makeInitrd, noLinux, UP } from '../test/support/linux';
import { BenchBoard } from './harness/board';
import { inPackage, readCellFile } from './harness/paths';
import { findQemu, untilPrinted } from './harness/qemu';
import { run as runProgram } from './harness/process';
import { median } from './harness/statistics';
import type { Benchmark, Row } from './harness/result';

const BOARD = { type: 'qemu-arm64', release: 'upstream-master' };
const UART = 'uart0';
const CELL = 'qemu-arm64-linux-demo';
const ROUNDS = 3;
/** As much as the cell has: two CPUs, 250 MiB. */
const QEMU_MACHINE = ['-M', 'virt,gic-version=3', '-cpu', 'cortex-a57', '-smp', '2', '-m', '250'];

export const linux: Benchmark = {
  name: 'linux',
  title: 'Boot of Linux',
  method:
    "A kernel of Debian, unchanged, with a shell of Debian's as initramfs, from the command until the shell has printed a line: `jailhouse cell linux` " +
    'on the emulated qemu-arm64 board, which is on and enabled already, and `qemu-system-aarch64 -M virt`, with two CPUs and 250 MiB each.',
  run,
};

async function run(): Promise<Row[]> {
  if (noLinux !== undefined) {
    console.error(`linux: skipped, ${noLinux}`);
    return [];
  }
  const qemu = await findQemu();
  const folder = mkdtempSync(join(tmpdir(), 'bench-linux-'));
  try {
    const initrd = join(folder, 'initrd');
    writeFileSync(initrd, makeInitrd());
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await bootInCell(initrd));
      if ('version' in qemu) theirs.push(await bootInQemu(initrd));
    }
    const peer = 'missing' in qemu ? { name: 'QEMU', missing: qemu.missing } : { name: 'QEMU', value: median(theirs) };
    return [{ what: 'jailhouse cell linux (process) to the shell', value: median(ours), unit: 's', peer }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bootInCell(initrd: string): Promise<number> {
  return BenchBoard.with(BOARD, async (board) => {
    await board.jailhouse.enable(readCellFile('qemu-arm64'));
    const from = await board.logEnd(UART);
    const startedMs = performance.now();
    const args = ['cell', 'linux', inPackage('cells', `${CELL}.cell`), kernelPath, '-i', initrd];
    await runProgram(process.execPath, [inPackage('dist/bin/jailhouse.js'), ...args]);
    await board.readLogUntil(UART, from, UP);
    return (performance.now() - startedMs) / 1000;
  });
}

async function bootInQemu(initrd: string): Promise<number> {
  const startedMs = performance.now();
  await untilPrinted([...QEMU_MACHINE, '-kernel', kernelPath, '-initrd', initrd], UP);
  return (performance.now() - startedMs) / 1000;
}
