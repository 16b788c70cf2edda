import {
  configSizeBytes,
  decodeCellDescriptor,
  decodeConfig,
  decodeSystemHeader,
  DIALECTS,
  diffConfigs,
  encodeConfig,
  hasVirtualConsole,
  systemSizeBytes,
  cellSizeBytes,
} from '../../../src/abi/jailhouse';
import { ConfigError } from '../../../src/errors';
import { FIGURES } from './reference-tables';
import { memoryRegionsAt, SAMPLE_COUNTS, sampleConfig } from './samples';
import type { CellConfig, DecodedConfig, SystemConfig } from '../../../src/abi/jailhouse';

const KINDS = ['system', 'cell'] as const;
const CASES = DIALECTS.flatMap((dialect) => KINDS.map((kind) => ({ dialect, kind })));

function reencode({ config, dialect }: DecodedConfig): Uint8Array {
  return encodeConfig(config, dialect);
}

function failure(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The bytes cut after 0, 1, 2 ... bytes, without the whole. */
function cuts(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, length) => bytes.subarray(0, length));
}

function cellOf(decoded: DecodedConfig): CellConfig {
  return decoded.kind === 'cell' ? decoded.config : decoded.config.rootCell;
}

describe.each(CASES)('$kind in $dialect', ({ dialect, kind }) => {
  const bytes = sampleConfig(dialect, kind);

  test('is recognised, and encodes to the bytes it came from', () => {
    const decoded = decodeConfig(bytes);
    // A cell of revision 12 has the same layout in both dialects.
    const expected = kind === 'cell' && dialect === 'nxp-12' ? 'upstream-12' : dialect;
    expect([decoded.kind, decoded.dialect]).toEqual([kind, expected]);
    expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
    expect(configSizeBytes(decoded.config, dialect)).toBe(bytes.length);
  });

  test('decodes to the values at the documented places', () => {
    const decoded = decodeConfig(bytes);
    const cell = cellOf(decoded);
    const view = new DataView(bytes.buffer);
    expect(cell.name).toBe('sample');
    expect(cell.memoryRegions).toHaveLength(SAMPLE_COUNTS.memoryRegions);
    const region = memoryRegionsAt(dialect, kind) + 32;
    expect(cell.memoryRegions[1]).toEqual({
      physStart: view.getBigUint64(region, true),
      virtStart: view.getBigUint64(region + 8, true),
      size: view.getBigUint64(region + 16, true),
      flags: 0x47n,
    });
    if (decoded.kind === 'system') {
      const { system, unionAt, arm } = FIGURES[dialect];
      const gicd = view.getBigUint64(unionAt + (arm['gicdBase'] as number), true);
      expect(decoded.config.arm?.gicdBase).toBe(gicd);
      const memory = system['hypervisorMemory'] as number;
      expect(decoded.config.hypervisorMemory.size).toBe(view.getBigUint64(memory + 16, true));
    }
  });

  test('every cut is an error that names a field and an offset within the file', () => {
    const outcomes = cuts(bytes).map((cut) => failure(() => decodeConfig(cut)));
    expect(outcomes.every(({ field }) => field !== '')).toBe(true);
    expect(outcomes.every(({ offset }) => offset !== undefined && offset <= bytes.length)).toBe(true);
    const codes = new Set(outcomes.map(({ code }) => code));
    expect(['E_CONFIG_TRUNCATED', 'E_CONFIG_CONTRADICTION']).toEqual(expect.arrayContaining([...codes]));
  });

  test('every cut is called a cut when the dialect is given', () => {
    const outcomes = cuts(bytes).map((cut) => failure(() => decodeConfig(cut, { dialect })));
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['E_CONFIG_TRUNCATED']));
    expect(outcomes.every(({ offset }, length) => offset !== undefined && offset <= length)).toBe(true);
  });

  test('bytes behind the end are an error, unless the caller does not mind', () => {
    const long = Uint8Array.from([...bytes, 0]);
    const error = failure(() => decodeConfig(long, { dialect }));
    expect(error).toMatchObject({ code: 'E_CONFIG_OVERLONG', offset: bytes.length });
    expect(cellOf(decodeConfig(long, { dialect, trailing: 'ignore' })).name).toBe('sample');
    for (const extra of [1, 4, 24, 28, 96, 120]) {
      const longer = new Uint8Array(bytes.length + extra);
      longer.set(bytes);
      expect(['E_CONFIG_OVERLONG', 'E_CONFIG_CONTRADICTION']).toContain(failure(() => decodeConfig(longer)).code);
    }
  });

  test('the header alone decodes, and tells the length', () => {
    const { systemSize, cellSize } = FIGURES[dialect];
    if (kind === 'system') {
      const header = decodeSystemHeader(bytes.subarray(0, systemSize), dialect);
      expect(systemSizeBytes(header, dialect)).toBe(bytes.length);
      expect(failure(() => decodeSystemHeader(bytes.subarray(0, systemSize - 1), dialect)).code).toBe(
        'E_CONFIG_TRUNCATED',
      );
    } else {
      const descriptor = decodeCellDescriptor(bytes.subarray(0, cellSize), dialect);
      expect(cellSizeBytes(descriptor, dialect)).toBe(bytes.length);
    }
  });

  test('counts that the file cannot hold are refused without allocating for them', () => {
    const base = kind === 'system' ? (FIGURES[dialect].system['rootCell'] as number) : 0;
    for (const [name, offset] of Object.entries(FIGURES[dialect].cell)) {
      if (!/^(num|cpuSetSize|pioBitmapSize)/.test(name)) {
        continue;
      }
      const evil = bytes.slice();
      new DataView(evil.buffer).setUint32(base + offset, 0xffff_ffff, true);
      const error = failure(() => decodeConfig(evil, { dialect }));
      expect(error.code).toBe('E_CONFIG_TRUNCATED');
      expect(error.message).toContain(`${name} is 4294967295`);
    }
  });

  test('lives in a Buffer that shares memory with others', () => {
    const pool = Buffer.alloc(bytes.length + 16, 0xaa);
    pool.set(bytes, 5);
    const decoded = decodeConfig(pool.subarray(5, 5 + bytes.length), { dialect });
    pool.fill(0);
    expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
  });
});

describe('what the first bytes say', () => {
  test.each([
    ['nothing', '', 'E_CONFIG_TRUNCATED', 'signature', 0],
    ['half a revision', 'JHCELL\x0a', 'E_CONFIG_TRUNCATED', 'revision', 6],
    ['another file', '\x7fELF\x02\x01\x01\0\0\0', 'E_CONFIG_SIGNATURE', 'signature', 0],
    ['revision 7', 'JHCELL\x07\0', 'E_CONFIG_REVISION', 'revision', 6],
    ['revision 15', 'JHCELL\x0f\0', 'E_CONFIG_REVISION', 'revision', 6],
    ['the old signature and revision 14', 'JHSYST\x0e\0', 'E_CONFIG_CONTRADICTION', 'revision', 6],
    ['the new signature and revision 13', 'JHSYS\x02\x0d\0', 'E_CONFIG_CONTRADICTION', 'revision', 6],
    ['an unknown architecture', 'JHCLL\x03\x0e\0', 'E_CONFIG_ARCHITECTURE', 'architecture', 5],
  ])('%s', (_, start, code, field, offset) => {
    const error = failure(() => decodeConfig(Uint8Array.from(start, (character) => character.charCodeAt(0))));
    expect(error).toMatchObject({ code, field, offset });
  });

  test('a given dialect must have the revision of the file', () => {
    const bytes = sampleConfig('nxp-10', 'cell');
    const error = failure(() => decodeConfig(bytes, { dialect: 'upstream-12' }));
    expect(error).toMatchObject({ code: 'E_CONFIG_REVISION', field: 'revision', offset: 6 });
  });

  test('revision 14 states the architecture', () => {
    const bytes = sampleConfig('upstream-14', 'cell');
    bytes[5] = 1;
    expect(decodeConfig(bytes).config).toMatchObject({ architecture: 'arm' });
    expect(Buffer.from(reencode(decodeConfig(bytes)))).toEqual(Buffer.from(bytes));
  });
});

describe('x86 systems', () => {
  test.each(DIALECTS)('%s', (dialect) => {
    const bytes = sampleConfig(dialect, 'system');
    if (dialect === 'upstream-14') {
      bytes[5] = 0;
    } else {
      bytes[FIGURES[dialect].unionAt + 1] = 0x04; // the PM timer is at port 0x408
      bytes[FIGURES[dialect].unionAt] = 0x08;
    }
    const decoded = decodeConfig(bytes);
    expect(decoded.config).toMatchObject({ architecture: 'x86' });
    expect((decoded.config as SystemConfig).x86).toBeDefined();
    expect((decoded.config as SystemConfig).arm).toBeUndefined();
    expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
  });

  test('the caller may know better', () => {
    const bytes = sampleConfig('nxp-10', 'system');
    const decoded = decodeConfig(bytes, { architecture: 'x86' });
    expect((decoded.config as SystemConfig).x86?.pmTimerAddress).toBe((bytes[88] as number) + 0x300);
    expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
  });
});

describe('dialects that share a revision number', () => {
  test('a file that lost its tail is not taken for a whole file of the other dialect', () => {
    // 24 bytes less: the length of the same cell as upstream-10 would have it.
    const counts = { ...SAMPLE_COUNTS, ids: 0 };
    const bytes = sampleConfig('nxp-10', 'cell', counts);
    const cut = bytes.subarray(0, bytes.length - 24);
    const error = failure(() => decodeConfig(cut));
    expect(error.code).toBe('E_CONFIG_CONTRADICTION');
    expect(error.field).toMatch(/^memoryRegions\[\d\]\.flags$/);
  });

  test('where no dialect fits, the nearest one explains the error and the hint names both', () => {
    const bytes = sampleConfig('nxp-10', 'system');
    const error = failure(() => decodeConfig(bytes.subarray(0, bytes.length - 3)));
    expect(error.code).toBe('E_CONFIG_TRUNCATED');
    expect(error.field).toBe('rootCell.smmuSids[2]');
    expect(error.hint).toMatch(/as nxp-10 it would have \d+ bytes and as upstream-10 it would have \d+ bytes/);
  });

  test('a file that fits both is refused, and read when the dialect is given', () => {
    const bytes = ambiguousSystem();
    const error = failure(() => decodeConfig(bytes));
    expect(error).toMatchObject({ code: 'E_CONFIG_AMBIGUOUS', field: 'revision', offset: 6 });
    for (const dialect of ['upstream-9', 'nxp-9'] as const) {
      const decoded = decodeConfig(bytes, { dialect });
      expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
    }
  });
});

/** A system of revision 9 that as upstream-9 has a CPU set of n bytes, and as nxp-9 nothing behind the header. */
function ambiguousSystem(): Uint8Array {
  const bytes = new Uint8Array(482);
  bytes.set(new TextEncoder().encode('JHSYST\x09'));
  const view = new DataView(bytes.buffer);
  view.setUint8(85, 3);
  view.setUint32(262 + 48, 482 - 358, true);
  return bytes;
}

describe('bytes without a meaning', () => {
  test('garbage behind the name survives, and the name is what strcmp sees', () => {
    const bytes = sampleConfig('nxp-10', 'cell');
    bytes[8 + 20] = 0xee;
    const { config } = decodeConfig(bytes) as { config: CellConfig };
    expect(config.name).toBe('sample');
    expect(config.nameTail).toHaveLength(14);
    expect(Buffer.from(encodeConfig(config, 'nxp-10'))).toEqual(Buffer.from(bytes));
  });

  test.each([
    ['UTF-8', Uint8Array.from([0x7a, 0xc3, 0xbc])],
    ['not UTF-8', Uint8Array.from([0x7a, 0xff, 0xc3, 0x28])],
    ['32 bytes without NUL', Uint8Array.from({ length: 32 }, () => 0x61)],
  ])('a name that is %s survives', (_, name) => {
    const bytes = sampleConfig('nxp-10', 'cell');
    bytes.fill(0, 8, 40);
    bytes.set(name, 8);
    const decoded = decodeConfig(bytes);
    expect(Buffer.from(reencode(decoded))).toEqual(Buffer.from(bytes));
  });

  test('a root descriptor with a signature survives', () => {
    const bytes = sampleConfig('nxp-10', 'system');
    bytes.set(new TextEncoder().encode('JHCELL\x0a\0'), 386);
    const { config } = decodeConfig(bytes) as { config: SystemConfig };
    expect(config.rootCell.headerBytes).toEqual(bytes.slice(386, 394));
    bytes.fill(0, 386, 394);
    expect((decodeConfig(bytes).config as SystemConfig).rootCell.headerBytes).toBeUndefined();
  });
});

describe('what a dialect cannot hold', () => {
  const cell = decodeConfig(sampleConfig('nxp-10', 'cell')).config as CellConfig;

  test('a field that it does not have', () => {
    const error = failure(() => encodeConfig({ ...cell, smmuSids: [] }, 'upstream-10'));
    expect(error).toMatchObject({ code: 'E_CONFIG_DIALECT', field: 'pciCfgBase' });
    expect(error.message).toContain('upstream-10 has no field pciCfgBase');
  });

  test('an array that it does not have', () => {
    const plain = omit(cell, 'pciCfgBase', 'pciCfgSize', 'ivshmemIrq');
    const error = failure(() => encodeConfig(plain, 'upstream-10'));
    expect(error).toMatchObject({ code: 'E_CONFIG_DIALECT', field: 'smmuSids' });
  });

  test('a field of an element', () => {
    const plain = omit(cell, 'pciCfgBase', 'pciCfgSize', 'ivshmemIrq', 'smmuSids', 'pioBitmap');
    const error = failure(() => encodeConfig({ ...plain, architecture: 'arm64' }, 'upstream-14'));
    expect(error).toMatchObject({ code: 'E_CONFIG_DIALECT', field: 'pciDevices[0].shmemRegion' });
  });

  test('the architecture that it needs', () => {
    const plain = omit(decodeConfig(sampleConfig('upstream-14', 'cell')).config as CellConfig, 'architecture');
    expect(failure(() => encodeConfig(plain, 'upstream-14'))).toMatchObject({
      code: 'E_CONFIG_ARCHITECTURE',
      field: 'architecture',
    });
  });

  test.each<[string, Partial<CellConfig>, string, number]>([
    ['a name of 33 bytes', { name: 'x'.repeat(33) }, 'name', 8],
    ['a negative number', { vpciIrqBase: -1 }, 'vpciIrqBase', 76],
    ['a number over 32 bits', { flags: 2 ** 32 }, 'flags', 44],
    ['a fraction', { id: 0.5 }, 'id', 40],
    ['a bigint over 64 bits', { cpuResetAddress: 1n << 64n }, 'cpuResetAddress', 80],
    ['a number where a bigint belongs', { cpuResetAddress: 5 as unknown as bigint }, 'cpuResetAddress', 80],
  ])('%s', (_, change, field, offset) => {
    const error = failure(() => encodeConfig({ ...cell, ...change }, 'nxp-10'));
    expect(error).toMatchObject({ code: 'E_CONFIG_VALUE', field, offset });
  });

  test('a bad value in an element is found at its place in the file', () => {
    const regions = cell.memoryRegions.map((region, index) => (index === 2 ? { ...region, size: -1n } : region));
    const error = failure(() => encodeConfig({ ...cell, memoryRegions: regions }, 'nxp-10'));
    expect(error).toMatchObject({
      code: 'E_CONFIG_VALUE',
      field: 'memoryRegions[2].size',
      offset: memoryRegionsAt('nxp-10', 'cell') + 64 + 16,
    });
  });
});

test('the virtual console flag, before and after it moved', () => {
  for (const [dialect, offset, bit] of [
    ['upstream-9', 40 + 13, 0x01],
    ['nxp-10', 8, 0x01],
  ] as const) {
    const bytes = sampleConfig(dialect, 'system');
    bytes[offset] = 0xfe;
    expect(hasVirtualConsole(decodeSystemHeader(bytes, dialect))).toBe(false);
    bytes[offset] = bit;
    expect(hasVirtualConsole(decodeSystemHeader(bytes, dialect))).toBe(true);
  }
});

describe('differences', () => {
  const { config } = decodeConfig(sampleConfig('nxp-10', 'system')) as { config: SystemConfig };

  test('none between equals', () => {
    expect(diffConfigs(config, structuredClone(config))).toEqual([]);
  });

  test('each by its path', () => {
    const changed: SystemConfig = {
      ...config,
      pciDomain: 5,
      rootCell: {
        ...config.rootCell,
        name: 'other',
        memoryRegions: config.rootCell.memoryRegions.slice(0, 2),
        cpuSet: new Uint8Array(8),
      },
    };
    expect(diffConfigs(config, changed)).toEqual([
      { path: 'pciDomain', a: config.pciDomain, b: 5 },
      { path: 'rootCell.name', a: 'sample', b: 'other' },
      { path: 'rootCell.cpuSet', a: config.rootCell.cpuSet, b: new Uint8Array(8) },
      { path: 'rootCell.memoryRegions[2]', a: config.rootCell.memoryRegions[2], b: undefined },
    ]);
  });

  test('a field that one dialect does not have equals zero in the other', () => {
    const cell = config.rootCell;
    const zeros = { ...cell, pciCfgBase: 0n, smmuSids: [] };
    expect(diffConfigs(zeros, omit(cell, 'pciCfgBase', 'smmuSids'))).toEqual([]);
  });
});

function omit(cell: CellConfig, ...names: (keyof CellConfig)[]): CellConfig {
  const kept = Object.entries(cell).filter(([name]) => !(names as string[]).includes(name));
  return Object.fromEntries(kept) as unknown as CellConfig;
}
