import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cells } from '../../cells';
import { describeIf, digest, isInstalled, run, Unpacked, whyNotBuilt } from './archives';
import { fillRoot, runInside, whyNoEmptyRoot } from './empty-root';

const MINUTES = 60_000;
jest.setTimeout(15 * MINUTES);

describeIf(whyNotBuilt('x64'), 'the x64 archive', () => {
  let unpacked: Unpacked;
  beforeAll(() => void (unpacked = new Unpacked('x64', '--with-node')));
  afterAll(() => unpacked?.remove());
  const path = (...names: string[]) => join(unpacked.home, ...names);

  test('the same sources give the same bytes', () => {
    const umask = process.umask(0o077);
    const again = new Unpacked('x64', '--with-node');
    process.umask(umask);
    try {
      expect(run('diff', ['-rq', unpacked.home, again.home])).toEqual({ code: 0, out: '', err: '' });
      expect(digest(again.archive)).toBe(digest(unpacked.archive));
    } finally {
      again.remove();
    }
  });

  test('entries are in order, of one date, and of root', () => {
    const lines = execFileSync('tar', ['--utc', '-tvzf', unpacked.archive], { encoding: 'utf8' }).trimEnd().split('\n');
    const foreign = lines.filter(
      (line) => !/^[-dl]rwxr-xr-x|^-rw-r--r--|^lrwxrwxrwx/.test(line) || !/^\S+ 0\/0 .* 1980-01-01 /.test(line),
    );
    expect(foreign).toEqual([]);
    expect(lines.length).toBeGreaterThan(100);
  });

  test('every cell and every inmate is there', () => {
    expect(readdirSync(path('cells')).sort()).toEqual(
      Object.keys(cells)
        .map((name) => `${name}.cell`)
        .sort(),
    );
    expect(readdirSync(path('inmates')).sort()).toEqual(
      readdirSync('inmates/prebuilt')
        .filter((name) => name.endsWith('.bin'))
        .sort(),
    );
  });

  describe('commands', () => {
    let links: string;
    beforeAll(() => {
      links = mkdtempSync(join(tmpdir(), 'cellvisor links '));
      for (const name of ['jailhouse', 'uio_send', 'uio_read', 'cellvisor'])
        symlinkSync(path('bin', name), join(links, name));
    });
    afterAll(() => rmSync(links, { recursive: true }));

    test('start through one link in PATH', () => {
      const env = { PATH: `${links}:/usr/bin:/bin` };
      expect(run('jailhouse', ['--version'], { env }).out).toBe('Jailhouse management tool v0.10\n');
      expect(run('cellvisor', ['--version'], { env }).out).toMatch(/^cellvisor \d+\.\d+\.\d+\n$/);
      expect(run('uio_send', [], { env }).code).toBe(255);
      expect(run('uio_read', [], { env }).code).toBe(255);
    });

    test.each(['', './', '../'])('start as %sbin/jailhouse', (prefix) => {
      const cwd = prefix === '../' ? path('bin') : unpacked.home;
      expect(run('sh', ['-c', `${prefix}bin/jailhouse --version`], { cwd }).out).toMatch(/^Jailhouse/);
    });

    test('use the Node.js that they came with', () => {
      const own = mkdtempSync(join(tmpdir(), 'cellvisor-node-'));
      writeFileSync(join(own, 'node'), '#!/bin/sh\necho "another node" >&2\nexit 9\n', { mode: 0o755 });
      try {
        expect(run(join(links, 'jailhouse'), ['--version'], { env: { PATH: `${own}:/usr/bin:/bin` } }).code).toBe(0);
      } finally {
        rmSync(own, { recursive: true });
      }
    });

    test('without any Node.js, say what is missing', () => {
      const bare = mkdtempSync(join(tmpdir(), 'cellvisor-bare-'));
      const launcher = readFileSync(path('bin/jailhouse'));
      mkdirSync(join(bare, 'bin'));
      writeFileSync(join(bare, 'bin/jailhouse'), launcher, { mode: 0o755 });
      try {
        const { code, err } = run('/bin/sh', [join(bare, 'bin/jailhouse')], { env: { PATH: bare } });
        expect({ code, err }).toEqual({
          code: 127,
          err: 'jailhouse: there is no node in PATH: install Node.js 20.17 or newer, or use the archive that contains it\n',
        });
      } finally {
        rmSync(bare, { recursive: true });
      }
    });
  });

  test('the library can be required', () => {
    const program = `console.log(typeof require(${JSON.stringify(unpacked.home)}).Jailhouse)`;
    expect(run(path('node/bin/node'), ['-e', program]).out).toBe('function\n');
  });

  describe('cells at boot', () => {
    const runtime = mkdtempSync(join(tmpdir(), 'cv-'));
    const env = { PATH: '/usr/bin:/bin', CELLVISOR_BACKEND: 'emulated', CELLVISOR_RUNTIME_DIR: runtime };
    const jailhouse = (...args: string[]) => run(path('bin/jailhouse'), args, { env });
    const cell = (args: string[], more = {}) => run(path('lib/cellvisor/cell'), args, { env: { ...env, ...more } });
    const names = () =>
      (JSON.parse(jailhouse('cell', 'list', '--json').out) as { name: string; state: string }[]).map(
        ({ name, state }) => `${name}: ${state}`,
      );
    afterAll(() => {
      run(path('bin/cellvisor'), ['board', 'stop'], { env });
      rmSync(runtime, { recursive: true });
    });

    test('come up, and go again in order', () => {
      expect(jailhouse('enable', path('cells/imx8mm.cell'))).toEqual({ code: 0, out: '', err: '' });
      const config = { CONFIG: path('cells/imx8mm-gic-demo.cell'), LOAD: `${path('inmates/gic-demo.bin')} -a 0x0` };
      expect(cell(['start', 'gic-demo'], config)).toEqual({ code: 0, out: '', err: '' });
      expect(names()).toEqual(['imx8mm: running', 'gic-demo: running']);
      expect(cell(['stop', 'gic-demo'])).toEqual({ code: 0, out: '', err: '' });
      expect(names()).toEqual(['imx8mm: running']);
    });

    test('Linux in place of an inmate: its kernel and options, and a command line with blanks', () => {
      const kernel = join(runtime, 'Image');
      const image = Buffer.alloc(0x1000);
      image.write('ARMd', 56);
      writeFileSync(kernel, image);
      const config = { CONFIG: path('cells/imx8mm-linux-demo.cell'), LINUX: `${kernel} -w ${runtime}/tree.dtb` };
      const { code, out, err } = cell(['start', 'linux-inmate-demo'], { ...config, CMDLINE: 'root=/dev/ram rw' });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`jailhouse cell create ${config.CONFIG}`);
      expect(readFileSync(join(runtime, 'tree.dtb'), 'latin1')).toContain('root=/dev/ram rw\0');
    });

    test('what failed is undone, and a cell that somebody else made is left alone', () => {
      const config = { CONFIG: path('cells/imx8mm-gic-demo.cell') };
      expect(cell(['start', 'gic-demo'], { ...config, LOAD: '/nowhere.bin' }).code).toBe(1);
      expect(names()).toEqual(['imx8mm: running']);
      expect(jailhouse('cell', 'create', config.CONFIG).code).toBe(0);
      expect(cell(['start', 'gic-demo'], config)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^JAILHOUSE_CELL_CREATE: File exists/),
      });
      expect(names()).toEqual(['imx8mm: running', 'gic-demo: shut down']);
    });
  });

  describe('cellvisor run, with the bridge that is in the archive', () => {
    const runtime = mkdtempSync(join(tmpdir(), 'cv-'));
    const env = () => ({ PATH: `${path('bin')}:/usr/bin:/bin`, CELLVISOR_RUNTIME_DIR: runtime });
    const bridged = (...command: string[]) => run('cellvisor', ['run', '--', ...command], { env: env(), cwd: '/' });
    beforeAll(() => void bridged('true')); // the first one says that the board is powered on
    afterAll(() => {
      run('cellvisor', ['board', 'stop'], { env: env() });
      rmSync(runtime, { recursive: true });
    });

    test('programs of the system, and the archive’s own commands, see the emulated board', () => {
      expect(bridged('cat', '/sys/devices/jailhouse/enabled')).toEqual({ code: 0, out: '0\n', err: '' });
      expect(bridged('jailhouse', 'enable', path('cells/imx8mm.cell'))).toEqual({ code: 0, out: '', err: '' });
      expect(bridged('cat', '/sys/devices/jailhouse/enabled').out).toBe('1\n');
      expect(bridged('jailhouse', 'cell', 'list').out).toMatch(/^0 +imx8mm +running +0-3 /m);
      const send = bridged('uio_send', '--interval', '1ms', '/dev/uio0', '1', '0', '1');
      expect({ code: send.code, lastLine: send.out.trimEnd().split('\n').at(-1) }).toEqual({
        code: 0,
        lastLine: '[UIO] Exiting...',
      });
    });

    test('its faults and its trace', () => {
      const trace = join(runtime, 'trace');
      const options = ['--trace', trace, '--fault', 'ioctl:/dev/jailhouse:EBUSY:1'];
      const { code, err } = run('cellvisor', ['run', ...options, '--', 'jailhouse', 'disable'], { env: env() });
      expect({ code, line: err.split('\n')[0] }).toEqual({
        code: 1,
        line: 'JAILHOUSE_DISABLE: Device or resource busy',
      });
      expect(readFileSync(trace, 'utf8')).toMatch(/ ioctl\(\d+<\/dev\/jailhouse>, 0x1\) = EBUSY$/m);
    });
  });

  describeIf(isInstalled('systemd-analyze') ? undefined : 'systemd-analyze is not installed', 'systemd units', () => {
    test('systemd finds nothing wrong with them', () => {
      // The commands of the units, where the units say they are; systemd looks whether they can be executed.
      const units = mkdtempSync(join(tmpdir(), 'cellvisor-units-'));
      try {
        const folder = path('lib/systemd/system');
        const files = readdirSync(folder).map((name) => {
          const copy = join(units, name.replace('@.', '@gic-demo.'));
          writeFileSync(
            copy,
            readFileSync(join(folder, name), 'utf8')
              .replaceAll('/opt/cellvisor', unpacked.home)
              .replaceAll('man:', 'https://man/'),
          );
          return copy;
        });
        const { code, err } = run('systemd-analyze', ['verify', '--recursive-errors=no', ...files]);
        expect({ code, complaints: err.split('\n').filter((line) => line.includes('cellvisor-')) }).toEqual({
          code: 0,
          complaints: [],
        });
      } finally {
        rmSync(units, { recursive: true });
      }
    });
  });

  describeIf(isInstalled('groff') ? undefined : 'groff is not installed', 'manual pages', () => {
    test('roff has no complaints, and nothing is left to be filled in', () => {
      const pages = ['man1', 'man8'].flatMap((section) =>
        readdirSync(path('share/man', section)).map((name) => path('share/man', section, name)),
      );
      expect(pages.length).toBe(readdirSync('packaging/man').length);
      for (const page of pages) {
        const { code, out, err } = run('groff', ['-man', '-Tutf8', '-ww', page]);
        expect({ page, code, err }).toEqual({ page, code: 0, err: '' });
        expect(out).not.toMatch(/@\w+@/);
      }
    });
  });

  describeIf(whyNoEmptyRoot(), 'in an empty root', () => {
    const place = mkdtempSync(join(tmpdir(), 'cellvisor-root-'));
    const inside = (...args: string[]) => runInside(place, args, { CELLVISOR_RUNTIME_DIR: '/tmp/cv' });
    beforeAll(() => {
      fillRoot(place);
      mkdirSync(join(place, 'opt'), { recursive: true });
      execFileSync('tar', ['-xzf', unpacked.archive, '-C', join(place, 'opt')]);
      for (const name of readdirSync(path('bin'))) {
        symlinkSync(
          join('/opt', unpacked.home.slice(dirname(unpacked.home).length), 'bin', name),
          join(place, 'usr/bin', name),
        );
      }
      symlinkSync(join('/opt', unpacked.home.slice(dirname(unpacked.home).length)), join(place, 'opt/cellvisor'));
    });
    afterAll(() => rmSync(place, { recursive: true, force: true }));

    test('nothing of a compiler, and no other Node.js is there', () => {
      expect(existsSync(join(place, 'usr/bin/node')) || existsSync(join(place, 'usr/bin/gcc'))).toBe(false);
    });

    test('jailhouse --version', () => {
      expect(inside('jailhouse', '--version')).toEqual({ code: 0, out: 'Jailhouse management tool v0.10\n', err: '' });
    });

    test('jailhouse without a driver', () => {
      const { code, err } = inside('jailhouse', 'cell', 'create', '/opt/cellvisor/cells/imx8mm-gic-demo.cell');
      expect(code).toBe(1);
      expect(err.split('\n')[0]).toBe('opening /dev/jailhouse: No such file or directory');
    });

    test('cellvisor try executes an inmate', () => {
      const home = '/opt/cellvisor';
      const files = [
        '--root',
        `${home}/cells/imx8mm.cell`,
        `${home}/cells/imx8mm-gic-demo.cell`,
        `${home}/inmates/gic-demo.bin`,
      ];
      const { code, out, err } = inside('cellvisor', 'try', ...files, '--expect', 'Timer fired', '--clock', 'virtual');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Timer fired');
    });

    test('cellvisor board, and a session on it', () => {
      const home = '/opt/cellvisor';
      const jailhouse = (...args: string[]) => inside('jailhouse', '--backend=emulated', ...args);
      try {
        expect(inside('cellvisor', 'board', 'start', 'imx8mm-evk')).toMatchObject({ code: 0, err: '' });
        expect(jailhouse('enable', `${home}/cells/imx8mm.cell`)).toEqual({ code: 0, out: '', err: '' });
        expect(jailhouse('cell', 'create', `${home}/cells/imx8mm-gic-demo.cell`)).toEqual({
          code: 0,
          out: '',
          err: '',
        });
        expect(jailhouse('cell', 'list').out).toContain('gic-demo');
      } finally {
        expect(inside('cellvisor', 'board', 'stop', 'imx8mm-evk')).toMatchObject({ code: 0, err: '' });
      }
    });
  });
});
