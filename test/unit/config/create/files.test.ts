/** The files of `config create`: sources that say the same as the .cell files, and an overlay that says the same as its source. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { builder } from '../../../../src';
import { readBoardFacts } from '../../../../src/config/create/board-facts';
import { createConfigs } from '../../../../src/config/create/create-configs';
import { parseWish } from '../../../../src/config/plan/wish';
import { boardTree } from '../../../support/board-tree';
import { describeUnless, noDtc } from '../../../support/device-trees';
import type { Dialect } from '../../../../src/abi/jailhouse';
import type { CellModule } from '../../../../src/config/builder';
import type { TreeEdit } from '../../../support/board-tree';

const withSmmu: TreeEdit = (tree) => {
  const smmu = tree
    .get('/soc')
    .add('iommu@31400000')
    .set('compatible', 'arm,mmu-500')
    .set('reg', [0x31400000, 0x40000]);
  smmu.set('#iommu-cells', 2).set('phandle', 2);
  tree.get('/soc/i2c@30030000').set('iommus', [2, 0x11, 0x7f80]);
};
const WISHES = [
  'name=rt cpus=1 ram=64M uart=uart2 device=gpio0 spi=109 ivshmem=root,linux',
  'name=linux kind=linux cpus=2-3 ivshmem=root:veth',
];

function create(dialect: Dialect, edit?: TreeEdit) {
  return createConfigs(readBoardFacts(boardTree(edit)), {
    dialect,
    deviceRegions: 'wide',
    wishes: WISHES.map(parseWish),
  });
}

function text(files: ReturnType<typeof create>['files'], name: string): string {
  const file = files.find((one) => one.name === name);
  if (typeof file?.content !== 'string') throw new Error(`no text ${name}`);
  return file.content;
}

/** Runs a source with our builder as the package that it imports. */
function load(source: string): CellModule {
  const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
  const loaded = { exports: {} as CellModule };
  const require = (name: string) => {
    if (name !== 'cellvisor') throw new Error(`the source imports ${name}`);
    return { builder };
  };
  new Function('module', 'exports', 'require', code)(loaded, loaded.exports, require);
  return loaded.exports;
}

const untouched: TreeEdit = () => undefined;

test.each<[Dialect, string, TreeEdit]>([
  ['nxp-10', 'no SMMU', untouched],
  ['nxp-10', 'an SMMU', withSmmu],
  ['upstream-10', 'no SMMU', untouched],
  ['upstream-12', 'no SMMU', untouched],
  ['nxp-12', 'no SMMU', untouched],
  ['upstream-14', 'no SMMU', untouched],
])('%s, %s: each source compiles to its .cell file', (dialect, _, edit) => {
  const { files, findings } = create(dialect, edit);
  expect(findings).toEqual([]);
  const cells = files.filter(({ name }) => name.endsWith('.cell'));
  expect(cells.map(({ name }) => name)).toEqual(['chip.cell', 'chip-rt.cell', 'chip-linux.cell']);
  for (const { name, content } of cells) {
    const module = load(text(files, name.replace('.cell', '.ts')));
    expect(Buffer.from(builder.compile(module, dialect)).equals(content as Uint8Array)).toBe(true);
  }
  expect(text(files, 'build.ts')).toContain("import * as cell1 from './chip-rt.ts';");
});

test('the README says what was decided, and why', () => {
  const readme = text(create('nxp-10').files, 'README.md');
  expect(readme).toContain('| hypervisor | `jh` | 0xbdc00000-0xbdffffff | 4 MiB |');
  expect(readme).toContain('30 (INTID 62)');
  expect(readme).toContain('- rt has gpio0, which Linux uses now: the overlay disables it there');
  expect(readme).toContain('jailhouse config check chip.cell chip-rt.cell chip-linux.cell');
});

describeUnless(noDtc, 'the overlay’s source beside dtc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-create-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('compiles to the overlay, byte for byte', () => {
    const { overlay } = create('nxp-10');
    if (!overlay) throw new Error('no overlay');
    writeFileSync(join(folder, 'overlay.dts'), overlay.source);
    const { stdout, status } = spawnSync('dtc', ['-q', '-I', 'dts', '-O', 'dtb', join(folder, 'overlay.dts')]);
    expect(status).toBe(0);
    expect(stdout.equals(overlay.blob)).toBe(true);
  });
});
