import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, openSync, closeSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyCell, FLAGS, RAM, withBench } from '../support/native-machine';
import { elfExecutable } from './elf';
import { layout, reportAddress, startUpCode } from './program';
import type { Program } from './program';

const REFERENCE = 'qemu-aarch64';
const PROGRAM_BYTES = 0x4000000n;

/** Why the reference CPU cannot be asked here, or undefined. */
export function whyNoReference(): string | undefined {
  const { error } = spawnSync(REFERENCE, ['--version']);
  return error ? `${REFERENCE} (Debian: qemu-user) is not installed` : undefined;
}

/** What the program leaves in memory from its data buffer on, as a Linux process under the reference CPU. */
export function runOnReference(program: Program): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-differential-'));
  try {
    const executable = join(folder, 'program');
    const output = join(folder, 'output');
    writeFileSync(executable, elfExecutable(program.image, layout.shared, layout.entry), { mode: 0o755 });
    const descriptor = openSync(output, 'w');
    const { status, signal, stderr } = spawnSync(REFERENCE, ['-cpu', 'max', executable], {
      stdio: ['ignore', descriptor, 'pipe'],
    });
    closeSync(descriptor);
    if (status !== 0) throw new Error(`${REFERENCE}: exit ${status}, signal ${signal}: ${stderr.toString()}`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same on a cell of the emulated board. */
export async function runOnBoard(program: Program): Promise<Uint8Array> {
  let memory: Uint8Array = new Uint8Array();
  await withBench({}, async (bench) => {
    const { machine } = bench;
    const physical = (address: number): bigint => RAM + BigInt(address - layout.base);
    machine.createCell({
      ...emptyCell(1, 'differential'),
      cpus: [1],
      regions: [
        {
          physStart: RAM,
          virtStart: BigInt(layout.base),
          sizeBytes: PROGRAM_BYTES,
          flags: FLAGS.read | FLAGS.write,
        },
      ],
    });
    machine.writePhysical(physical(layout.base), startUpCode());
    machine.writePhysical(physical(layout.shared), program.image);
    bench.start(1, BigInt(layout.base));
    await bench.until(() => machine.cpuState(1) !== 'running', 'the program to end');
    const report = new DataView(machine.readPhysical(physical(reportAddress), 24).buffer);
    const [syndrome, address] = [report.getBigUint64(0, true), report.getBigUint64(8, true)];
    if (machine.cpuState(1) !== 'off' || syndrome >> 26n !== 0x15n) {
      throw new Error(
        `the program stopped at 0x${address.toString(16)} with ESR 0x${syndrome.toString(16)}: ${bench.console()}`,
      );
    }
    memory = machine.readPhysical(physical(program.data), program.image.length - (program.data - layout.shared));
  });
  return memory;
}
