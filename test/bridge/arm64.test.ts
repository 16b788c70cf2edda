import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BridgedBoard } from '../support/bridge';

/** The bridge for arm64 boards, and programs in C for them, under qemu-user: instructions of that machine reach registers. */
const root = join(__dirname, '../..');
const SYSROOT = '/usr/aarch64-linux-gnu';
const TOOLS = ['aarch64-linux-gnu-g++', 'aarch64-linux-gnu-gcc', 'qemu-aarch64'];

const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
const withTools = missing.length === 0 ? describe : describe.skip;

withTools(`arm64${missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-arm64-'));
  const library = join(folder, 'bridge.so');
  const board = new BridgedBoard();

  beforeAll(async () => {
    const bridge = join(root, 'native/bridge');
    const sources = readdirSync(bridge, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cc'));
    const flags = ['-std=c++17', '-O1', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', '-D_GNU_SOURCE', '-I.'];
    const style = ['-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-fvisibility=hidden'];
    const linking = ['-static-libstdc++', '-static-libgcc', '-ldl', '-lpthread'];
    const args = [...flags, ...style, '-o', library, ...sources, ...linking];
    await promisify(execFile)('aarch64-linux-gnu-g++', args, { cwd: bridge });
    await board.run(['true']);
  }, 180_000);
  afterAll(async () => {
    await board.remove();
    rmSync(folder, { recursive: true });
  });

  function compile(name: string, optimization: string): string {
    const program = join(folder, `${name}${optimization}`);
    const source = join(root, 'test/bridge/programs', `${name}.c`);
    execFileSync('aarch64-linux-gnu-gcc', [
      '-Wall',
      '-Werror',
      optimization,
      '-o',
      program,
      source,
      '-lpthread',
      '-lrt',
    ]);
    return program;
  }

  async function run(program: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, CELLVISOR_BRIDGE_SOCKET: board.socket };
    const words = ['-L', SYSROOT, '-E', `LD_PRELOAD=${library}`, program, ...args];
    return (await promisify(execFile)('qemu-aarch64', words, { env, cwd: root })).stdout;
  }

  test('the life of a cell', async () => {
    const jailhouse = compile('jailhouse-like', '-O2');
    await run(jailhouse, 'enable', 'cells/imx8mm.cell');
    await run(jailhouse, 'create', 'cells/imx8mm-ivshmem-demo.cell');
    await run(jailhouse, 'load', '1', 'inmates/ivshmem-demo.bin');
    await run(jailhouse, 'start', '1');
    expect(await run(jailhouse, 'list')).toBe('0 imx8mm running 0-2\n1 ivshmem-demo running 3\n');
  }, 60_000);

  test.each(['-O0', '-O2'])(
    'UIO, compiled with %s',
    async (optimization) => {
      const uio = compile('uio', optimization);
      for (const name of ['registers', 'threads', 'memory', 'peer', 'faults']) {
        expect(await run(uio, name)).toBe(`${name} ok\n`);
      }
    },
    60_000,
  );
});
