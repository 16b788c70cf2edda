import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs inmates on QEMU's virt machine below a stand-in for the hypervisor (el2-shim): an opinion on the inmates that does
 * not come from this project's own emulated board.
 */

const root = join(__dirname, '../../..');
const compiler = 'aarch64-linux-gnu-gcc';
const qemu = 'qemu-system-aarch64';

/** What the shim and QEMU's loader agree on (el2-shim/shim.c). */
const physical = { ram: 0x40200000, comm: 0x40300000, pciConfig: 0x40301000 };
const cmdlineOffset = 0x1000;
const ramSizeBytes = 0x10000;

/** The reason why nothing can be run here, or undefined. */
export function missingTool(): string | undefined {
  return [compiler, qemu, 'make'].find((tool) => spawnSync(tool, ['--version']).error !== undefined);
}

/** `describe`, or its skipping form with a line that says what is missing. */
export function describeWithQemu(name: string, body: () => void): void {
  const missing = missingTool();
  if (missing !== undefined) process.stdout.write(`skipped: ${name}: ${missing} is not installed\n`);
  (missing === undefined ? describe : describe.skip)(name, body);
}

export interface Cell {
  /** The inmate's file. */
  inmate: string;
  /** The communication page; by default that of `commPage()`. */
  comm?: Buffer;
  /** Configuration space of the PCI function 00:00.0; without it the cell has no PCI. */
  pciConfig?: Buffer;
  cmdline?: string;
}

/** Bytes of a communication page for QEMU's virt machine, laid out as jailhouse-abi reference 4.5 says. */
export function commPage(options: { revision?: number; consoleType?: number; flags?: number } = {}): Buffer {
  const { revision = 1, consoleType = 3, flags = 0 } = options;
  const page = Buffer.alloc(4096);
  page.write('JHCOMM', 'latin1');
  page.writeUInt16LE(revision, 6);
  page.writeUInt32LE(flags, 20);
  page.writeBigUInt64LE(consoleType === 0 ? 0n : 0x09000000n, 24);
  page.writeUInt16LE(consoleType, 36);
  const gic = revision === 1 ? 56 : 64;
  page.writeUInt8(3, gic);
  page.writeBigUInt64LE(0x08000000n, gic + 8);
  page.writeBigUInt64LE(0x080a0000n, gic + 24);
  page.writeBigUInt64LE(0x70000000n, revision === 1 ? 88 : 56);
  if (revision === 1) page.writeBigUInt64LE(0x100000n, 96);
  // NXP's revision 1 names the INTID, revision 2 the SPI.
  page.writeUInt32LE(revision === 1 ? 108 : 76, revision === 1 ? 104 : 96);
  return page;
}

/** Everything that the tests compile, in a folder of its own. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-inmates-'));
  private readonly shim = join(this.folder, 'shim.elf');
  private runs = 0;

  constructor() {
    const shimSource = join(__dirname, 'el2-shim');
    const flags = '-O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -static -fno-pic -no-pie -mgeneral-regs-only';
    this.run(compiler, [
      ...`${flags} -mstrict-align -fno-stack-protector -Wl,--build-id=none -Wl,--no-warn-rwx-segments`.split(' '),
      ...['-T', join(shimSource, 'shim.lds'), '-o', this.shim],
      ...[join(shimSource, 'start.S'), join(shimSource, 'shim.c')],
    ]);
  }

  /** Builds an inmate of test/unit/inmates/own, or of the text given, as a user would. Returns its file. */
  build(name: string, text?: string): string {
    const source = join(text === undefined ? join(__dirname, 'own') : this.folder, `${name}.c`);
    if (text !== undefined) writeFileSync(source, text);
    const build = join(this.folder, 'build');
    this.run('make', ['-s', '-C', join(root, 'inmates'), `SRC=${source}`, `BUILD=${build}`]);
    return join(build, `${name}.bin`);
  }

  /**
   * Runs a cell until `until` matches what it has printed, or until it is stopped by the shim.
   * Resolves to the text, with plain newlines.
   */
  async boot(cell: Cell, until: RegExp): Promise<string> {
    const child = spawn(qemu, this.arguments(cell), { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk.replaceAll('\r', '');
          if (until.test(text)) resolve();
        });
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        child.once('error', reject).once('close', () => resolve());
      });
    } finally {
      child.kill('SIGKILL');
    }
    return text;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private arguments(cell: Cell): string[] {
    const prefix = join(this.folder, `run-${this.runs++}`);
    const load = (name: string, content: Buffer, address: number): string[] => {
      writeFileSync(`${prefix}-${name}`, content);
      return ['-device', `loader,file=${prefix}-${name},addr=${address},force-raw=on`];
    };
    const ram = Buffer.alloc(ramSizeBytes);
    readFileSync(cell.inmate).copy(ram);
    if (cell.cmdline !== undefined) ram.write(cell.cmdline, cmdlineOffset, 'latin1');
    return [
      ...'-M virt,virtualization=on,gic-version=3 -cpu cortex-a53 -smp 4 -m 64'.split(' '),
      ...'-display none -monitor none -serial stdio -kernel'.split(' '),
      this.shim,
      ...load('ram', ram, physical.ram),
      ...load('comm', cell.comm ?? commPage(), physical.comm),
      ...(cell.pciConfig ? load('pci', cell.pciConfig, physical.pciConfig) : []),
    ];
  }

  private run(command: string, args: string[]): void {
    const result = spawnSync(command, args, { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`${command} failed: ${result.stderr}`);
  }
}
