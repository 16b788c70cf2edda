import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilGone } from '../support/board-processes';
import { describeIf, isInstalled, run, Unpacked, whyNotBuilt } from './archives';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

const MINUTES = 60_000;
jest.setTimeout(15 * MINUTES);

/** Libraries of the target, from Debian's cross compiler. */
const SYSROOT = '/usr/aarch64-linux-gnu';

describeIf(whyNotBuilt('arm64'), 'the arm64 archive', () => {
  let unpacked: Unpacked;
  beforeAll(() => void (unpacked = new Unpacked('arm64', '--with-node')));
  afterAll(() => unpacked?.remove());
  const path = (...names: string[]) => join(unpacked.home, ...names);

  function nativeFiles(): string[] {
    const names = readdirSync(unpacked.home, { recursive: true, encoding: 'utf8' });
    return [...names.filter((name) => /\.(node|so)$/.test(name)), 'node/bin/node'];
  }

  test('native code is for arm64', () => {
    for (const file of nativeFiles()) {
      expect(run('readelf', ['-h', path(file)]).out).toMatch(/Machine: +AArch64/);
    }
  });

  test('nothing needs a newer glibc than 2.28, and our own code no C++ library', () => {
    for (const file of nativeFiles()) {
      const versions = [...run('readelf', ['-W', '--dyn-syms', path(file)]).out.matchAll(/@GLIBC_([\d.]+)/g)];
      const minors = versions.map(([, version]) => (version as string).split('.').map(Number)[1] ?? 0);
      expect({ file, minor: Math.max(...minors) <= 28 }).toEqual({ file, minor: true });
      expect(minors.length).toBeGreaterThan(0);
      const needed = run('readelf', ['-d', path(file)]).out;
      if (file.startsWith('build/')) expect(needed).not.toContain('libstdc++');
    }
  });

  describeIf(whyNoQemu(), 'under qemu-user', () => {
    const runtime = mkdtempSync(join(tmpdir(), 'cv-'));
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      CELLVISOR_RUNTIME_DIR: runtime,
      CELLVISOR_BOARD: 'imx8mm-evk',
      // Its io_uring calls are not all known to qemu, and would not be seen by the bridge.
      UV_USE_IO_URING: '0',
    };
    let daemon: ChildProcess | undefined;
    const node = (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
      run('qemu-aarch64', [...qemuOptions(more), path('node/bin/node'), path('dist/bin', `${program}.js`), ...args], {
        env,
      });
    /** Variables that are meant for the program only: the host's own dynamic linker must not see LD_PRELOAD. */
    const qemuOptions = (more: NodeJS.ProcessEnv) => [
      '-L',
      SYSROOT,
      ...Object.entries(more).flatMap(([name, value]) => ['-E', `${name}=${value}`]),
    ];

    /** The board's process, as src/kernel/emulated/start.ts starts it: under qemu, a program cannot start others of its kind. */
    beforeAll(async () => {
      const folder = join(runtime, 'imx8mm-evk');
      mkdirSync(folder, { mode: 0o700 });
      const lock = openSync(join(folder, 'lock'), 'a', 0o600);
      const program = [path('node/bin/node'), path('dist/cellvisor/board-daemon.js'), '{"name":"imx8mm-evk"}'];
      daemon = spawn('qemu-aarch64', [...qemuOptions({}), ...program], {
        env,
        stdio: ['ignore', 'inherit', 'inherit', 'pipe', lock],
      });
      closeSync(lock);
      const report = daemon.stdio[3] as Readable;
      const chunks: Buffer[] = [];
      for await (const chunk of report) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).toString().trim()).toBe('{}');
    });
    afterAll(async () => {
      node('cellvisor', ['board', 'stop']);
      if (daemon?.pid !== undefined) await untilGone(daemon.pid);
      rmSync(runtime, { recursive: true });
    });

    test('jailhouse --version', () => {
      expect(node('jailhouse', ['--version'])).toEqual({ code: 0, out: 'Jailhouse management tool v0.10\n', err: '' });
    });

    test('cellvisor try executes an inmate', () => {
      const files = [
        '--root',
        path('cells/imx8mm.cell'),
        path('cells/imx8mm-gic-demo.cell'),
        path('inmates/gic-demo.bin'),
      ];
      const { code, out, err } = node('cellvisor', ['try', ...files, '--expect', 'Timer fired', '--clock', 'virtual']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Timer fired');
    });

    test('the addons of npm load', () => {
      const program =
        "console.log(require('ffi-napi').Library(null, { getpid: ['int', []] }).getpid() === process.pid)";
      if (!existsSync(path('node_modules/ffi-napi'))) {
        process.stderr.write('skipped: ffi-napi is not installed, and so not in the archive\n');
        return;
      }
      const { out } = run('qemu-aarch64', [...qemuOptions({}), path('node/bin/node'), '-e', program], {
        env,
        cwd: unpacked.home,
      });
      expect(out).toBe('true\n');
    });

    describe.each([
      ['over the socket', () => ({ CELLVISOR_BACKEND: 'emulated' })],
      [
        'through the bridge',
        () => ({
          CELLVISOR_BACKEND: 'hardware',
          LD_PRELOAD: path('build/Release/cellvisor-bridge.so'),
          CELLVISOR_BRIDGE_SOCKET: join(runtime, 'imx8mm-evk/socket'),
        }),
      ],
    ])('a session %s', (_, more) => {
      test('from enable to disable', () => {
        const jailhouse = (...args: string[]) => node('jailhouse', args, more());
        const nothing = { code: 0, out: '', err: '' };
        expect(jailhouse('enable', path('cells/imx8mm.cell'))).toEqual(nothing);
        expect(jailhouse('cell', 'create', path('cells/imx8mm-gic-demo.cell'))).toEqual(nothing);
        expect(jailhouse('cell', 'load', 'gic-demo', path('inmates/gic-demo.bin'))).toEqual(nothing);
        expect(jailhouse('cell', 'start', 'gic-demo')).toEqual(nothing);
        expect(jailhouse('cell', 'list').out).toMatch(/^1 +gic-demo +running +3 /m);
        expect(jailhouse('cell', 'destroy', 'gic-demo')).toEqual(nothing);
        expect(jailhouse('disable')).toEqual(nothing);
      });
    });
  });
});

function whyNoQemu(): string | undefined {
  if (!isInstalled('qemu-aarch64')) return 'qemu-aarch64 is not installed';
  return existsSync(join(SYSROOT, 'lib/libstdc++.so.6')) ? undefined : `${SYSROOT} has no C++ library`;
}
