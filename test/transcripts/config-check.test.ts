/**
 * What upstream's `jailhouse config check` prints. `k3-am654-idk.txt` is from a mail to jailhouse-dev of March 2022, with
 * the line that says the architecture, which came later; the others follow jailhouse-tools reference 12.3.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeConfig, MEM_IO, MEM_READ, MEM_WRITE } from '../../src/abi/jailhouse';
import { main } from '../../src/cli/jailhouse/main';
import { forDialect } from '../../src/config/builder';
import { run } from '../support/command';
import { CELL, OTHER, SYSTEM } from '../unit/config/check/base';
import type { CellConfig, MemoryRegion, SystemConfig } from '../../src/abi/jailhouse';

let folder: string;
const before = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-check-'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function transcript(name: string): string {
  return readFileSync(join(__dirname, 'config-check', `${name}.txt`), 'utf8');
}

function save(name: string, config: SystemConfig | CellConfig): string {
  writeFileSync(name, encodeConfig({ architecture: 'arm64', ...config }, 'upstream-14'));
  return name;
}

/** What comes before our own section. */
async function upstreamPart(...files: string[]) {
  const { code, out, err } = await run(main, ['config', 'check', ...files]);
  const at = out.indexOf('\nCellvisor: ');
  expect(at).toBeGreaterThan(0);
  return { code, out: out.slice(0, at), err };
}

const io = (physStart: bigint, size: bigint): MemoryRegion => ({
  physStart,
  virtStart: physStart,
  size,
  flags: MEM_READ | MEM_WRITE | MEM_IO,
});
const nothing: MemoryRegion = { physStart: 0n, virtStart: 0n, size: 0n, flags: 0n };
const v2 = {
  system: forDialect(SYSTEM, 'nxp-10', 'upstream-14'),
  cell: forDialect(CELL, 'nxp-10', 'upstream-14'),
  other: forDialect(OTHER, 'nxp-10', 'upstream-14'),
};

test('overlaps within a cell and with the GIC', async () => {
  const { arm, rootCell } = v2.system;
  const memoryRegions: MemoryRegion[] = Array.from({ length: 16 }, () => nothing);
  memoryRegions[10] = io(0x01000000n, 0x0af04000n);
  memoryRegions[14] = io(0x42040000n, 0x03ac3000n);
  memoryRegions[15] = io(0x45100000n, 0x00c24000n);
  const file = save('k3-am654-idk.cell', {
    ...v2.system,
    pciMmconfigBase: 0x76000000n,
    arm: { ...(arm as NonNullable<typeof arm>), gicdBase: 0x01800000n, gicrBase: 0x01880000n },
    rootCell: { ...rootCell, name: 'k3-am654-idk', memoryRegions, pciDevices: [] },
  });
  expect(await upstreamPart(file)).toEqual({ code: 1, out: transcript('k3-am654-idk'), err: '' });
});

test('nothing found', async () => {
  const root = save('root.cell', { ...v2.system, iommuUnits: [{ type: 3, base: 0x31400000n, size: 0x40000 }] });
  const files = [root, save('demo.cell', v2.cell), save('other.cell', v2.other)];
  expect(await upstreamPart(...files)).toEqual({ code: 0, out: transcript('clean'), err: '' });
});

test('every section but one', async () => {
  const root = save('root.cell', { ...v2.system, iommuUnits: [{ type: 3, base: 0x31400000n, size: 0x40000 }] });
  const cell = save('demo.cell', {
    ...v2.other,
    name: 'demo',
    memoryRegions: [
      { physStart: 0xfdd00000n, virtStart: 0n, size: 0x2000n, flags: 0x47n },
      { physStart: 0x31400000n, virtStart: 0x1000n, size: 0x1000n, flags: 0x500n },
      { physStart: 0xfdd00000n, virtStart: 0x5000n, size: 0x1000n, flags: 0x48000n },
    ],
  });
  expect(await upstreamPart(root, cell)).toEqual({ code: 1, out: transcript('everything'), err: '' });
});

test('a GIC that nobody knows ends the report', async () => {
  const { arm } = v2.system;
  const root = save('gic4.cell', { ...v2.system, arm: { ...(arm as NonNullable<typeof arm>), gicVersion: 4 } });
  const { code, out, err } = await run(main, ['config', 'check', root]);
  expect([code, err]).toEqual([1, 'Unknown GIC version: 4\n']);
  expect(out).toMatch(/Missing resource interceptions for architecture arm64:\n\nCellvisor: /);
});

describe('files that are something else', () => {
  const check = async (...files: string[]) => {
    const { code, out, err } = await run(main, ['config', 'check', ...files]);
    expect([code, out.startsWith('Reading configuration set:\n')]).toEqual([1, true]);
    return err.split('\n')[0];
  };

  test.each([
    ['a cell as the system', ['demo14.cell'], 'Not a root cell configuration: demo14.cell'],
    ['no config', ['text.cell'], 'Not a root cell configuration: text.cell'],
    ['an empty file', ['empty.cell'], 'Not a root cell configuration: empty.cell'],
    ['a system as a cell', ['root14.cell', 'root14.cell'], 'Not a cell configuration: root14.cell'],
    ['a revision of the future', ['future.cell'], 'Configuration file revision mismatch: future.cell'],
    ['an unknown architecture', ['risc.cell'], 'Configuration has unsupported architecture: risc.cell'],
    ['two architectures', ['root14.cell', 'arm.cell'], 'Cell architecture mismatch: arm: arm.cell'],
  ])('%s', async (_, files, message) => {
    save('root14.cell', v2.system);
    const cell = readFileSync(save('demo14.cell', v2.cell));
    writeFileSync('text.cell', 'hello, this is no config');
    writeFileSync('empty.cell', '');
    const system = readFileSync('root14.cell');
    writeFileSync('future.cell', Buffer.concat([system.subarray(0, 6), Buffer.of(15, 0), system.subarray(8)]));
    writeFileSync('risc.cell', Buffer.concat([system.subarray(0, 5), Buffer.of(3), system.subarray(6)]));
    writeFileSync('arm.cell', Buffer.concat([cell.subarray(0, 5), Buffer.of(1), cell.subarray(6)]));
    expect(await check(...files)).toBe(message);
  });

  test('one that is cut short: where, instead of a traceback', async () => {
    writeFileSync('cut.cell', readFileSync(save('root14.cell', v2.system)).subarray(0, 700));
    expect(await check('cut.cell')).toMatch(/^cut short in rootCell\.memoryRegions\[\d+\]: .*: cut\.cell$/);
  });
});

describe('command lines, in the words of argparse', () => {
  const USAGE = 'usage: jailhouse config check [-h] SYSCONFIG [CELLCONFIG ...]\njailhouse config check: error: ';

  test.each([
    [[], 'the following arguments are required: SYSCONFIG, CELLCONFIG'],
    [['/nope'], "argument SYSCONFIG: can't open '/nope': [Errno 2] No such file or directory: '/nope'"],
    [['/dev/null', '/nope'], "argument CELLCONFIG: can't open '/nope': [Errno 2] No such file or directory: '/nope'"],
    [['/tmp'], "argument SYSCONFIG: can't open '/tmp': [Errno 21] Is a directory: '/tmp'"],
    [['-q', '/dev/null'], 'unrecognized arguments: -q'],
    [['/dev/null', '--against'], 'argument --against: expected one argument'],
    [['/dev/null', '--image', 'x'], "argument --image: 'x' is not CELL=FILE[@ADDRESS]"],
  ])('%j', async (args, message) => {
    expect(await run(main, ['config', 'check', ...args])).toMatchObject({
      code: 2,
      out: '',
      err: `${USAGE}${message}\n`,
    });
  });

  test('-h', async () => {
    const { code, out } = await run(main, ['config', 'check', '-h']);
    expect([code, out.split('\n')[0]]).toEqual([0, 'usage: jailhouse config check [-h] SYSCONFIG [CELLCONFIG ...]']);
  });
});
