import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cells } from '../../../cells';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { Board } from '../../../src/board/board';
import { main as cellvisor } from '../../../src/cli/cellvisor/main';
import { main as jailhouse } from '../../../src/cli/jailhouse/main';
import { diagnose } from '../../../src/doctor/doctor';
import { Jailhouse } from '../../../src/jailhouse/jailhouse';
import { BoardKernel } from '../../support/board-kernel';
import { run } from '../../support/command';
import { fakeMachine } from '../../support/fake-machine';
import { boardWith } from './board';
import type { Finding } from '../../../src/doctor/finding';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytesOf = (name: string) => {
  const cell = cells[name];
  if (!cell) throw new Error(`there is no cell ${name}`);
  return encodeConfig(cell.config, cell.dialect);
};

function file(name: string): string {
  const path = join(folder, `${name}.cell`);
  writeFileSync(path, bytesOf(name));
  return path;
}

function board(name: string, options: { hasFirmware?: boolean } = {}): BoardKernel {
  return new BoardKernel(new Board({ board: name, Machine: fakeMachine().Machine, ...options }));
}

const problems = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === 'problem');

describe('emulated boards', () => {
  const roots = Object.entries(cells).filter(([, { config, dialect }]) => 'rootCell' in config && dialect === 'nxp-10');

  test.each(roots.map(([name, cell]) => [name, cell.board]))(
    '%s can be enabled on %s, its cells created',
    async (name, on) => {
      const own = Object.entries(cells).filter(
        ([, cell]) => cell.board === on && !('rootCell' in cell.config) && cell.dialect === 'nxp-10',
      );
      const { findings } = await diagnose(board(on), {
        root: { path: name, bytes: bytesOf(name) },
        cells: own.map(([path]) => ({ path, bytes: bytesOf(path) })),
      });
      expect(problems(findings)).toEqual([]);
    },
  );

  test('what the doctor says and what enable does agree', async () => {
    const cases = [
      { on: 'imx8mm-evk', root: 'imx8mm', options: {}, works: true },
      { on: 'imx8mq-evk', root: 'imx8mq', options: {}, works: true },
      { on: 'imx8mq-evk', root: 'imx8mm', options: {}, works: false },
      { on: 'imx8qm-mek', root: 'imx8mq', options: {}, works: false },
      { on: 'imx8mm-evk', root: 'imx8mm', options: { hasFirmware: false }, works: false },
      { on: 'imx8mm-evk', root: 'qemu-arm64', options: {}, works: false },
    ];
    for (const { on, root, options, works } of cases) {
      const kernel = board(on, options);
      const { canEnable } = await diagnose(kernel, { root: { path: root, bytes: bytesOf(root) } });
      const enabled = await new Jailhouse(kernel).enable(bytesOf(root)).then(
        () => true,
        () => false,
      );
      expect({ on, root, canEnable, enabled }).toEqual({ on, root, canEnable: works, enabled: works });
    }
  });
});

describe('cellvisor doctor', () => {
  const doctor = (args: string[], kernel = board('imx8mm-evk')) => run(cellvisor, ['doctor', ...args], { kernel });

  test('a board that is in order', async () => {
    const { code, out, err } = await doctor(['--root', file('imx8mm'), file('imx8mm-gic-demo')]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      "ok       the hypervisor's memory 0xb7c00000-0xb7ffffff is reserved by jh@b7c00000 in the device tree\n",
    );
    expect(out.endsWith('\n\nNothing stands in the way of jailhouse enable.\n')).toBe(true);
  });

  test('problems come with their remedies, and decide the exit code', async () => {
    const { code, out } = await doctor(['--root', file('imx8mm')], board('imx8mm-evk', { hasFirmware: false }));
    expect(code).toBe(1);
    expect(out).toContain(
      'problem  the kernel will not find jailhouse.bin [firmware.missing]\n' +
        "         -> copy jailhouse.bin of the driver's own build to /lib/firmware\n",
    );
    expect(out.endsWith('\njailhouse enable cannot work: 1 problem.\n')).toBe(true);
  });

  test('--json', async () => {
    const { code, out } = await doctor(['--json', '--root', file('imx8mq')]);
    const { canEnable, findings } = JSON.parse(out) as { canEnable: boolean; findings: Finding[] };
    expect({ code, canEnable }).toEqual({ code: 1, canEnable: false });
    expect(problems(findings).map((one) => one.code)).toEqual(['memory.absent']);
  });

  test('a file that is not there', async () => {
    const { code, err } = await doctor(['--root', '/nowhere.cell']);
    expect({ code, err }).toEqual({ code: 1, err: 'opening /nowhere.cell: No such file or directory\n' });
  });
});

describe('jailhouse hardware check', () => {
  const check = (kernel: ReturnType<typeof boardWith> | BoardKernel) =>
    run(jailhouse, ['hardware', 'check', 'ignored'], { kernel });

  test('an emulated board passes', async () => {
    const { code, out, err } = await check(board('imx8mq-evk'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        'Feature                         Availability',
        '------------------------------  ------------------',
        'Number of CPUs > 1              ok',
        'Hypervisor mode (EL2)           ok',
        'GIC version 2 or 3              ok',
        'PSCI                            ok',
        'CPU hotplug                     ok',
        'Generic timer                   ok',
        'SMMU                            missing (optional)',
        '',
        'Check passed!',
        '',
      ].join('\n'),
    );
  });

  test('something is missing', async () => {
    const { code, out } = await check(boardWith({ '/proc/device-tree/psci/method': undefined }));
    expect(code).toBe(2);
    expect(out).toContain('\nPSCI                            MISSING\n');
    expect(out.endsWith('\n\nCheck FAILED!\n')).toBe(true);
  });

  test('something cannot be known', async () => {
    const { code, out } = await check(boardWith({}, { '/dev/kmsg': undefined }));
    expect(code).toBe(1);
    expect(out).toContain('\nHypervisor mode (EL2)           skipped\n');
    expect(out.endsWith('\n\nCheck passed!\nBUT: Some essential checks had to be skipped!\n')).toBe(true);
  });

  test('other machines are not supported', async () => {
    const { code, out, err } = await check(boardWith({ '/proc/cpuinfo': 'vendor_id\t: GenuineIntel\n' }));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n')[0]).toBe('Unsupported architecture');
  });
});
