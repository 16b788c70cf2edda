/** What goes into the archives as it is. The archives themselves are under test in *.package.ts: npm run test:package. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CELLVISOR } from '../../src/cli/cellvisor/completion/words';
import { main as jailhouse } from '../../src/cli/jailhouse/main';
import { run } from '../support/command';

const packaging = join(__dirname, '../../packaging');

describe('the generator of cell units', () => {
  const place = mkdtempSync(join(tmpdir(), 'cellvisor-generator-'));
  afterAll(() => rmSync(place, { recursive: true }));
  const wants = join(place, 'units/cellvisor-root.service.wants');

  function generate(...confs: string[]) {
    rmSync(join(place, 'units'), { recursive: true, force: true });
    rmSync(join(place, 'etc'), { recursive: true, force: true });
    mkdirSync(join(place, 'etc/cellvisor/cells.d'), { recursive: true });
    mkdirSync(join(place, 'units'));
    for (const conf of confs) writeFileSync(join(place, 'etc/cellvisor/cells.d', conf), '');
    const script = readFileSync(join(packaging, 'systemd/cellvisor-cells-generator'), 'utf8');
    const here = script.replaceAll('/etc/cellvisor', join(place, 'etc/cellvisor'));
    return spawnSync('sh', ['-c', here, 'generator', join(place, 'units'), 'early', 'late'], { encoding: 'utf8' });
  }

  test('a unit for each cell of cells.d', () => {
    expect(generate('gic-demo.conf', 'ivshmem-demo.conf', 'README')).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(wants).sort()).toEqual([
      'cellvisor-cell@gic-demo.service',
      'cellvisor-cell@ivshmem-demo.service',
    ]);
    expect(readlinkSync(join(wants, 'cellvisor-cell@gic-demo.service'))).toBe(
      '/etc/systemd/system/cellvisor-cell@.service',
    );
  });

  test('no cells, no units', () => {
    expect(generate()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(place, 'units'))).toEqual([]);
  });

  test('a name that no unit can have is said', () => {
    const { status, stderr } = generate('two words.conf', 'fine.conf');
    expect({ status, stderr: stderr.replace(place, '') }).toEqual({
      status: 0,
      stderr: 'cellvisor: /etc/cellvisor/cells.d/two words.conf: a name of letters, digits and :_.- is needed\n',
    });
    expect(readdirSync(wants)).toEqual(['cellvisor-cell@fine.service']);
  });
});

/** Pages of other packages that ours may refer to: OpenSSH's. */
const FOREIGN_PAGES = ['gdb.1', 'ssh.1'];

describe('manual pages', () => {
  const page = (name: string) => readFileSync(join(packaging, 'man', name), 'utf8').replaceAll('\\-', '-');

  test('jailhouse(8) has every command', async () => {
    const { out } = await run(jailhouse, ['--help']);
    const commands = [...out.matchAll(/^ {3}([a-z]+)(?: ([a-z]+))?/gm)].map(([, one, two]) => [one, two]);
    expect(commands.length).toBeGreaterThan(12);
    const text = page('jailhouse.8');
    const missing = commands.filter((words) => !words.every((word) => word === undefined || text.includes(word)));
    expect(missing).toEqual([]);
  });

  test('every command of cellvisor is on a page', () => {
    const pages = readdirSync(join(packaging, 'man'));
    const commands = CELLVISOR.commands.filter((word) => !word.startsWith('-'));
    const missing = commands.filter(
      (word) => !pages.includes(`cellvisor-${word}.1`) && !page('cellvisor.1').includes(`@help cellvisor ${word}@`),
    );
    expect(missing).toEqual([]);
  });

  test.each(readdirSync(join(packaging, 'man')).filter((name) => /\.\d$/.test(name)))(
    '%s refers to pages that exist',
    (name) => {
      const pages = [...page(name).matchAll(/^\.BR ([a-z_-]+) \((\d)\)/gm)].map(
        ([, one, section]) => `${one}.${section}`,
      );
      expect(pages.length).toBeGreaterThan(0);
      const there = [...readdirSync(join(packaging, 'man')), ...FOREIGN_PAGES];
      expect(pages.filter((one) => !there.includes(one))).toEqual([]);
    },
  );
});
