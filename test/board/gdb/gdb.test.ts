import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { imx8mm } from '../../../cells/boards/imx8mm';
import * as root from '../../../cells/imx8mm';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { cell } from '../../../src/config/builder';
import { BoardProcesses } from '../../support/board-processes';
import { Gdb, missingProgram } from '../../support/gdb';
import type { ChildProcess } from 'node:child_process';

/** Cells under the real GDB: `cellvisor try --gdb` and `cellvisor gdb`. */
jest.setTimeout(120_000);

const packages: Record<string, string> = {
  'gdb-multiarch': 'gdb-multiarch',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
};
const missing = missingProgram(...Object.keys(packages));
const withGdb = missing === undefined ? describe : describe.skip;
const why =
  missing === undefined ? '' : ` (skipped: ${missing} is not installed; Debian has it in ${packages[missing]})`;

withGdb(`GDB${why}`, () => {
  const boards = new BoardProcesses();
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-gdb-'));
  const at = (name: string) => join(folder, name);
  const elf = at('build/own/debuggee.elf');
  const binary = at('build/debuggee.bin');
  const children: ChildProcess[] = [];
  const gdbs: Gdb[] = [];

  beforeAll(() => {
    const source = join(__dirname, 'debuggee.c');
    const inmates = join(__dirname, '../../../inmates');
    const make = spawnSync('make', ['-s', '-C', inmates, `SRC=${source}`, `BUILD=${at('build')}`], {
      encoding: 'utf8',
    });
    expect(make).toMatchObject({ status: 0, stderr: '' });
    const config = cell({
      name: 'debuggee',
      cpus: [2, 3],
      console: imx8mm.uart,
      memory: [imx8mm.uartWindow, imx8mm.demoRam, imx8mm.commRegion],
    });
    writeFileSync(at('root.cell'), encodeConfig(root.config, root.dialect));
    writeFileSync(at('debuggee.cell'), encodeConfig(config, root.dialect));
  });
  afterEach(async () => {
    for (const gdb of gdbs.splice(0)) await gdb.kill();
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    }
  });
  afterAll(async () => {
    if (existsSync(boards.path('imx8mm-evk', 'state.json'))) {
      boards.processIdOf('imx8mm-evk');
      await boards.run('cellvisor', 'board', 'stop');
    }
    await boards.remove();
    rmSync(folder, { recursive: true });
  });

  interface Served {
    readonly child: ChildProcess;
    /** What the command wrote to stderr and stdout, so far. */
    readonly err: () => string;
    readonly out: () => string;
    readonly address: string;
    /** Its exit code, once it has one. */
    readonly code: Promise<number | null>;
  }

  /** Starts a command that waits for GDB. */
  async function serve(...args: string[]): Promise<Served> {
    const child = boards.start('cellvisor', args);
    children.push(child);
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const code = new Promise<number | null>((resolve) => child.once('close', resolve));
    const address = await new Promise<string>((resolve, reject) => {
      const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
      lines.on('line', (line) => {
        err += `${line}\n`;
        const found = /target remote ([\d.:]+)'/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      lines.once('close', () => reject(new Error(err)));
    });
    return { child, out: () => out.replaceAll('\r', ''), err: () => err, address, code };
  }

  /** Resolves when a command has written a text to stdout. */
  async function printed({ child, out }: Served, text: string): Promise<void> {
    while (!out().includes(text)) await once(child.stdout as NodeJS.ReadableStream, 'data');
  }

  const tryIt = (...options: string[]) =>
    serve('try', '--gdb', '127.0.0.1:0', '--root', at('root.cell'), at('debuggee.cell'), binary, ...options);

  async function gdbAt({ address }: Served): Promise<Gdb> {
    const gdb = new Gdb(elf);
    gdbs.push(gdb);
    await gdb.run('set pagination off');
    await gdb.run('set confirm off');
    await gdb.run(`target remote ${address}`);
    await gdb.stopped();
    return gdb;
  }

  describe.each(['real', 'virtual'])('try with a %s clock', (clock) => {
    test('a session: entry, breakpoint, steps, registers, memory, backtrace, watchpoint, Ctrl-C, detach', async () => {
      const served = await tryIt('--clock', clock, '--expect', 'total is', '--timeout', '60s');
      const gdb = await gdbAt(served);

      // Held at the entry: nothing has been executed.
      expect(await gdb.run('info registers pc cpsr')).toMatch(/^pc +0x0 .*\ncpsr +0x3c5 +\[ SP EL=1 F I A D \]/);
      expect(await gdb.run('x/2i $pc')).toMatch(/=> 0x0 <image_start>:\tbl\t0x[0-9a-f]+ <setup_cpu>/);
      expect(served.out()).not.toContain('begins');

      // A breakpoint, and steps from it.
      await gdb.run('break inmate_main');
      expect(await gdb.until('continue')).toMatch(/reason="breakpoint-hit".*func="inmate_main"/);
      const pc = BigInt((await gdb.run('printf "%d", $pc')).trim());
      expect(await gdb.until('stepi')).toContain('reason="end-stepping-range"');
      expect(BigInt((await gdb.run('printf "%d", $pc')).trim())).toBe(pc + 4n);
      await gdb.run('break inner if number == 2');
      expect(await gdb.until('continue')).toMatch(/reason="breakpoint-hit".*func="inner"/);
      const frames = [...(await gdb.run('bt')).matchAll(/^#\d +(?:0x\w+ in )?(\w+) \(/gm)].map(([, name]) => name);
      expect(frames.slice(0, 3)).toEqual(['inner', 'middle', 'inmate_main']);
      expect(await gdb.run('print calls')).toMatch(/= 1\n/);
      await gdb.run('delete');
      expect(await gdb.until('finish')).toMatch(/reason="function-finished"/);
      expect(await gdb.run('print $x0')).toMatch(/= 4\n/);

      // Registers and memory, written and read.
      await gdb.run('set var total = 100');
      expect(await gdb.run('print total')).toMatch(/= 100\n/);
      await gdb.run('set $v3.u64[1] = 0x1122334455667788');
      expect(await gdb.run('p/x $v3.u64[1]')).toContain('0x1122334455667788');
      expect(await gdb.run('p/x $SCTLR_EL1 & 1')).toContain('0x1'); // the MMU is on
      await expect(gdb.run('x/x 0x7000000000')).rejects.toThrow('Cannot access memory at address 0x7000000000');

      // Data that is about to change.
      await gdb.run('watch total');
      const change = await gdb.until('continue');
      expect(change).toMatch(/reason="watchpoint-trigger".*value={old="100",new="106"}/);
      await gdb.run('delete');

      // A loop that only the user ends; the other CPU runs, and stops, with this one.
      const threads = await gdb.run('info threads');
      expect(threads).toMatch(/Thread 3 \(CPU 2, running\)/);
      expect(threads).toMatch(/Thread 4 \(CPU 3, running\) .*other_cpu/);
      await gdb.run('break wait_for_user');
      await gdb.until('continue');
      await gdb.run('delete');
      await gdb.run('watch spins if spins > 1000');
      await gdb.until('continue');
      await gdb.run('delete');
      const [before, otherBefore] = [await gdb.run('print spins'), await gdb.run('print other_spins')];
      expect(
        [await gdb.run('print spins'), await gdb.run('print other_spins')].map((line) => line.split('=')[1]),
      ).toEqual([before, otherBefore].map((line) => line.split('=')[1]));
      await gdb.run('continue');
      // GDB says that the cell runs before it lets it: a Ctrl-C in between would be for GDB alone.
      await printed(served, 'still waiting');
      gdb.interrupt();
      expect(await gdb.stopped()).toContain('signal-name="SIGINT"');
      await gdb.run('set var leaves_loop = 1');

      // Without GDB, the trial is what it is without --gdb.
      await gdb.run('detach');
      expect(await served.code).toBe(0);
      expect(served.out()).toContain('begins\nstill waiting\ntotal is 106');
    });
  });

  test('a fault stops the cell where it happens, and kill ends the trial', async () => {
    const served = await tryIt();
    const gdb = await gdbAt(served);
    await gdb.run('break wait_for_user');
    await gdb.until('continue');
    await gdb.run('set var leaves_loop = 1');
    expect(await gdb.until('continue')).toContain('signal-name="SIGSEGV"');
    expect(await gdb.run('bt')).toMatch(/#0 .*fault \(\).*\n#1 .*inmate_main/);
    expect(await gdb.run('info threads')).toMatch(/CPU 2, failed/);
    await gdb.run('kill');
    expect(await served.code).toBe(1);
    expect(served.err()).toContain("gdb ended cell 'debuggee'");
  });

  test('GDB that is killed lets go of the cell, and the trial goes on', async () => {
    const served = await tryIt('--expect', 'total is 13', '--timeout', '60s');
    const gdb = await gdbAt(served);
    await gdb.run('break wait_for_user');
    await gdb.until('continue');
    await gdb.run('set var leaves_loop = 1');
    await gdb.kill();
    expect(await served.code).toBe(0);
  });

  test('a cell of a running board: attach, a second debugger, a restart, detach, shut down', async () => {
    const jailhouse = async (...args: string[]) =>
      expect(await boards.run('jailhouse', ...args)).toEqual({ code: 0, out: '', err: '' });
    await jailhouse('enable', at('root.cell'));
    await jailhouse('cell', 'create', at('debuggee.cell'));

    // Before it was ever started: it is held at its entry then.
    const served = await serve('gdb', 'debuggee', '--listen', '127.0.0.1:0');
    const gdb = await gdbAt(served);
    expect(await gdb.run('info threads')).toMatch(/CPU 2, parked/);
    await gdb.run('continue');
    await jailhouse('cell', 'load', 'debuggee', binary);
    await jailhouse('cell', 'start', 'debuggee');
    await gdb.stopped();
    expect(await gdb.run('p/x $pc')).toContain('0x0');

    const second = await boards.run('cellvisor', 'gdb', 'debuggee', '--listen', '127.0.0.1:0');
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toMatch(/^cell 'debuggee' has a debugger already\nhint: /);
    // One GDB at a time on the port, too: the other one is turned away.
    const other = connect(Number(served.address.split(':')[1]), '127.0.0.1');
    await new Promise((resolve) => other.once('close', resolve));

    await gdb.run('break wait_for_user');
    await gdb.until('continue');
    await gdb.run('detach');
    expect(await served.code).toBe(0);
    expect(served.err()).toContain("cell 'debuggee' goes on\n");

    // Ctrl-C at the command lets the cell go on, and GDB's kill shuts it down.
    const again = await serve('gdb', 'debuggee', '--listen', '127.0.0.1:0');
    const attached = await gdbAt(again);
    expect(await attached.run('bt')).toContain('wait_for_user');
    again.child.kill('SIGINT');
    expect(await again.code).toBe(0);
    const last = await serve('gdb', 'debuggee', '--listen', '127.0.0.1:0');
    const killing = await gdbAt(last);
    await killing.run('set var leaves_loop = 0');
    await killing.run('kill');
    expect({ code: await last.code, err: last.err() }).toMatchObject({ code: 0 });
    const list = await boards.run('jailhouse', 'cell', 'list');
    expect(list.out).toMatch(/debuggee +shut down/);
    await jailhouse('cell', 'destroy', 'debuggee');
  });

  test('a cell that is destroyed is the end for GDB', async () => {
    await boards.run('jailhouse', 'enable', at('root.cell'));
    await boards.run('jailhouse', 'cell', 'create', at('debuggee.cell'));
    await boards.run('jailhouse', 'cell', 'load', 'debuggee', binary);
    await boards.run('jailhouse', 'cell', 'start', 'debuggee');
    const served = await serve('gdb', 'debuggee', '--listen', '127.0.0.1:0');
    const gdb = await gdbAt(served);
    await gdb.run('continue');
    expect((await boards.run('jailhouse', 'cell', 'destroy', 'debuggee')).err).toBe('');
    expect(await gdb.stopped()).toContain('reason="exited-signalled"');
    expect(await served.code).toBe(0);
    expect(served.err()).toContain("cell 'debuggee' is gone");
  });
});
