/** `cellvisor config dts`: what Linux has to keep away from, of the configs alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cells } from '../../../../cells';
import { encodeConfig } from '../../../../src/abi/jailhouse';
import { main } from '../../../../src/cli/cellvisor/main';
import { checkConfigs } from '../../../../src/config/check/check';
import { hardwareOfTree } from '../../../../src/config/check/hardware-of-tree';
import { reservationsOf } from '../../../../src/config/overlay/from-configs';
import { makeOverlay } from '../../../../src/config/overlay/overlay';
import { applyOverlay, cpuRegions, DeviceTree, parse } from '../../../../src/fdt';
import { run } from '../../../support/command';
import type { CellConfig, SystemConfig } from '../../../../src/abi/jailhouse';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-dts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = (name: string) => {
  const module = cells[name];
  if (!module) throw new Error(`no cell ${name}`);
  return module;
};
function file(name: string): string {
  const path = join(folder, `${name}.cell`);
  writeFileSync(path, encodeConfig(config(name).config, config(name).dialect));
  return path;
}
const system = (name: string) => config(name).config as SystemConfig;
const cell = (name: string) => config(name).config as CellConfig;
const shown = (...args: Parameters<typeof reservationsOf>) =>
  reservationsOf(...args).map(
    ({ name, physStart, sizeBytes }) => `${name} ${physStart.toString(16)} ${sizeBytes.toString(16)}`,
  );

test('the nodes of the guide’s section 2.7.1 for its board', () => {
  expect(shown(system('imx8mq'), [cell('imx8mq-ivshmem-demo'), cell('imx8mq-linux-demo')])).toEqual([
    'pci bfb00000 200000',
    'ivshmem bfd00000 200000',
    'loader bff00000 10000',
    'inmate c0000000 3dc00000',
    'jh fdc00000 400000',
  ]);
});

test('links of v2 are one piece each', () => {
  expect(
    shown(system('qemu-arm64'), [cell('qemu-arm64-inmate-demo')]).filter((line) => line.startsWith('ivshmem')),
  ).toEqual(['ivshmem 7faf0000 10000', 'ivshmem 7fb00000 ff000']);
});

test('applied to a board without reserved memory, nothing of the cells is left to Linux', () => {
  const names = ['imx8mm-ivshmem-demo', 'imx8mm-gic-demo'];
  const { blob } = makeOverlay({ reservations: reservationsOf(system('imx8mm'), names.map(cell)), disabled: [] });
  const base = new DeviceTree();
  base.root.set('#address-cells', 2).set('#size-cells', 2);
  base.root.add('memory@40000000').set('device_type', 'memory').set('reg', [0, 0x40000000, 0, 0x80000000]);
  const check = (tree: DeviceTree) =>
    checkConfigs({
      system: { config: system('imx8mm'), dialect: 'nxp-10' },
      cells: names.map((name) => ({ config: cell(name), dialect: 'nxp-10' as const, isRoot: false })),
      hardware: hardwareOfTree(tree, 'a board'),
    }).filter(({ code }) => code === 'HW-RESERVED');
  expect(check(base).length).toBeGreaterThan(0);
  const merged = applyOverlay(base, parse(blob));
  expect(check(merged)).toEqual([]);
  expect(
    [...merged.get('/reserved-memory').children].every((node) => node.has('no-map') && cpuRegions(node).length === 1),
  ).toBe(true);
});

describe('the command', () => {
  const dts = (...args: string[]) => run(main, ['config', 'dts', ...args]);

  test('prints the source, or writes it and the overlay', async () => {
    const [root, demo, veth] = ['imx8mq', 'imx8mq-linux-demo', 'imx8mq-veth'].map(file) as [string, string, string];
    const { code, out, err } = await dts(root, demo, root, veth);
    expect({ code, err }).toEqual({ code: 0, err: `${veth}: left out, it is a system of its own\n` });
    expect(out).toMatch(/^\/dts-v1\/;\n\/plugin\/;\n/);
    expect(out).toContain(
      '\t\t/* the hypervisor */\n\t\tjh@fdc00000 {\n\t\t\tno-map;\n\t\t\treg = <0x0 0xfdc00000 0x0 0x400000>;\n',
    );
    const [source, blob] = ['x.dts', 'x.dtbo'].map((name) => join(folder, name)) as [string, string];
    expect(await dts(root, demo, '-o', source, '--dtbo', blob)).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(source, 'utf8')).toBe(out);
    expect(parse(readFileSync(blob)).find('/fragment@0/__overlay__/reserved-memory/jh@fdc00000')).toBeDefined();
  });

  test('without a system', async () => {
    expect(await dts(file('imx8mq-linux-demo'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^none of the files is the config of a system\nhint: /),
    });
    expect((await dts()).code).toBe(2);
    expect((await dts('--help')).out).toContain('Usage: cellvisor config dts SYSCONFIG');
  });
});
