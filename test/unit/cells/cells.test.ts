import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cells } from '../../../cells';
import { decodeConfig, DIALECTS, diffConfigs, encodeConfig } from '../../../src/abi/jailhouse';
import { forDialect } from '../../../src/config/builder';
import { ConfigError } from '../../../src/errors';
import { GOLDEN_NAMES, golden } from './golden';
import type { CellConfig, Dialect, SystemConfig } from '../../../src/abi/jailhouse';
import type { CellModule } from '../../../src/config/builder';

const names = Object.keys(cells);

function module(name: string): CellModule {
  return cells[name] as CellModule;
}

function compile(name: string, dialect: Dialect = module(name).dialect): Uint8Array {
  const { config, dialect: own } = module(name);
  return encodeConfig(forDialect(config, own, dialect), dialect);
}

test('every file of the folder is in its index', () => {
  const files = readdirSync(join(__dirname, '../../../cells')).filter((file) => file.endsWith('.ts'));
  const expected = files.map((file) => file.replace(/\.ts$/, '')).filter((name) => name !== 'index');
  expect(names.sort()).toEqual(expected.sort());
});

test.each<[string, number]>([
  ['imx8mm', 954],
  ['imx8mm-veth', 954],
  ['imx8mm-gic-demo', 256],
  ['imx8mm-uart-demo', 256],
  ['imx8mm-fault-demo', 256],
  ['imx8mm-ivshmem-demo', 376],
  ['imx8mq', 890],
  ['imx8mq-veth', 2970],
  ['imx8mq-gic-demo', 256],
  ['imx8mq-uart-demo', 256],
  ['imx8mq-fault-demo', 256],
  ['imx8mq-ivshmem-demo', 376],
  ['imx8mm-linux-demo', 536],
  ['imx8mq-linux-demo', 504],
  ['imx8qm', 946],
  ['imx8qm-veth', 946],
  ['imx8qm-gic-demo', 256],
  ['imx8qm-ivshmem-demo', 376],
  ['imx8qm-linux-demo', 640],
  ['imx8qxp', 922],
  ['imx8qxp-veth', 922],
  ['imx8qxp-gic-demo', 256],
  ['imx8qxp-ivshmem-demo', 376],
  ['imx8qxp-linux-demo', 600],
  ['qemu-arm64', 1024],
  ['qemu-arm64-inmate-demo', 484],
])('%s has %d bytes', (name, sizeBytes) => {
  expect(compile(name)).toHaveLength(sizeBytes);
});

test.each(names.filter((name) => GOLDEN_NAMES.includes(name)))('%s is the known-good file byte for byte', (name) => {
  expect(Buffer.from(compile(name)).toString('hex')).toBe(Buffer.from(golden(name)).toString('hex'));
});

test.each(['imx8mm', 'imx8mq'])('the demos of %s differ in what their purpose needs', (board) => {
  const gic = module(`${board}-gic-demo`).config as CellConfig;
  for (const demo of ['uart-demo', 'fault-demo']) {
    expect(diffConfigs(gic, module(`${board}-${demo}`).config)).toEqual([{ path: 'name', a: 'gic-demo', b: demo }]);
  }
});

test('files that are another under a second name', () => {
  expect(compile('imx8qxp-ivshmem-demo')).toEqual(golden('imx8qm-ivshmem-demo'));
  expect(compile('imx8qm-gic-demo')).toEqual(golden('imx8-gic-demo'));
  expect(compile('imx8qxp-gic-demo')).toEqual(golden('imx8-gic-demo'));
});

test.each(['imx8qm', 'imx8qxp'])('%s-veth differs from %s in what the link speaks', (name) => {
  const path = 'rootCell.pciDevices[0].shmemProtocol';
  expect(diffConfigs(module(name).config, module(`${name}-veth`).config)).toEqual([{ path, a: 0, b: 0x100 }]);
});

test("the MMU-500 of the i.MX 8QuadMax in upstream's words", () => {
  const { config } = decodeConfig(compile('imx8qm', 'upstream-14')) as { config: SystemConfig };
  expect(config.iommuUnits).toEqual([expect.objectContaining({ type: 5, base: 0x51400000n, size: 0x40000 })]);
  expect(config.rootCell.streamIds).toEqual([{ id: 0x7f80_0011 }, { id: 0x7f80_0012 }, { id: 0x7f80_0013 }]);
});

test.each(GOLDEN_NAMES)('%s decodes, in the right dialect, and encodes to itself', (name) => {
  const bytes = golden(name);
  const decoded = decodeConfig(bytes);
  expect(decoded.dialect).toBe(name.startsWith('qemu') ? 'upstream-14' : 'nxp-10');
  expect(Buffer.from(encodeConfig(decoded.config, decoded.dialect))).toEqual(Buffer.from(bytes));
});

test('a real config with an SMMU and stream ids', () => {
  const { config } = decodeConfig(golden('imx8qm')) as { config: SystemConfig };
  expect(config.iommuUnits).toEqual([
    expect.objectContaining({
      base: 0x51400000n,
      size: 0x40000,
      armSidMask: 0x7f80,
      armSmmuArch: 2,
      armSmmuImpl: 1,
    }),
  ]);
  expect(config.rootCell.smmuSids).toEqual([
    { sid: 0x11, sidMask: 0x7f80 },
    { sid: 0x12, sidMask: 0x7f80 },
    { sid: 0x13, sidMask: 0x7f80 },
  ]);
});

describe.each(names)('%s in other dialects', (name) => {
  test('compiles to what it says, or is refused by field', () => {
    for (const dialect of DIALECTS) {
      let bytes;
      try {
        bytes = compile(name, dialect);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        continue;
      }
      const decoded = decodeConfig(bytes, { dialect });
      expect(diffConfigs(forDialect(module(name).config, module(name).dialect, dialect), decoded.config)).toEqual([]);
    }
  });
});

test.each<[string, readonly Dialect[]]>([
  ['imx8mm', DIALECTS],
  ['imx8mq-veth', DIALECTS],
  ['imx8mm-gic-demo', ['upstream-10', 'nxp-10', 'upstream-11', 'upstream-12', 'nxp-12', 'upstream-13', 'upstream-14']],
  ['imx8mq-ivshmem-demo', ['nxp-10', 'upstream-12', 'nxp-12', 'upstream-13', 'upstream-14']],
  ['imx8mm-linux-demo', DIALECTS],
  ['imx8qxp', DIALECTS],
  ['imx8qm', ['nxp-9', 'nxp-10', 'upstream-13', 'upstream-14']],
  ['imx8qm-linux-demo', ['nxp-10', 'upstream-13', 'upstream-14']],
  ['qemu-arm64', ['upstream-12', 'nxp-12', 'upstream-13', 'upstream-14']],
  ['qemu-arm64-inmate-demo', ['upstream-12', 'nxp-12', 'upstream-13', 'upstream-14']],
])('%s can be had in %j', (name, dialects) => {
  const possible = DIALECTS.filter((dialect) => {
    try {
      return compile(name, dialect).length > 0;
    } catch {
      return false;
    }
  });
  expect(possible).toEqual(dialects);
});

test('the debug console in the words of revision 9', () => {
  const { config } = decodeConfig(compile('imx8mm', 'nxp-9')) as { config: SystemConfig };
  // Type IMX, MMIO, registers 4 bytes apart, and the second console that lets root read the log: the guide's 2.7.2.
  expect(config.debugConsole).toMatchObject({ address: 0x30890000n, flags: 0x8 | 0x10 | 0x20 | 0x100 });
  expect(config.flags).toBeUndefined();
});

describe('an ivshmem link of v1 in a dialect that has v2', () => {
  const root = (decodeConfig(compile('imx8mm', 'upstream-14')) as { config: SystemConfig }).config.rootCell;
  const demo = (decodeConfig(compile('imx8mm-ivshmem-demo', 'upstream-14')) as { config: CellConfig }).config;
  const sections = ({ memoryRegions, pciDevices }: CellConfig) => {
    const start = pciDevices[0]?.shmemRegionsStart as number;
    return memoryRegions.slice(start, start + 4);
  };

  test('has the same memory in both cells, and each writes its own section', () => {
    const place = ({ physStart, virtStart, size }: CellConfig['memoryRegions'][number]) => [physStart, virtStart, size];
    expect(sections(root).map(place)).toEqual(sections(demo).map(place));
    expect(sections(root).map(place)).toEqual([
      [0xbba00000n, 0xbba00000n, 0x1000n],
      [0xbba01000n, 0xbba01000n, 0x101000n],
      [0xbbb02000n, 0xbbb02000n, 0x7f000n],
      [0xbbb81000n, 0xbbb81000n, 0x7f000n],
    ]);
    expect(sections(root).map(({ flags }) => flags)).toEqual([0x1n, 0x3n, 0x3n, 0x1n]);
    expect(sections(demo).map(({ flags }) => flags)).toEqual([0x81n, 0x83n, 0x81n, 0x83n]);
  });

  test('has two ends with numbers of their own', () => {
    const ends = [root, demo].map(({ pciDevices }) => pciDevices[0]);
    expect(ends.map((device) => [device?.shmemDevId, device?.shmemPeers])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(ends.map((device) => device?.barMask[0])).toEqual([0xffff_f000, 0xffff_f000]);
  });

  test('as a network has no common section, and the new number of its protocol', () => {
    const veth = (decodeConfig(compile('imx8mm-veth', 'upstream-14')) as { config: SystemConfig }).config.rootCell;
    expect(sections(veth).map(({ size }) => size)).toEqual([0x1000n, 0n, 0xff000n, 0xff000n]);
    expect(veth.pciDevices[0]?.shmemProtocol).toBe(1);
  });
});
