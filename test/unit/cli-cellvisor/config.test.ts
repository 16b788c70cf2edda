import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { decodeConfig, DIALECTS, encodeConfig } from '../../../src/abi/jailhouse';
import { main } from '../../../src/cli/cellvisor/main';
import { FINDING_CODES, findingPage } from '../../../src/config/findings';
import { run } from '../../support/command';
import { sampleConfig } from '../abi/samples';
import { GOLDEN_NAMES, golden } from '../cells/golden';
import type { CellConfig } from '../../../src/abi/jailhouse';

let folder: string;
const before = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
  process.chdir(folder);
  GOLDEN_NAMES.forEach((name) => writeFileSync(`${name}.cell`, golden(name)));
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const config = (...args: string[]) => run(main, ['config', ...args], { programPath: '/usr/bin/cellvisor' });

describe('show', () => {
  test('every field of a cell', async () => {
    const { code, out } = await config('show', 'imx8mq-ivshmem-demo.cell');
    expect(code).toBe(0);
    expect(out).toContain('imx8mq-ivshmem-demo.cell: cell config, nxp-10 (revision 10), 376 bytes\n');
    expect(out).toContain('SPI of the first of four virtual PCI interrupts; its devices raise INTID 141');
    expect(out).toContain('  0  0x38800000  0   128       0x2000 0x0 0x0 0x0  INTID 141 (SPI 109)\n');
    expect(out).toMatch(/ {2}2 {2}0xbfd00000 {2}= .* shared memory of 00:00\.0, root keeps access\n/);
  });

  test.each(GOLDEN_NAMES)('no value of %s is left out', async (name) => {
    const { out } = await config('show', `${name}.cell`);
    const { config: decoded } = decodeConfig(golden(name));
    const cell = 'rootCell' in decoded ? decoded.rootCell : decoded;
    for (const { physStart, size } of cell.memoryRegions) {
      expect(out).toMatch(new RegExp(`0x${physStart.toString(16)} .*0x${size.toString(16)} `));
    }
    for (const { address, pinBase } of cell.irqchips) {
      expect(out).toMatch(new RegExp(`0x${address.toString(16)} .* ${pinBase} `));
    }
  });

  test('JSON and YAML say the same', async () => {
    const json = JSON.parse((await config('show', 'imx8qm.cell', '--json')).out) as object;
    expect(json).toMatchObject({
      kind: 'system',
      dialect: 'nxp-10',
      config: {
        debug_console: { address: '0x5a060000', type_name: 'JAILHOUSE_CON_TYPE_IMX_LPUART' },
        root_cell: { name: 'imx8qm', cpus: [0, 1, 2, 3, 4, 5], vpci_irq_base: 86 },
      },
    });
    const yaml = (await config('show', 'imx8qm.cell', '--yaml')).out;
    expect(yaml).toContain('  debug_console:\n    address: "0x5a060000"\n');
    expect(yaml).toContain('      - phys_start: "0x0"\n        virt_start: "0x0"\n        size: "0x80000000"\n');
    expect(yaml).toContain('    vpci_irq_base: 86\n');
    expect(yaml).toContain('        flag_names: ["JAILHOUSE_MEM_READ", "JAILHOUSE_MEM_WRITE", ');
    expect(parse(yaml)).toEqual(json);
    expect(parse(yaml, { version: '1.1' })).toEqual(json);
  });

  test.each(['yes', 'null', '0x10', '2026-03-01', '-', '# no', 'a: b', '"', 'é'])(
    'a cell named %s keeps its name in YAML',
    async (name) => {
      const decoded = decodeConfig(golden('imx8mq-gic-demo'));
      writeFileSync('named.cell', encodeConfig({ ...decoded.config, name } as CellConfig, decoded.dialect));
      const { out } = await config('show', 'named.cell', '--yaml');
      expect(parse(out)).toMatchObject({ config: { name } });
    },
  );

  test.each(DIALECTS)('all formats of all fields of %s', async (dialect) => {
    for (const kind of ['system', 'cell'] as const) {
      writeFileSync('sample.cell', sampleConfig(dialect, kind));
      for (const format of [[], ['--json'], ['--yaml'], ['--c'], ['--ts']]) {
        const { code, out, err } = await config('show', 'sample.cell', '--from', dialect, ...format);
        expect([code, err]).toEqual([0, '']);
        expect(out).not.toMatch(/undefined\b(?!')|\[object|NaN/);
      }
    }
  });

  test('a file that is none', async () => {
    expect(await config('show', '/dev/null')).toMatchObject({ code: 1, out: '' });
    const { code, err } = await config('show', 'nope.cell');
    expect([code, err]).toEqual([1, 'reading nope.cell: No such file or directory\n']);
  });

  test('usage', async () => {
    for (const args of [
      [],
      ['show'],
      ['show', 'a', 'b'],
      ['show', 'a', '--c', '--ts'],
      ['diff', 'a'],
      ['convert', 'a'],
    ]) {
      expect((await config(...args)).code).toBe(2);
    }
    expect(await config('convert', 'imx8mq.cell', '--dialect', 'nxp-11', '-o', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining("--dialect: there is no dialect 'nxp-11'"),
    });
  });
});

describe('diff', () => {
  test('the two root cells of a board', async () => {
    expect(await config('diff', 'imx8mm.cell', 'imx8mm-veth.cell')).toMatchObject({
      code: 1,
      out: `--- imx8mm.cell (nxp-10)
+++ imx8mm-veth.cell (nxp-10)
~ mem_regions[1].size: 0x73c00000 -> 0x53c00000
- mem_regions[2]: phys_start 0xb3c00000, virt_start 0xb3c00000, size 0x4000000, flags 0x7
+ mem_regions[2]: phys_start 0x93c00000, virt_start 0x93c00000, size 0x24000000, flags 0x7
~ pci_devices[0].shmem_protocol: 0x0 -> 0x100
`,
    });
  });

  test('one region more changes no other', async () => {
    const { config: decoded } = decodeConfig(golden('imx8mq-gic-demo'));
    if ('rootCell' in decoded) throw new Error('not a cell');
    const [first, ...rest] = decoded.memoryRegions;
    const more = { physStart: 0x30890000n, virtStart: 0x30890000n, size: 0x1000n, flags: 0x13n };
    const memoryRegions = [more, ...(first ? [first] : []), ...rest];
    writeFileSync('more.cell', encodeConfig({ ...decoded, memoryRegions }, 'nxp-10'));
    const { out } = await config('diff', 'imx8mq-gic-demo.cell', 'more.cell', '--json');
    expect(JSON.parse(out)).toEqual([
      {
        kind: 'added',
        field: 'mem_regions[0]',
        b: 'phys_start 0x30890000, virt_start 0x30890000, size 0x1000, flags 0x13',
      },
    ]);
  });

  test('exit codes are those of diff', async () => {
    expect(await config('diff', 'imx8mm.cell', 'imx8mm.cell')).toMatchObject({ code: 0, out: '' });
    expect((await config('diff', 'imx8mm.cell', 'nope.cell')).code).toBe(2);
    expect((await config('diff', 'imx8mm.cell', 'imx8mm-gic-demo.cell')).out).toContain(
      '~ signature: system config -> cell config\n',
    );
  });
});

describe('convert', () => {
  test('to another release and back', async () => {
    expect((await config('convert', '--dialect', 'upstream-10', 'imx8mm.cell', '-o', 'u10.cell')).code).toBe(0);
    expect(decodeConfig(readFileSync('u10.cell')).dialect).toBe('upstream-10');
    expect((await config('convert', '--dialect', 'nxp-10', 'u10.cell', '-o', 'back.cell')).code).toBe(0);
    expect(readFileSync('back.cell')).toEqual(Buffer.from(golden('imx8mm')));
  });

  test('to the layout before, and back', async () => {
    for (const [name, dialect] of [
      ['imx8mm', 'nxp-9'],
      ['imx8mq', 'upstream-8'],
    ] as const) {
      expect((await config('convert', '--dialect', dialect, `${name}.cell`, '-o', 'old.cell')).code).toBe(0);
      const { code, err } = await config('convert', '--dialect', 'nxp-10', 'old.cell', '-o', 'new.cell');
      expect([code, err]).toEqual([0, '']);
      // The type's value that NXP ORs into the flags is not kept: it means nothing.
      const { out } = await config('diff', `${name}.cell`, 'new.cell');
      expect(out.split('\n').slice(2)).toEqual(['~ debug_console.flags: 0xb -> 0x3', '']);
    }
  });

  test('what the other release has no place for is named, and nothing is written', async () => {
    const files = readdirSync('.');
    const { code, err } = await config(
      'convert',
      '--dialect',
      'upstream-10',
      'imx8mq-ivshmem-demo.cell',
      '-o',
      'no.cell',
    );
    expect([code, err]).toEqual([1, 'upstream-10 has no field pciCfgBase (value 0xbfb00000)\n']);
    expect(readdirSync('.')).toEqual(files);
  });

  test('a place that cannot be written', async () => {
    const { code, err } = await config('convert', '--dialect', 'nxp-10', 'imx8mm.cell', '-o', 'no/where.cell');
    expect([code, err]).toEqual([1, 'writing no/where.cell: No such file or directory\n']);
  });
});

describe('explain', () => {
  const explain = (...args: string[]) => run(main, ['explain', ...args], { programPath: '/usr/bin/cellvisor' });

  test.each(FINDING_CODES)('%s', async (code) => {
    const { out } = await explain(code.toLowerCase());
    expect(out.startsWith(`${code} (${findingPage(code).severity}): `)).toBe(true);
    expect(out.replace(/\n/g, ' ')).toContain(findingPage(code).remedy.slice(-40));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
  });

  test('all of them', async () => {
    const { out } = await explain();
    FINDING_CODES.forEach((code) => expect(out).toContain(`  ${code} `));
  });

  test('none of them', async () =>
    expect(await explain('MEM-FROG')).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is no finding 'MEM-FROG'; 'cellvisor explain' lists them"),
    }));
});
